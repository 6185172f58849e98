// Chords given by hand: "Dm7 G7 | C^7".
//
// A bar line | ends a bar, and the chords between two of them share the bar in equal parts. An
// empty bar or % is the bar before it once more; / or . within a bar lets the chord before it go on
// for one part more. |: and :| play what they enclose twice (without |: from the beginning, or from
// the last :|); || is a bar line. What is left when blanks and bar lines are taken away may be
// nothing: that is no progression, and the plan has the word again. It loops.
//
// Thread: any; what is asked about bars allocates nothing. Errors: malformed, with the character.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/base/text_fault.hpp"
#include "engine/music/chord.hpp"
#include "engine/music/meter.hpp"

namespace fusion {

// After repeats are written out.
inline constexpr std::size_t kMaxProgressionChords = 4096;
inline constexpr std::size_t kMaxChordsInBar = 16;

struct NextChord {
    Chord chord;
    Cells in;  // until it begins
    friend bool operator==(const NextChord&, const NextChord&) = default;
};

class Progression {
public:
    Progression() = default;

    [[nodiscard]] static TextResult<Progression> read(std::string_view text);
    [[nodiscard]] static Result<Progression> parse(std::string_view text);

    [[nodiscard]] bool empty() const { return bars_.empty(); }
    [[nodiscard]] std::size_t bars() const { return bars_.size(); }
    [[nodiscard]] std::size_t chords() const { return chords_.size(); }

    // The chord at `cell` of bar `bar` (from 0, any number: it loops) where bars have `bar_cells`.
    // With more parts than cells, those that begin on no cell are not heard. Not for an empty one.
    [[nodiscard]] Chord chord_at(std::int64_t bar, Cells cell, Cells bar_cells) const;
    // The next one that is another, and how far from `cell` it begins, all bars being of the same
    // length; none where there is but one chord.
    [[nodiscard]] std::optional<NextChord> next_chord(std::int64_t bar, Cells cell,
                                                      Cells bar_cells) const;

    // "Dm7 G7 | Cmaj7": bars as they are played, symbols in their one spelling.
    [[nodiscard]] std::string text() const;

    friend bool operator==(const Progression&, const Progression&) = default;

private:
    class Reader;

    struct Bar {
        std::uint32_t first;  // of chords_
        std::uint32_t count;
        friend bool operator==(const Bar&, const Bar&) = default;
    };
    [[nodiscard]] const Bar& bar_at(std::int64_t bar) const;

    std::vector<Chord> chords_;
    std::vector<Bar> bars_;
};

}  // namespace fusion
