// A tempo from taps: the mean distance of the newest taps, so that each tap steadies it. A pause of
// more than two seconds, or a tap that falls far from where the taps so far say, begins anew.
// Thread: control. Errors: none; taps too quick for any tempo count as one.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "engine/base/units.hpp"

namespace fusion {

class TapTempo {
public:
    static constexpr std::size_t kMostTaps = 8;
    static constexpr Nanos kPause{std::chrono::seconds{2}};
    static constexpr double kStray = 0.35;  // of a beat

    // None at the first tap.
    std::optional<Bpm> tap(TimePoint at) {
        if (count_ > 0) {
            const auto since = at - newest();
            if (since < Nanos{60'000'000'000 / static_cast<std::int64_t>(kMaxTempo.count() * 2)})
                return {};  // a bounce
            const auto strays =
                count_ > 1 && (since > beat() * (1.0 + kStray) || since < beat() * (1.0 - kStray));
            if (since > kPause || strays) {
                taps_[0] = newest();
                // A stray tap still says how far it is from the one before it.
                count_ = since > kPause ? 0 : 1;
            }
        }
        if (count_ == kMostTaps) {
            std::move(taps_.begin() + 1, taps_.end(), taps_.begin());
            --count_;
        }
        taps_[count_++] = at;
        if (count_ < 2) return {};
        return Bpm{std::clamp(60.0 / std::chrono::duration<double>(beat()).count(),
                              kMinTempo.count(), kMaxTempo.count())};
    }

private:
    [[nodiscard]] TimePoint newest() const { return taps_[count_ - 1]; }
    [[nodiscard]] std::chrono::duration<double, std::nano> beat() const {
        return std::chrono::duration<double, std::nano>(newest() - taps_[0]) /
               static_cast<double>(count_ - 1);
    }

    std::array<TimePoint, kMostTaps> taps_{};
    std::size_t count_ = 0;
};

}  // namespace fusion
