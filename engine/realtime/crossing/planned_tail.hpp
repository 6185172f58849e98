// What the line would go on with if nobody changed anything: the uncommitted steps as the clock has
// them, from the first on, each where it would begin. After a change of a control the clock has the
// first steps in their new make and the later ones still in the old one; so does the tail, until
// they have been made again.
//
// The planner publishes it (line/tail_teller.hpp). It hears of a commit a little after the clock
// has made it: who must not show a committed step leaves out those that were told as played
// (PlayedEvent::line_at).
// Thread: any (plain values). Errors: none.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "engine/music/genre_weights.hpp"
#include "engine/music/step.hpp"

namespace fusion {

// A step of a line that begins anew with each restart. The later place is the greater.
struct LinePlace {
    std::uint32_t epoch = 0;
    std::uint32_t index = 0;
    friend auto operator<=>(const LinePlace&, const LinePlace&) = default;
};

struct PlannedTail {
    static constexpr std::size_t kMost = 48;

    struct Planned {
        Ticks start{0};  // on the straight grid
        Ticks duration{0};
        StepKind kind = StepKind::rest;
        Pitch pitch{0};  // as the port would get it: in its key and register
        Velocity velocity{0};
        std::array<PartNote, kMaxGenres> parts{};  // what each genre proposes there
    };

    std::uint64_t serial = 0;  // grows with every one that is published; 0: none was
    std::uint64_t revision =
        0;            // the newest that a step of it obeys; of an empty one the planner's
    LinePlace first;  // of `steps`, or where the next one would be
    std::uint32_t count = 0;
    std::array<Planned, kMost> steps{};

    [[nodiscard]] std::span<const Planned> planned() const { return std::span{steps}.first(count); }
};
static_assert(std::is_trivially_copyable_v<PlannedTail>);

}  // namespace fusion
