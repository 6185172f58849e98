// How many lines the log may have: whoever can make this program write a line (anybody who sends it
// a packet) shall not fill a disk with them. A burst passes whole; then lines pass at kASecond and
// the rest is counted, to be told with the next that passes. Errors find room that others leave. To
// tell is a line too: 600 a minute is the most with everything in it.
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

    // Lines that one may have at once, those of them for errors, and how many in a second after.
    struct Share {
        double burst = kBurst;
        double for_errors = kForErrors;
        double a_second = kASecond;
    };
    LineBudget() : LineBudget{Share{}} {}
    explicit LineBudget(Share share) : share_{share}, left_{share.burst} {}

    enum class Weight : std::uint8_t { ordinary, error };
    // Whether a line passes now.
    bool take(Weight weight, TimePoint now) noexcept {
        const std::chrono::duration<double> since = now - last_;
        left_ = std::min(share_.burst, left_ + since.count() * share_.a_second);
        last_ = now;
        const double reserve = weight == Weight::error ? 0 : share_.for_errors;
        if (left_ < reserve + 1) {
            ++left_out_;
            return false;
        }
        left_ -= 1;
        return true;
    }

    // How many have not passed since this was last asked; the line that says so is paid for.
    std::uint64_t take_left_out() noexcept {
        if (left_out_ > 0) left_ -= 1;
        return std::exchange(left_out_, 0);
    }

private:
    Share share_;
    double left_;
    TimePoint last_{};
    std::uint64_t left_out_ = 0;
};

}  // namespace fusion
