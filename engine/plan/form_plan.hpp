// What returns, bar by heard bar: by the books of the genres (engine/model/form_book.hpp), or by
// the sections that are given by hand (form.hpp), or nothing where it is to be free of form.
//
// A returning phrase brings its chords and its band with it as they were, and of its tune what is
// kept. Of a section that is varied (A') the last quarter is another, so that it ends otherwise.
// Sections lie along the transport, as a progression does (hand_harmony.hpp).
//
// What is asked is a pure function of (books, hand, ask, bar). Thread: any. Errors: none.
// Allocates nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/model/form_book.hpp"
#include "engine/model/generator.hpp"
#include "engine/music/meter.hpp"
#include "engine/plan/form.hpp"

namespace fusion {

struct FormAsk {
    Blend blend;
    std::uint64_t seed = 1;
    std::uint8_t part = 0;
    float form = 1.0F;  // 0: nothing returns; below 1 the surer the more
    friend bool operator==(const FormAsk&, const FormAsk&) = default;
};

struct BarReturn {
    std::int64_t bars_ago = 0;
    float likeness = 0.0F;  // as in ReturnAsk
    ReturnKind kind = ReturnKind::again;
    friend bool operator==(const BarReturn&, const BarReturn&) = default;
};

struct SectionName {
    char letter = 'A';
    bool varied = false;
    [[nodiscard]] std::string text() const;
    friend bool operator==(const SectionName&, const SectionName&) = default;
};

class FormPlan {
public:
    FormPlan() = default;
    // `books` by genre, or none; they and `hand` outlive it.
    FormPlan(std::span<const FormBook> books, const Form& hand) : books_{books}, hand_{&hand} {}

    // What the tune of a bar, 0 or more, returns to, or, where it is varied, keeps away from. None:
    // it is new.
    [[nodiscard]] std::optional<BarReturn> tune(const FormAsk& ask, std::int64_t bar) const;
    // The same for a step that begins at a cell of the line.
    [[nodiscard]] std::optional<ReturnAsk> returns(const FormAsk& ask, std::int64_t cell,
                                                   Meter meter) const;
    // The bar whose chords and patterns this one has: itself where they are new.
    [[nodiscard]] std::int64_t original(const FormAsk& ask, std::int64_t bar) const;
    // Which section it is: of four bars each where the form is the genres'. None: it has no form.
    [[nodiscard]] std::optional<SectionName> section(const FormAsk& ask, std::int64_t bar) const;

private:
    [[nodiscard]] FormKind kind() const {
        return hand_ != nullptr ? hand_->kind() : FormKind::automatic;
    }
    [[nodiscard]] PlacedPhrase placed(const FormAsk& ask, std::int64_t bar) const;

    std::span<const FormBook> books_;
    const Form* hand_ = nullptr;  // null: automatic
};

}  // namespace fusion
