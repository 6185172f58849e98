// How many lines the log may have: whoever can make this program write a line (anybody who sends it
// a packet) shall not fill a disk with them. A burst passes whole; then lines pass at kASecond and
// the rest is counted, to be told with the next that passes. Errors find room that others leave.
// Thread: one at a time. Errors: none.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace fusion {

class LineBudget {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    static constexpr double kBurst = 200;
    static constexpr double kForErrors = 40;  // of the burst
    static constexpr double kASecond = 6;

    enum class Weight : std::uint8_t { ordinary, error };
    // Whether a line passes now.
    bool take(Weight weight, TimePoint now) noexcept {
        const std::chrono::duration<double> since = now - last_;
        left_ = std::min(kBurst, left_ + since.count() * kASecond);
        last_ = now;
        const double reserve = weight == Weight::error ? 0 : kForErrors;
        if (left_ < reserve + 1) {
            ++left_out_;
            return false;
        }
        left_ -= 1;
        return true;
    }

    // How many have not passed since this was last asked.
    std::uint64_t take_left_out() noexcept { return std::exchange(left_out_, 0); }

private:
    double left_ = kBurst;
    TimePoint last_{};
    std::uint64_t left_out_ = 0;
};

}  // namespace fusion
