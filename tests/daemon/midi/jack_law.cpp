#include "tests/daemon/midi/jack_law.hpp"

#include <dlfcn.h>

#include <atomic>
#include <list>
#include <mutex>

#include <jack/jack.h>

#include "tests/support/rt_guard.hpp"

namespace fusion::test {
namespace {

[[gnu::tls_model("initial-exec")]] thread_local bool in_cycle = false;
std::atomic<std::uint64_t> cycles{0};
std::atomic<std::uint64_t> asked{0};
std::atomic<std::uint64_t> asked_in_a_cycle{0};

struct Watched {
    JackProcessCallback callback;
    void* argument;
};

int watch(jack_nframes_t frames, void* watched) {
    const auto& [callback, argument] = *static_cast<Watched*>(watched);
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

// They live as long as the program: a client may still be in its last cycle.
Watched& remember(const Watched& watched) {
    static std::mutex mutex;
    static std::list<Watched> all;
    const std::lock_guard lock{mutex};
    return all.emplace_back(watched);
}

template <class Function>
Function original(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

std::uint64_t watched_cycles() { return cycles; }
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
    return next(client, fusion::test::watch,
                &fusion::test::remember({.callback = callback, .argument = argument}));
}

extern "C" int jack_port_connected(const jack_port_t* port) {
    static const auto next =
        fusion::test::original<decltype(&jack_port_connected)>("jack_port_connected");
    ++fusion::test::asked;
    if (fusion::test::in_cycle) ++fusion::test::asked_in_a_cycle;
    return next(port);
}
