// Which phrases of a piece return, and what of them: a folk tune plays each of its halves twice, a
// song its verses, a solo hardly anything. A line that is made note by note returns by chance; here
// each phrase is new, or that of so many phrases ago, bar for bar as it was or new.
//
// What returns when hangs together over all of a piece (an ABAB is no sum of phrases that return
// with some chance), so a genre's book holds the forms that its pieces have, and one of them is
// drawn whole. In a blend each form is one genre's, drawn in proportion to the weights.
//
// The dice are fixed before they are thrown: a form is a pure function of (books, blend, seed,
// part, phrase), so a step that is made again finds the same form, and a turned knob changes it
// from the next uncommitted step on. Every kFormPhrases phrases all begins anew. Thread: any.
// Errors: parse_form_books() says malformed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/music/genre_weights.hpp"

namespace fusion {

inline constexpr std::size_t kFarthestReturn = 16;  // phrases
inline constexpr std::uint32_t kFormPhrases = 32;
inline constexpr std::uint8_t kAllBars = 0b1111;
inline constexpr std::size_t kMostForms = 512;  // of a genre

// `ago`: phrases, 0 where it is new. `kept`: bit b is set where bar b is as it was.
struct FormPhrase {
    std::uint8_t ago = 0;
    std::uint8_t kept = 0;
    friend bool operator==(const FormPhrase&, const FormPhrase&) = default;
};
// Of a piece, from its first phrase on; 1 to kFormPhrases. None reaches beyond the first.
using PieceForm = std::vector<FormPhrase>;

struct FormBook {
    std::vector<PieceForm> forms;  // none: all is new
    float kept = 0.0F;             // the share of a kept bar's notes that are as they were
    // Of the notes of its other bars that begin where one began then, those that are it once more.
    float varied = 1.0F;
    friend bool operator==(const FormBook&, const FormBook&) = default;
};

// A phrase in the form that is played.
struct PlacedPhrase {
    const FormBook* book = nullptr;  // null: it has no form, all is new
    const PieceForm* form = nullptr;
    std::uint32_t phrase = 0;  // of it
    [[nodiscard]] FormPhrase what() const {
        return form != nullptr ? (*form)[phrase] : FormPhrase{};
    }
};
// `books`: by genre. Allocates nothing.
[[nodiscard]] PlacedPhrase phrase_in_form(std::span<const FormBook> books, const Blend& blend,
                                          std::uint64_t seed, std::uint8_t part,
                                          std::uint32_t phrase);
// Which phrase of the form it is at bottom: itself where it is new.
[[nodiscard]] std::uint32_t original_of(const PieceForm& form, std::uint32_t phrase);

void serialise_form_books(const std::vector<FormBook>& books, std::vector<std::uint8_t>& out);
[[nodiscard]] Result<std::vector<FormBook>> parse_form_books(std::span<const std::uint8_t> payload);

}  // namespace fusion
