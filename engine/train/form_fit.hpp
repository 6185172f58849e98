// The forms of a corpus (engine/model/form_book.hpp). Whether a phrase of four bars returns is
// heard bar by bar: it does where two bars or more are as in one of the phrases up to
// kFarthestReturn before, from the one that most bars are kept of; of equals the nearest. A bar is
// kept where three quarters of its notes are the same, at the same place, however long. Pieces
// begin with a pickup or an introduction, so the phrases of each are counted from that of its first
// bars from which on the most bars are kept. A form that goes round a phrase four times in a row as
// it was, or five times somehow, is counted and is none to play. Training pieces only; lines of the
// same piece count as one more piece. Thread: one. Errors: none.
#pragma once

#include <optional>
#include <vector>

#include "engine/corpus/data_set.hpp"
#include "engine/model/form_book.hpp"
#include "engine/model/form_model.hpp"

namespace fusion::train {

// The form of a line, empty where it is shorter than kLeastPhrases; and how alike its bars are.
inline constexpr std::size_t kLeastPhrases = 4;
struct HeardForm {
    // Of the notes looked at, those that are as they were.
    struct Likeness {
        std::size_t same = 0, notes = 0;
        [[nodiscard]] float share(float without) const {
            return notes > 0 ? static_cast<float>(same) / static_cast<float>(notes) : without;
        }
        Likeness& operator+=(const Likeness& other) {
            same += other.same;
            notes += other.notes;
            return *this;
        }
    };
    PieceForm form;
    Likeness kept, varied;  // as in FormBook
};
[[nodiscard]] HeardForm form_of(const EventSequence& line, const Vocabulary& vocabulary);

// For the chords (chord_fit.hpp), by phrase from the first bar on: how many phrases ago, and the
// share of its events that are as they were, half of them or more; none where the phrase is new.
[[nodiscard]] std::vector<std::optional<PhraseReturn>> returns_along(const EventSequence& line,
                                                                     const Vocabulary& vocabulary);

// Phrase by phrase of a piece, what it returns to. One that does not count is only what the next
// one comes after.
struct ChordPhrase {
    std::optional<PhraseReturn> back;
    bool counts = true;
};
[[nodiscard]] FormModel fit_form(const std::vector<std::vector<ChordPhrase>>& pieces);

struct FittedForms {
    std::vector<FormBook> books;        // by genre
    std::vector<std::size_t> phrases;   // that were looked at
    std::vector<std::size_t> returned;  // of those
    std::vector<std::size_t> whole;     // of those, in all of their bars
};
[[nodiscard]] FittedForms fit_forms(const DataSet& data);

}  // namespace fusion::train
