// Who plays which note: lays the messages of the clock on the voices of an instrument, as
// `synth_programs` wants it. A genre's program stands on voices of its own and never changes, so
// that the blend can change under notes that sound: each ends where it began.
//
// heaviest: the line is played by the genre of the greatest weight, from the first note on that
// begins while no other of the line sounds. layered: by each genre of the blend, its amplitude by
// the root of its share, so that a blend is as loud as one genre. set: by the channels as they
// come, with the programs that `program` and the parts sent. A genre's part is always played by
// that genre, but for `set`.
//
// Thread: as the instrument's. Realtime: yes, the whole class. Errors: none.
#pragma once

#include <array>
#include <cstdint>

#include "daemon/synth/instrument.hpp"
#include "daemon/synth/synth_settings.hpp"

namespace fusion {

class Casting {
public:
    // Of the blend, below which a genre is not heard.
    static constexpr float kLeastShare = 0.02F;

    // The instrument outlives it.
    explicit Casting(Instrument& instrument) : instrument_{instrument} { obey({}); }

    FUSION_RT void obey(const SynthSettings& settings) noexcept;
    FUSION_RT void play(const MidiMessage& message) noexcept;
    // Only what is to be known when it plays again: programs and controllers, no notes.
    FUSION_RT void follow(const MidiMessage& message) noexcept;
    // Ends every note.
    FUSION_RT void release() noexcept;

private:
    using Mask = std::uint32_t;  // bit g: genre g
    // Who plays a note that sounds.
    struct Players {
        Mask line = 0;
        Mask part = 0;
        bool own = false;
        [[nodiscard]] constexpr bool any() const { return line != 0 || part != 0 || own; }
    };

    FUSION_RT void begin(const MidiMessage& on) noexcept;
    FUSION_RT void end(const MidiMessage& off) noexcept;
    [[nodiscard]] FUSION_RT Players cast(Channel channel) noexcept;
    [[nodiscard]] FUSION_RT Mask heaviest() noexcept;
    [[nodiscard]] FUSION_RT Mask layers() const noexcept;
    // Whoever may play a channel.
    [[nodiscard]] FUSION_RT Players all_of(Channel channel) const noexcept;
    template <class Tell>
    void each(Channel channel, const Players& players, Tell tell) noexcept;

    Instrument& instrument_;
    SynthSettings settings_;
    std::size_t lead_ = 0;       // the genre that plays the line
    std::uint32_t on_line_ = 0;  // notes of it
    std::array<std::array<Players, 128>, 16> sounding_{};
};

}  // namespace fusion
