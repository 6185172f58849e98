// Where a place of the straight grid is played: the first of two equal notes is lengthened at the
// cost of the second. In between the shift is linear, so that triplets and ornaments keep their
// order, and every pair of notes ends where it did.
// Thread: any. Realtime: yes. Errors: none.
#pragma once

#include "engine/base/units.hpp"

namespace fusion {

class Swing {
public:
    constexpr Swing() = default;
    // `unit`: the note that swings. `share`: of a pair's time, the first note's; 0.5 is straight.
    constexpr Swing(Ticks unit, double share)
        : unit_{unit.count()},
          // Never below zero, and std::lround is no constant expression.
          // NOLINTNEXTLINE(bugprone-incorrect-roundings)
          first_{static_cast<std::int64_t>(share * static_cast<double>(2 * unit.count()) + 0.5)} {}

    // Grows with `straight`, never by less than a third of it, and is the identity at each pair.
    [[nodiscard]] constexpr Ticks place(Ticks straight) const {
        if (first_ == unit_) return straight;
        const auto pair = 2 * unit_;
        const auto within = ((straight.count() % pair) + pair) % pair;
        const auto moved = within <= unit_ ? within * first_ / unit_
                                           : first_ + (within - unit_) * (pair - first_) / unit_;
        return Ticks{straight.count() - within + moved};
    }

    friend constexpr bool operator==(const Swing&, const Swing&) = default;

private:
    std::int64_t unit_ = 240;
    std::int64_t first_ = 240;
};

}  // namespace fusion
