#include "tests/daemon/midi/jack_law.hpp"

#include <dlfcn.h>

#include <atomic>
#include <list>
#include <mutex>
#include <string>
#include <utility>

#include <jack/jack.h>

#include "tests/support/rt_guard.hpp"

namespace fusion::test {
namespace {

[[gnu::tls_model("initial-exec")]] thread_local bool in_cycle = false;
std::atomic<std::uint64_t> asked{0};
std::atomic<std::uint64_t> asked_in_a_cycle{0};

struct Watched {
    Watched(JackProcessCallback c, void* a, std::string name)
        : callback{c}, argument{a}, client{std::move(name)} {}
    JackProcessCallback callback;
    void* argument;
    std::string client;
    std::atomic<std::uint64_t> cycles{0};
};

// They live as long as the program: a client may still be in its last cycle.
std::mutex mutex;
std::list<Watched> all;

int watch(jack_nframes_t frames, void* watched) {
    auto& [callback, argument, client, cycles] = *static_cast<Watched*>(watched);
    int result = 0;
    in_cycle = true;
    {
        const RtGuard guard;
        result = callback(frames, argument);
    }
    in_cycle = false;
    cycles.fetch_add(1, std::memory_order_relaxed);
    return result;
}

template <class Function>
Function original(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

std::uint64_t watched_cycles(std::string_view client) {
    const std::lock_guard lock{mutex};
    std::uint64_t count = 0;
    for (const auto& watched : all)
        if (watched.client == client) count += watched.cycles.load(std::memory_order_relaxed);
    return count;
}
std::uint64_t questions() { return asked; }
std::uint64_t questions_in_a_cycle() { return asked_in_a_cycle; }
void clear_questions() {
    asked = 0;
    asked_in_a_cycle = 0;
}

}  // namespace fusion::test

extern "C" int jack_set_process_callback(jack_client_t* client, JackProcessCallback callback,
                                         void* argument) {
    static const auto next =
        fusion::test::original<decltype(&jack_set_process_callback)>("jack_set_process_callback");
    const std::lock_guard lock{fusion::test::mutex};
    auto& watched =
        fusion::test::all.emplace_back(callback, argument, jack_get_client_name(client));
    return next(client, fusion::test::watch, &watched);
}

extern "C" int jack_port_connected(const jack_port_t* port) {
    static const auto next =
        fusion::test::original<decltype(&jack_port_connected)>("jack_port_connected");
    ++fusion::test::asked;
    if (fusion::test::in_cycle) ++fusion::test::asked_in_a_cycle;
    return next(port);
}
