#include "daemon/midi/jack_server.hpp"

#include <cstdlib>

#include <jack/jack.h>

namespace fusion {
namespace {

void say_nothing(const char*) {}

}  // namespace

jack_client_t* open_jack_client(const std::string& name) {
    // libjack writes its own lines about a server that is not there; ours is the one line.
    jack_set_error_function(say_nothing);
    jack_set_info_function(say_nothing);
    ::setenv("JACK_NO_START_SERVER", "1", 1);
    return jack_client_open(name.c_str(), JackNoStartServer, nullptr);
}

bool jack_runs() {
    jack_client_t* client = open_jack_client("fusiond probe");
    if (client == nullptr) return false;
    jack_client_close(client);
    return true;
}

std::unique_ptr<JackWatch> JackWatch::open(const std::string& client) {
    std::unique_ptr<JackWatch> watch{new JackWatch};
    watch->client_ = open_jack_client(client);
    if (watch->client_ == nullptr) return nullptr;
    jack_on_shutdown(
        watch->client_,
        [](void* self) {
            static_cast<JackWatch*>(self)->lost_.store(true, std::memory_order_relaxed);
        },
        watch.get());
    jack_activate(watch->client_);
    return watch;
}

JackWatch::~JackWatch() {
    if (client_ != nullptr) jack_client_close(client_);
}

}  // namespace fusion
