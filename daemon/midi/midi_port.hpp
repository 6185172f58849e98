// What the daemon is plugged into: an output for the music, inputs for several controllers at once,
// and an output of its own for what goes back to them (motor faders, rings of lights). It is the
// native JACK client (jack_midi.hpp) or RtMidi's ports (rtmidi_port.hpp). What comes in goes to a
// MidiInbox with the number of its input.
// Thread: control's hand that may wait (the keeper of patient_port.hpp): open, look_after(),
// close() and the words, each from that one thread; watch(), thru() and feed_back() control; sink()
// is the clock's, counters() and ..._connections() any. Errors: opening says unavailable; later
// losses are logged and mended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/music/midi_message.hpp"
#include "engine/realtime/crossing/midi_sink.hpp"

namespace fusion {

// Whether the notes and controllers that come in go out again. Clock and song position do not; ours
// go out by themselves.
enum class Thru : std::uint8_t { off, on };

// The other side of each port: a name or a pattern (port_match.hpp), empty for a port of our own
// that others connect to; none for no port. An input's place is the number of its source.
struct PortNames {
    std::optional<std::string> out{};
    std::vector<std::string> ins{};  // at most kMostInputs; more are not looked at
    std::optional<std::string> feedback{};
};

struct PortCounters {
    std::uint64_t unsent = 0;         // there was no port, or the system refused
    std::uint64_t late = 0;           // JACK: after their frame
    std::int64_t most_late = 0;       // JACK: by how many frames
    std::uint64_t kept_over = 0;      // JACK: no room in a period
    std::uint64_t too_late = 0;       // JACK: left out
    std::uint64_t not_passed = 0;     // came in, and found no room to go out
    std::uint64_t again = 0;          // JACK: note-offs sent again after an xrun
    std::uint64_t feedback_lost = 0;  // there was no room, or nothing to hand it to
    Nanos without_port{0};            // since the start
};

// Whether anybody is connected to an output, so that the built-in synth can make room for him.
class Audience {
public:
    // Thread: any. Realtime: yes.
    [[nodiscard]] FUSION_RT virtual bool listens() const noexcept = 0;

protected:
    ~Audience() = default;
};

class MidiPort : public Audience {
public:
    virtual ~MidiPort() = default;

    // Takes messages only where there is an output.
    [[nodiscard]] virtual MidiSink& sink() = 0;
    virtual void thru(Thru thru) = 0;

    // To the feedback port, as soon as can be, apart from the music. False, and counted: there is
    // no room, or no server. False and not counted: there is no such port.
    virtual bool feed_back(const MidiMessage& message) noexcept = 0;
    // Grows whenever somebody has come who hears the feedback, and has not heard what was sent.
    [[nodiscard]] virtual std::uint32_t feedback_connections() const noexcept = 0;
    // The same of who hears the music, or may not have heard which program it is to play.
    [[nodiscard]] virtual std::uint32_t output_connections() const noexcept = 0;

    // Whether what is played goes to the system: there is a server, and where a port is named, that
    // port. Thread: any.
    [[nodiscard]] virtual bool plays() const noexcept = 0;

    // Grows whenever an input may have lost who played into it, and with it what would have been
    // let go there.
    [[nodiscard]] virtual std::uint32_t input_losses() const noexcept = 0;

    // Notices a system that has stopped and does not say so; asks nobody, and so waits for nobody.
    // To be called each second or so.
    virtual void watch() {}
    // Notices what was lost and finds it again; may wait for the system. To be called each second
    // or so.
    virtual void look_after() = 0;
    // Sends what is queued, waits until the system has taken it, and closes. The clock has ended.
    virtual void close() = 0;

    // The output, the inputs and the feedback's output, in words; empty where there is none.
    [[nodiscard]] virtual std::string describe() const = 0;
    [[nodiscard]] virtual std::string describe_input() const = 0;
    [[nodiscard]] virtual std::string describe_feedback() const = 0;
    // What a person types to hear the output, or with whom it is connected by itself; empty where
    // there is no output.
    [[nodiscard]] virtual std::string how_to_connect() const = 0;
    [[nodiscard]] virtual PortCounters counters() const noexcept = 0;
};

}  // namespace fusion
