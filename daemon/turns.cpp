#include "daemon/turns.hpp"

#include <algorithm>

namespace fusion {

Turns::Turns(boost::asio::io_context& io, std::function<Next()> turn, Pace pace)
    : turn_{std::move(turn)}, pace_{pace}, timer_{io} {}

void Turns::begin() {
    begun_ = true;
    wait_until(Clock::now());
}

void Turns::soon() {
    if (!begun_) return;
    const auto earliest = std::max(last_ + pace_.soon, Clock::now());
    if (earliest < timer_.expiry()) wait_until(earliest);
}

void Turns::wait_until(Clock::time_point when) {
    timer_.expires_at(when);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;  // awaited anew
        last_ = Clock::now();
        // From here on, so that what the turn itself sets off is not lost.
        wait_until(last_ + pace_.whenever);
        if (turn_() == Next::soon) soon();
    });
}

}  // namespace fusion
