// What comes in, from whichever threads the inputs live on (JACK's one, RtMidi's several): what
// says where the beat is (clock, start, stop, continue, song position) goes straight to the clock
// thread, all else to the control thread, whose loop a bell wakes.
//
// A source is the number of an input. Each has a lane of its own to the control thread, for a queue
// has one producer. The lane to the clock is the first input's alone: the clock is followed there,
// and what other controllers say of the beat is passed over.
//
// Bytes from outside are looked at here and nowhere else, by each lane's door (midi_door.hpp).
// TimedMessage::deadline is when the message came in.
// Thread: arrived() one for each source; the rest control. It outlives the inputs that fill it.
// Errors: open() says unavailable; what finds no room, or is no message, is counted.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include <boost/asio/io_context.hpp>

#include "daemon/midi/midi_port.hpp"
#include "daemon/system/loop_bell.hpp"
#include "engine/base/result.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/music/midi_door.hpp"

namespace fusion {

struct ArrivedMessage : TimedMessage {
    std::uint8_t source = 0;  // the number of the input
};

class MidiInbox {
public:
    using Receiver = std::function<void(const ArrivedMessage&)>;

    static Result<std::unique_ptr<MidiInbox>> open(boost::asio::io_context& io);
    MidiInbox(const MidiInbox&) = delete;
    MidiInbox& operator=(const MidiInbox&) = delete;

    // Any bytes. Where they are a message it is handed on, a note-on of velocity 0 as the note-off
    // that it is; returned is what came, for thru. None: no message, or not for us. Realtime: yes.
    FUSION_RT std::optional<MidiMessage> arrived(std::uint8_t source,
                                                 std::span<const std::uint8_t> bytes,
                                                 TimePoint when) noexcept;

    // Who is called on the control thread, with the messages of all sources in the order in which
    // they came; until then they wait.
    void deliver_to(Receiver receiver);

    // To be emptied at each turn of the clock, followed or not: old ticks are worse than none.
    // There is one such end: who asks again gets nothing.
    [[nodiscard]] Consumer<TimedMessage> take_sync_messages() { return std::move(sync_.out); }

    [[nodiscard]] std::uint64_t dropped() const noexcept;
    // What came in and was no message. Thread: any.
    [[nodiscard]] std::uint64_t malformed() const noexcept;
    [[nodiscard]] std::uint64_t dropped_sync() const noexcept { return sync_.refused(); }

private:
    struct Lane {
        MidiDoor door;
        SpscQueue<TimedMessage> queue{1024};
        std::optional<TimedMessage> next;  // taken out, its turn not come; the control thread's own
    };

    explicit MidiInbox(std::unique_ptr<LoopBell> bell) : bell_{std::move(bell)} {}
    void drain();
    // The lane with the oldest message; null when all are empty.
    [[nodiscard]] Lane* oldest();

    std::array<Lane, kMostInputs> lanes_;
    SpscQueue<TimedMessage> sync_{1024};
    Receiver receiver_;
    std::unique_ptr<LoopBell> bell_;
};

}  // namespace fusion
