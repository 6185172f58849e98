// The other end of the clock bench: a process of its own that takes messages from a socket and
// notes when it had them. Its histograms lie in memory that both processes map.
// Thread: send() clock, the rest one other. Errors: start() says io.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>

#include "engine/base/histogram.hpp"
#include "engine/base/result.hpp"

namespace fusion::bench {

enum class Phase : std::uint8_t { idle, loaded, none };
inline constexpr std::size_t kPhases = 2;  // none is not counted

class Receiver {
public:
    // Forks: to be called before any thread is started.
    static Result<std::unique_ptr<Receiver>> start(int priority);
    ~Receiver();  // ends the process
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    // What is sent from now on belongs to `phase`.
    void count(Phase phase) noexcept { phase_.store(phase, std::memory_order_relaxed); }
    // A message due at `deadline` that is handed over at `now`. False: no room in the socket.
    [[nodiscard]] bool send(TimePoint deadline, TimePoint now) noexcept;

    [[nodiscard]] const Histogram& handed_over(Phase phase) const;
    [[nodiscard]] const Histogram& received(Phase phase) const;

private:
    struct Shared;
    Receiver(Shared* shared, int socket, pid_t process)
        : shared_{shared}, socket_{socket}, process_{process} {}

    Shared* shared_;
    int socket_;
    pid_t process_;
    std::atomic<Phase> phase_{Phase::none};
};

}  // namespace fusion::bench
