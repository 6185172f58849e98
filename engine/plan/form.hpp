// Sections by letters: "AABA", "A A B A'", "A8 B4".
//
// A letter A to Z is a section; one that was there before returns as it was, with a prime (')
// varied. A number behind it is its length in bars, 8 without one. Blanks, commas, - and | between
// them say nothing. The form loops. "auto", or nothing, leaves it to the plan, "free" is without
// sections.
//
// Thread: any; place_at() allocates nothing. Errors: malformed, with the character.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/base/text_fault.hpp"

namespace fusion {

inline constexpr std::size_t kMaxSections = 64;
inline constexpr int kSectionBars = 8;  // where nothing is said
inline constexpr int kMaxSectionBars = 64;

enum class FormKind : std::uint8_t { automatic, free, sections };

struct Section {
    char letter = 'A';
    bool varied = false;
    std::uint8_t bars = kSectionBars;
    friend bool operator==(const Section&, const Section&) = default;
};

enum class PhraseLength : std::uint8_t { four = 4, eight = 8 };  // bars

// Where a bar is in the form. Bars and sections are counted from 0 on and over all its rounds.
struct FormPlace {
    struct Earlier {
        std::int64_t section;
        std::int64_t begins;  // its first bar
        friend bool operator==(const Earlier&, const Earlier&) = default;
    };

    std::int64_t section = 0;
    std::int64_t begins = 0;  // the section's first bar
    Section what;
    // The section that this one brings back: the last before it with the same letter that was not
    // itself varied, or, where all were, the last. It may be shorter than this one.
    std::optional<Earlier> returns;
    int bar = 0;          // within the section
    int phrase = 0;       // within the section
    int phrase_bar = 0;   // within the phrase
    int phrase_bars = 0;  // how many this phrase has
    friend bool operator==(const FormPlace&, const FormPlace&) = default;
};

class Form {
public:
    Form() = default;  // automatic

    [[nodiscard]] static TextResult<Form> read(std::string_view text);
    [[nodiscard]] static Result<Form> parse(std::string_view text);

    [[nodiscard]] FormKind kind() const { return kind_; }
    [[nodiscard]] const std::vector<Section>& sections() const { return sections_; }
    [[nodiscard]] std::int64_t bars() const { return bars_; }  // of one round

    // None unless the form has sections. `bar` is 0 or more. A section's phrases are of `phrase`
    // bars; what is left at its end is a phrase of its own from half of that length on, else the
    // last phrase is longer by it.
    [[nodiscard]] std::optional<FormPlace> place_at(std::int64_t bar, PhraseLength phrase) const;

    // "A A B4 A'", "auto", "free".
    [[nodiscard]] std::string text() const;

    friend bool operator==(const Form&, const Form&) = default;

private:
    FormKind kind_ = FormKind::automatic;
    std::vector<Section> sections_;
    std::int64_t bars_ = 0;
};

}  // namespace fusion
