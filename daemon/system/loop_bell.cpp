#include "daemon/system/loop_bell.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace fusion {

Result<std::unique_ptr<LoopBell>> LoopBell::open(boost::asio::io_context& io) {
    const int event = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (event < 0)
        return fail(Error::Code::unavailable,
                    fmt::format("eventfd: {}", std::generic_category().message(errno)));
    return std::unique_ptr<LoopBell>{new LoopBell{io, event}};
}

void LoopBell::wake() noexcept {
    if (rung_.exchange(true, std::memory_order_acq_rel)) return;  // partner: wait()
    const std::uint64_t one = 1;
    // Does not wait: it is non-blocking.
    while (FUSION_RT_TRUSTED(::write(event_.native_handle(), &one, sizeof one)) < 0) {
        if (FUSION_RT_TRUSTED(errno) == EINTR) continue;
        // It has not rung (or the counter is full, and the loop awake already), so the next is to
        // try.
        rung_.store(false, std::memory_order_release);  // partner: the exchange above
        return;
    }
}

void LoopBell::on_wake(Answer answer) {
    const bool first = answer_ == nullptr;
    answer_ = std::move(answer);
    if (first) wait();
}

void LoopBell::wait() {
    event_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this](const boost::system::error_code& error) {
                          if (error) return;  // closed; `this` may be gone
                          std::uint64_t count = 0;
                          [[maybe_unused]] const auto read =
                              ::read(event_.native_handle(), &count, sizeof count);
                          // Before the answer looks: what comes after its last look rings again.
                          rung_.exchange(false, std::memory_order_acq_rel);  // partner: wake()
                          answer_();
                          wait();
                      });
}

}  // namespace fusion
