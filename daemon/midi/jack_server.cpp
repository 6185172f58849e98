#include "daemon/midi/jack_server.hpp"

#include <cstdlib>
#include <mutex>

#include <jack/jack.h>

namespace fusion {
namespace {

void say_nothing(const char*) {}

// As libjack's own count of clients, which it is kept beside: of the whole program.
struct Places {
    std::mutex mutex;
    int taken = 0;
    std::atomic<bool> lost{false};  // a flag: nothing is read through it
};
Places& places() {
    static Places all;
    return all;
}

void give_back_place() {
    auto& all = places();
    const std::lock_guard lock{all.mutex};
    if (--all.taken == 0) all.lost.store(false, std::memory_order_relaxed);
}

}  // namespace

void forbid_jack_to_start_servers() { ::setenv("JACK_NO_START_SERVER", "1", 1); }

std::optional<JackPlace> JackPlace::take() {
    auto& all = places();
    const std::lock_guard lock{all.mutex};
    if (all.taken > 0 && all.lost.load(std::memory_order_relaxed)) return std::nullopt;
    ++all.taken;
    return JackPlace{};
}

JackPlace::~JackPlace() {
    if (held_) give_back_place();
}

void tell_jack_lost() noexcept { places().lost.store(true, std::memory_order_relaxed); }

bool jack_is_lost() noexcept { return places().lost.load(std::memory_order_relaxed); }

jack_client_t* open_jack_client(const std::string& name) {
    auto place = JackPlace::take();
    if (!place) return nullptr;
    // libjack writes its own lines about a server that is not there; ours is the one line.
    jack_set_error_function(say_nothing);
    jack_set_info_function(say_nothing);
    auto* client = jack_client_open(name.c_str(), JackNoStartServer, nullptr);
    if (client != nullptr) std::move(*place).keep();
    return client;
}

void close_jack_client(jack_client_t* client) {
    jack_client_close(client);
    give_back_place();
}

bool jack_runs() { return jack_sample_rate().has_value(); }

std::optional<SampleRate> jack_sample_rate() {
    jack_client_t* client = open_jack_client("fusiond probe");
    if (client == nullptr) return std::nullopt;
    const SampleRate rate{jack_get_sample_rate(client)};
    close_jack_client(client);
    return rate;
}

std::unique_ptr<JackWatch> JackWatch::open(const std::string& client) {
    std::unique_ptr<JackWatch> watch{new JackWatch};
    watch->client_ = open_jack_client(client);
    if (watch->client_ == nullptr) return nullptr;
    jack_on_shutdown(
        watch->client_,
        [](void* self) {
            static_cast<JackWatch*>(self)->lost_.store(true, std::memory_order_relaxed);
            tell_jack_lost();
        },
        watch.get());
    jack_activate(watch->client_);
    return watch;
}

JackWatch::~JackWatch() {
    if (client_ != nullptr) close_jack_client(client_);
}

}  // namespace fusion
