// What lately ended a note or quieted a channel, to be said again when a period may have been lost
// on its way to whoever listens: an overloaded server in JACK's asynchronous mode runs one client
// past another that has not read the period before. JACK tells of the first such period alone, and
// some time after. So what was written in the last kMemory is said again at once, each kEvery while
// more is told of, and a last time kDoubt after that. A second note-off harms nothing unless the
// note has begun anew, so whoever asks strikes out what sounds. (A note-on that was lost is a note
// that is missing; said again it would be late, and wrong.)
//
// Thread: the one that writes periods. Realtime: yes, the whole class. Errors: none.
#pragma once

#include <chrono>
#include <cstdint>

#include "daemon/midi/quieting.hpp"
#include "engine/base/units.hpp"
#include "engine/music/note_ledger.hpp"

namespace fusion {

struct Ends {
    NoteLedger notes;
    Quieting quieted;
    bool has_program = false;  // a program change beside them
};

class LastEnds {
public:
    // In time that was written, so that no standstill wipes it out; up to twice that. JACK's word
    // of an xrun comes within tens of ms, on a busy machine too.
    static constexpr Nanos kMemory{std::chrono::milliseconds{300}};
    static constexpr Nanos kDoubt{std::chrono::milliseconds{250}};
    static constexpr Nanos kEvery{std::chrono::milliseconds{50}};
    static_assert(kEvery < kDoubt && kDoubt < kMemory);

    // A period may have been lost.
    FUSION_RT void doubt() noexcept {
        if (!in_doubt()) until_again_ = Nanos{0};
        doubt_left_ = kDoubt;
    }

    // Something is still to be said again.
    [[nodiscard]] FUSION_RT bool in_doubt() const noexcept { return doubt_left_ > Nanos{0}; }

    enum class Again : std::uint8_t { no, yes, for_the_last_time };
    // A period of that length begins: whether all() is to be said again in it.
    [[nodiscard]] FUSION_RT Again begin(Nanos length) noexcept {
        age_ += length;
        if (age_ > kMemory) {
            earlier_ = newest_;
            newest_ = {};
            age_ = Nanos{0};
        }
        if (!in_doubt()) return Again::no;
        doubt_left_ -= length;
        until_again_ -= length;
        if (!in_doubt()) return Again::for_the_last_time;
        if (until_again_ > Nanos{0}) return Again::no;
        until_again_ = kEvery;
        return Again::yes;
    }

    FUSION_RT void wrote(const MidiMessage& message) noexcept {
        if (message.is_note_off())
            newest_.notes.note(note_on(message.channel(), message.pitch(), Velocity{1}));
        newest_.quieted.note(message);
        earlier_.quieted.strike(message);
        newest_.has_program |= message.status() == kProgramChange;
    }

    // Whether whoever listens may still hear a note that is not entered anywhere as sounding.
    [[nodiscard]] FUSION_RT bool may_sound(Channel channel, Pitch pitch) const noexcept {
        return in_doubt() &&
               (newest_.notes.sounds(channel, pitch) || earlier_.notes.sounds(channel, pitch));
    }

    [[nodiscard]] FUSION_RT Ends all() const noexcept {
        auto all = newest_;
        all.notes.add(earlier_.notes);
        all.quieted.add(earlier_.quieted);
        all.has_program |= earlier_.has_program;
        return all;
    }

private:
    static constexpr std::uint8_t kProgramChange = 0xC0;

    Ends newest_;
    Ends earlier_;
    Nanos age_{0};  // of the newest
    Nanos doubt_left_{0};
    Nanos until_again_{0};
};

}  // namespace fusion
