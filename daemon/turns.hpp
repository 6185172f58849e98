// When the control thread takes its next turn: soon after something has happened, and else only now
// and then. A turn each 10 ms whatever happens cost 0.6% of a core for nothing.
// Thread: control.
#pragma once

#include <chrono>
#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace fusion {

class Turns {
public:
    // What a turn says of the next: soon while something is on its way (a morph), else whenever.
    enum class Next { soon, whenever };
    struct Pace {
        std::chrono::milliseconds soon{10};       // at the most one turn in this time
        std::chrono::milliseconds whenever{100};  // at the least one in this
    };

    Turns(boost::asio::io_context& io, std::function<Next()> turn, Pace pace);
    Turns(boost::asio::io_context& io, std::function<Next()> turn)
        : Turns{io, std::move(turn), Pace{}} {}

    // The first turn is in the loop's next round.
    void begin();
    // Something has happened: at once if the last turn is long enough ago.
    void soon();

private:
    using Clock = std::chrono::steady_clock;
    void wait_until(Clock::time_point when);

    std::function<Next()> turn_;
    Pace pace_;
    boost::asio::steady_timer timer_;
    Clock::time_point last_{};
    bool begun_ = false;
};

}  // namespace fusion
