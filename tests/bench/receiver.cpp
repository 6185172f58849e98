#include "tests/bench/receiver.hpp"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>

#include <fmt/format.h>

#include "engine/base/realtime_rights.hpp"

namespace fusion::bench {
namespace {

struct Handed {
    TimePoint deadline;
    TimePoint at;
    Phase phase;
};

}  // namespace

struct Receiver::Shared {
    std::array<Histogram, kPhases> handed_over;
    std::array<Histogram, kPhases> received;

    // Until the other side closes.
    void listen(int socket) {
        Handed handed{};
        for (;;) {
            const auto got = recv(socket, &handed, sizeof handed, 0);
            const auto now = std::chrono::steady_clock::now();
            if (got < 0 && errno == EINTR) continue;
            if (got != static_cast<ssize_t>(sizeof handed)) return;
            if (handed.phase == Phase::none) continue;
            const auto phase = static_cast<std::size_t>(handed.phase);
            handed_over[phase].record(
                std::chrono::duration_cast<Micros>(handed.at - handed.deadline));
            received[phase].record(std::chrono::duration_cast<Micros>(now - handed.deadline));
        }
    }
};

Result<std::unique_ptr<Receiver>> Receiver::start(int priority) {
    const auto cannot = [](const char* what) {
        return fail(Error::Code::io, fmt::format("{}: {}", what, std::strerror(errno)));
    };
    void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED) return cannot("mmap");
    auto* shared = new (memory) Shared;
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return cannot("socketpair");
    const auto process = fork();
    if (process < 0) return cannot("fork");
    if (process == 0) {
        ::close(ends[0]);
        RealtimeGrant grant;
        prefault_stack();
        ask_for_exact_timers();
        ask_for_fifo(priority, grant);
        static_cast<void>(lock_memory());
        shared->listen(ends[1]);
        _exit(0);
    }
    ::close(ends[1]);
    return std::unique_ptr<Receiver>{new Receiver{shared, ends[0], process}};
}

Receiver::~Receiver() {
    ::close(socket_);
    waitpid(process_, nullptr, 0);
    munmap(shared_, sizeof(Shared));
}

bool Receiver::send(TimePoint deadline, TimePoint now) noexcept {
    const Handed handed{deadline, now, phase_.load(std::memory_order_relaxed)};
    return ::send(socket_, &handed, sizeof handed, MSG_DONTWAIT | MSG_NOSIGNAL) ==
           static_cast<ssize_t>(sizeof handed);
}

const Histogram& Receiver::handed_over(Phase phase) const {
    return shared_->handed_over.at(static_cast<std::size_t>(phase));
}
const Histogram& Receiver::received(Phase phase) const {
    return shared_->received.at(static_cast<std::size_t>(phase));
}

}  // namespace fusion::bench
