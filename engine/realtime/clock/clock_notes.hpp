// The notes of the fused line and of the genres' own parts on their way to the output: who sounds,
// until when, on which channel, and whether at all.
//
// All that sounds at one place begins with the same step, and what sounded before has ended by
// then. Where two want the same pitch on the same channel at once, the line has it before the parts
// and the part of an earlier genre before a later one's: the note is there already, so the second
// does not begin, and its length is the first one's. A note ends on the channel on which it began.
//
// The band's notes begin and end at places of their own. Each voice of bass and chords has one note
// at a time; of drums the oldest gives way.
//
// While mute is on nothing begins and what sounds has ended.
// Thread: clock. Realtime: yes. Errors: what the sink refuses is counted by the output.
#pragma once

#include "engine/music/step.hpp"
#include "engine/music/timeline.hpp"
#include "engine/params/band_params.hpp"
#include "engine/realtime/clock/clock_programs.hpp"
#include "engine/realtime/clock/note_output.hpp"
#include "engine/realtime/clock/sounding.hpp"

namespace fusion {

class ClockNotes {
public:
    static constexpr Ticks kNever = Sounding::kNever;

    // Where a note lies at the port, in ticks after swing and lean, and the moment that it begins.
    struct Span {
        Ticks end;
        TimePoint due;
    };

    ClockNotes(NoteOutput& output, const ParamSnapshot& params)
        : output_{output}, programs_{params} {
        obey(params, TimePoint{});
    }

    // Mute, a part that was turned off or moved to another channel: at once.
    FUSION_RT void obey(const ParamSnapshot& params, TimePoint now) noexcept;
    // The transport starts, stops.
    FUSION_RT void started() noexcept { programs_again(); }
    FUSION_RT void stopped() noexcept { programs_.rest(); }
    // The programs that are due. To be called before what is due in a turn.
    FUSION_RT void send_programs(TimePoint now) noexcept { programs_.send(output_, now); }

    [[nodiscard]] FUSION_RT bool muted() const noexcept { return muted_; }
    // The channel of the line's next note.
    [[nodiscard]] FUSION_RT Channel channel() const noexcept { return channel_; }
    [[nodiscard]] FUSION_RT bool plays(std::size_t genre) const noexcept {
        return parts_[genre].plays;
    }

    // Whether a note began.
    FUSION_RT bool begin_line(const Step& step, const Span& span) noexcept;
    FUSION_RT bool begin_part(std::size_t genre, const PartNote& note, const Span& span) noexcept;
    // Of a part's next note, 1 to 16.
    [[nodiscard]] FUSION_RT std::uint8_t part_channel(std::size_t genre) const noexcept {
        return static_cast<std::uint8_t>(numbered(parts_[genre].channel).count() + 1);
    }
    struct BandNote {
        BandPart part;
        std::uint8_t voice;  // of the part's; of drums nobody minds
        Pitch pitch;
        Velocity velocity;
        std::uint8_t program;  // 1 to 128, where the performer has set none; 0: none
    };
    // Whether it is heard by somebody.
    FUSION_RT bool begin_band(const BandNote& note, const Span& span) noexcept;
    [[nodiscard]] FUSION_RT Channel channel(BandPart part) const noexcept {
        return numbered(band_[index_of(part)].channel);
    }

    // When the first of what sounds ends, kNever when nothing sounds.
    [[nodiscard]] FUSION_RT Ticks next_end() const noexcept { return sounding_.next_end(); }
    // Ends what is to end at `tick` or before, each at its own place.
    FUSION_RT void end_due(Ticks tick, const Timeline& timeline) noexcept;
    // Ends what sounds of line and parts, each at its own place and at `tick` at the latest.
    FUSION_RT void end_by(Ticks tick, const Timeline& timeline) noexcept;
    // Ends all that sounds now.
    FUSION_RT void end_all(TimePoint now) noexcept;
    // end_all(), then quiet on every channel that is used. Returns how many notes sounded.
    FUSION_RT std::size_t panic(TimePoint now) noexcept;
    // After a panic while the music goes on.
    FUSION_RT void programs_again() noexcept {
        programs_.again();
        cast_.fill(0);
    }

private:
    [[nodiscard]] FUSION_RT static Channel numbered(std::int64_t from_one) noexcept {
        return Channel{static_cast<std::uint8_t>((from_one - 1) & 15)};
    }
    FUSION_RT bool begin(std::size_t voice, Channel channel, Pitch pitch, Velocity velocity,
                         const Span& span, Hearers hearers = Hearers::everyone) noexcept;
    FUSION_RT void end(std::size_t voice, TimePoint due, NoteOutput::Pace pace) noexcept;
    FUSION_RT void obey_band(const ParamSnapshot& params, TimePoint now) noexcept;
    // Which voice of the drums takes a key.
    [[nodiscard]] FUSION_RT std::size_t drum_voice(Pitch key) const noexcept;

    NoteOutput& output_;
    ClockPrograms programs_;
    Sounding sounding_;
    Channel channel_{0};
    std::array<GenrePart, kMaxGenres> parts_{};
    std::array<BandSettings, kBandParts> band_{};
    std::array<std::uint8_t, kBandParts> cast_{};  // the programs that were sent; 0: not known
    bool muted_ = false;
};

}  // namespace fusion
