// Wakes the control thread's loop from a thread that must not wait: an eventfd, written at most
// once for all that happens before the loop looks. (Asio's own post() allocates and takes a lock.)
// Thread: wake() any, one at a time or many; the rest control. Errors: open() says unavailable.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "engine/base/result.hpp"
#include "engine/base/waker.hpp"

namespace fusion {

class LoopBell final : public Waker {
public:
    using Answer = std::function<void()>;

    // `io` outlives the bell, and the bell outlives who rings it.
    static Result<std::unique_ptr<LoopBell>> open(boost::asio::io_context& io);
    LoopBell(const LoopBell&) = delete;
    LoopBell& operator=(const LoopBell&) = delete;

    // Who is called in the loop. What rang before the first call is answered then. To be called
    // again only to answer otherwise.
    void on_wake(Answer answer);

    FUSION_RT void wake() noexcept override;

private:
    LoopBell(boost::asio::io_context& io, int event) : event_{io, event} {}
    void wait();

    std::atomic<bool> rung_{false};
    boost::asio::posix::stream_descriptor event_;
    Answer answer_;
};

}  // namespace fusion
