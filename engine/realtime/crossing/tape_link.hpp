// What crosses between control, which has a MIDI file (the tape), and the clock, which plays it
// into the port while the line stands.
//
// Control counts runs: each beginning, jump and stop is an order with a number of its own. The
// messages of a run come after its order, in the order of their time and some seconds ahead of the
// play head; the clock throws away those of a run that is over. A mark says that all before it has
// been sent: so a clock that is left alone knows a rest from a control thread that hangs, and lets
// no note sound for ever.
// Thread: TapeLink clock, TapeHand control. Errors: none; what finds no room is offered again.
#pragma once

#include <cstdint>
#include <functional>
#include <type_traits>

#include "engine/base/spsc_queue.hpp"
#include "engine/base/triple_buffer.hpp"
#include "engine/base/units.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {

struct TapeEvent {
    enum class Kind : std::uint8_t {
        message,  // of a channel
        mark,     // all before `at` has been sent
        end,      // of the tape
    };
    Nanos at{0};  // from the beginning of the tape
    std::uint32_t run = 0;
    Kind kind = Kind::message;
    MidiMessage message;
};

struct TapeOrder {
    enum class What : std::uint8_t { stand, play };
    std::uint32_t run = 0;  // 0: there was none
    What what = What::stand;
    Nanos from{0};
};

// Where the tape was at the end of the clock's last turn with it.
struct TapeHead {
    enum class State : std::uint8_t {
        waits,  // for the first message
        plays,
        stands,  // as it was ordered
        ended,
        hushed,  // by a panic
    };
    std::uint32_t run = 0;
    State state = State::stands;
    Nanos at{0};
    TimePoint when{};
};
static_assert(std::is_trivially_copyable_v<TapeEvent> && std::is_trivially_copyable_v<TapeOrder> &&
              std::is_trivially_copyable_v<TapeHead>);

// The clock's ends.
struct TapeLink {
    Consumer<TapeEvent> events;
    SnapshotReader<TapeOrder> orders;
    SnapshotWriter<TapeHead> head;
};

// Control's.
struct TapeHand {
    Producer<TapeEvent> events;
    SnapshotWriter<TapeOrder> orders;
    SnapshotReader<TapeHead> head;
    std::function<void()> wake_clock;
};

// Both, to be moved to where they belong.
struct TapeCrossing {
    // Some seconds of a dense file: 4096 messages are four seconds of what a MIDI cable can carry.
    static constexpr std::size_t kEvents = 4096;

    SpscQueue<TapeEvent> events{kEvents};
    TripleBuffer<TapeOrder> orders{TapeOrder{}};
    TripleBuffer<TapeHead> head{TapeHead{}};

    // Once each.
    TapeLink link() { return {std::move(events.out), std::move(orders.out), std::move(head.in)}; }
    TapeHand hand(std::function<void()> wake_clock) {
        return {std::move(events.in), std::move(orders.in), std::move(head.out),
                std::move(wake_clock)};
    }
};

}  // namespace fusion
