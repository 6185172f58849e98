// A Standard MIDI File as it is played: the channel messages of all its tracks by their time, and
// where its beats are in that time. Plain values, never changed once made, so that control and
// whoever reads the next file share nothing that moves.
//
// Notes are as the reader pairs them (notes_of): a note that nobody ends ends with its track. Of
// two tracks that sound the same key of one channel the later takes it over, for a port has one.
// Of the tracks of a format 2 file, which are pieces, each begins where the one before it ends.
// Thread: any. Errors: make_tape() says malformed or unsupported, with what a tape may be.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/base/units.hpp"
#include "engine/corpus/smf.hpp"

namespace fusion {

// Of a file that is made a tape, wherever it comes from.
inline constexpr std::size_t kMostTapeBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMostTapeMessages = std::size_t{1} << 19;
inline constexpr std::chrono::hours kLongestTape{24};

struct TapeMoment {
    Nanos at;  // from the beginning
    MidiMessage message;
};

class Tape {
public:
    [[nodiscard]] const std::string& name() const { return name_; }
    // By time; at one time ends before controllers and programs, and those before beginnings.
    [[nodiscard]] std::span<const TapeMoment> moments() const { return moments_; }
    [[nodiscard]] std::size_t notes() const { return notes_; }
    // To the last message.
    [[nodiscard]] Nanos length() const { return length_; }
    [[nodiscard]] Ticks beats() const { return ticks_at(length_); }
    // What the reader had to mend; empty for most files.
    [[nodiscard]] const std::string& mends() const { return mends_; }

    [[nodiscard]] Nanos time_at(Ticks tick) const;
    [[nodiscard]] Ticks ticks_at(Nanos time) const;

    // The first moment at or after `at`; moments().size() where none is.
    [[nodiscard]] std::size_t first_at(Nanos at) const;
    // What a receiver must know that did not hear what lies before `moment`: banks, programs,
    // controllers, bend and pressure, as they stand there.
    [[nodiscard]] std::vector<MidiMessage> told_before(std::size_t moment) const;

private:
    friend Result<Tape> make_tape(const Smf& smf, std::string_view name);
    // From here on a tick takes so long.
    struct Stretch {
        double tick = 0.0;
        double ns = 0.0;
        double ns_per_tick = 0.0;
    };

    std::string name_;
    std::string mends_;
    std::vector<TapeMoment> moments_;
    std::vector<Stretch> stretches_;  // at least one, by tick
    std::size_t notes_ = 0;
    Nanos length_{0};
};

// `name` is what messages and the panel call it.
[[nodiscard]] Result<Tape> make_tape(const Smf& smf, std::string_view name);
// The same from a file's bytes, which are read with all of the reader's mending.
[[nodiscard]] Result<Tape> read_tape(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace fusion
