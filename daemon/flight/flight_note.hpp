// A note as a flight has it: what was played of the line or of a genre's part, by the step that it
// began with. The recorder and the replay make it from the same events in the same way, so that
// what differs between two of them differed at the port.
//
// Left out is where a hand cuts a note short (panic, mute, stop): that is at a moment, not at a
// tick.
// Thread: any (plain values). Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/realtime/crossing/played_event.hpp"

namespace fusion {

struct FlightNote {
    // `filler`: of a hole in the line, where the last bar or the stand-in played.
    enum class Of : std::uint8_t { line, filler };

    std::uint32_t line = 0;   // how often it had begun anew since the flight begins
    std::uint32_t index = 0;  // of the step
    std::uint8_t voice = 0;   // 0 the fused line, 1 the part of genre 0, ...
    Ticks at{0};              // of the line, at the port
    std::uint8_t channel = 1;
    std::uint8_t pitch = 0;
    std::uint8_t velocity = 0;
    Ticks length{0};  // as it was meant to sound
    Of of = Of::line;
    friend bool operator==(const FlightNote&, const FlightNote&) = default;
};

// Whether a committed step of the line is told; else it is one that fills a hole, or none.
[[nodiscard]] bool is_of_line(const PlayedEvent& event);

// What sounds of a step, the line's note first.
[[nodiscard]] std::vector<FlightNote> notes_of(const PlayedEvent& event, std::uint32_t line);

// "= 0 1234 0 61440 1 60 96 880": as it stands behind the hash of a flight's line.
[[nodiscard]] std::string to_text(const FlightNote& note);
[[nodiscard]] std::optional<FlightNote> parse_flight_note(std::string_view text);

}  // namespace fusion
