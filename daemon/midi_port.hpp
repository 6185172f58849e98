// What the daemon is plugged into, one way or both: the native JACK client (jack_midi.hpp) or
// RtMidi's ports (rtmidi_port.hpp). What comes in goes to a MidiInbox.
// Thread: control; sink() is the clock's, counters() any. Errors: opening says unavailable; later
// losses are logged and mended.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/realtime/midi_sink.hpp"

namespace fusion {

// Whether the notes and controllers that come in go out again. Clock and song position do not; ours
// go out by themselves.
enum class Thru : std::uint8_t { off, on };

[[nodiscard]] constexpr bool is_of_a_channel(std::span<const std::uint8_t> bytes) noexcept {
    return !bytes.empty() && bytes.size() <= 3 && bytes[0] >= 0x80 && bytes[0] < 0xF0;
}

// The other side of each direction: the name of a port or a pattern (port_match.hpp), empty for a
// port of our own that others connect to, none for no port.
struct PortNames {
    std::optional<std::string> out;
    std::optional<std::string> in;
};

struct PortCounters {
    std::uint64_t unsent = 0;      // there was no port, or the system refused
    std::uint64_t late = 0;        // JACK: after their frame
    std::int64_t most_late = 0;    // JACK: by how many frames
    std::uint64_t kept_over = 0;   // JACK: no room in a period
    std::uint64_t too_late = 0;    // JACK: left out
    std::uint64_t not_passed = 0;  // came in, and found no room to go out
};

class MidiPort {
public:
    virtual ~MidiPort() = default;

    // Takes messages only where there is an output.
    [[nodiscard]] virtual MidiSink& sink() = 0;
    virtual void thru(Thru thru) = 0;

    // Notices what was lost and finds it again. To be called each second or so.
    virtual void look_after() = 0;
    // Sends what is queued, waits until the system has taken it, and closes. The clock has ended.
    virtual void close() = 0;

    // The output and the input, in words; empty where there is none.
    [[nodiscard]] virtual std::string describe() const = 0;
    [[nodiscard]] virtual std::string describe_input() const = 0;
    [[nodiscard]] virtual PortCounters counters() const noexcept = 0;
};

}  // namespace fusion
