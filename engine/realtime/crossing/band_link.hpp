// What crosses from the inference thread to the clock thread for bass, chords and drums: a beat at
// a time, each with its place on the grid. A beat may be sent several times, each with a higher
// `serial`; the clock plays of the newest what it has not passed yet, so a turned knob is heard in
// the next note, also in the middle of a beat.
//
// A queue of its own beside that of the steps (line_link.hpp): a beat has its place and waits for
// no step, and where one queue is full the other is not held up.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <type_traits>

#include "engine/base/units.hpp"
#include "engine/music/band_part.hpp"
#include "engine/plan/band_plan.hpp"

namespace fusion {

struct BandMessage {
    struct Note {
        BandPart part = BandPart::bass;
        std::uint8_t voice = 0;  // of the part's; of drums nobody minds
        Pitch pitch{0};
        Velocity velocity{0};
        std::uint16_t place = 0;   // ticks after the beat, on the straight grid
        std::uint16_t late = 0;    // ticks that the hand drags
        std::uint32_t length = 0;  // ticks
        // In the order of this they are played.
        [[nodiscard]] constexpr std::uint32_t heard() const { return place + std::uint32_t{late}; }
    };

    std::uint32_t epoch = 0;
    std::uint32_t beat = 0;
    std::uint64_t serial = 0;                         // grows with every message
    std::uint64_t revision = 0;                       // of the parameters that made it
    std::array<std::uint8_t, kBandParts> programs{};  // 1 to 128; 0: none
    std::uint8_t count = 0;
    std::array<Note, kMostBandSounds> notes{};  // by heard()

    [[nodiscard]] std::span<const Note> sounds() const { return std::span{notes}.first(count); }
};
static_assert(std::is_trivially_copyable_v<BandMessage>);

}  // namespace fusion
