// A file made a tape on a thread of its own: eight megabytes of MIDI take a tenth of a second, in
// which nobody else's messages shall wait. One at a time.
// Thread: control; the work is done on another. Errors: those of the work, handed to `done`.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include <boost/asio/io_context.hpp>

#include "daemon/tape/tape.hpp"

namespace fusion {

class TapeReading {
public:
    using Work = std::function<Result<Tape>()>;
    using Done = std::function<void(Result<Tape>)>;

    // `io` outlives it; its loop calls `done`.
    explicit TapeReading(boost::asio::io_context& io) : io_{io} {}
    ~TapeReading();
    TapeReading(const TapeReading&) = delete;
    TapeReading& operator=(const TapeReading&) = delete;

    [[nodiscard]] bool busy() const { return busy_; }
    // Only while it is not.
    void begin(Work work, Done done);

private:
    boost::asio::io_context& io_;
    std::thread thread_;
    bool busy_ = false;
    std::shared_ptr<void> alive_ = std::make_shared<char>();  // what is posted may come after it
};

}  // namespace fusion
