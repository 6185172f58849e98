#include "engine/plan/form_plan.hpp"

#include <algorithm>
#include <cmath>

#include "engine/model/lead.hpp"

namespace fusion {
namespace {

constexpr std::uint8_t kLetters = 26;
// About as in pieces (engine/train/form_fit.hpp).
constexpr float kVariedByHand = 0.25F;

// The bar that a bar of a section brings back: none where it is the first of its letter, or longer.
std::optional<std::int64_t> earlier_bar(const Form& form, const FormPlace& place) {
    if (!place.returns) return std::nullopt;
    const auto count = static_cast<std::int64_t>(form.sections().size());
    const auto& earlier = form.sections()[static_cast<std::size_t>(place.returns->section % count)];
    if (place.bar >= earlier.bars) return std::nullopt;
    return place.returns->begins + place.bar;
}

// Where this bar first was, in the first round.
std::int64_t first_bar(const Form& form, const FormPlace& place) {
    std::int64_t begins = 0;
    for (const auto& section : form.sections()) {
        if (section.letter == place.what.letter && place.bar < section.bars) break;
        begins += section.bars;
    }
    return begins + place.bar;
}

bool is_varied_here(const FormPlace& place) {
    return place.what.varied && place.bar >= place.what.bars - std::max(1, place.what.bars / 4);
}

}  // namespace

std::string SectionName::text() const {
    return varied ? std::string{letter, '\''} : std::string{letter};
}

PlacedPhrase FormPlan::placed(const FormAsk& ask, std::int64_t bar) const {
    if (ask.form <= 0.0F || kind() != FormKind::automatic) return {};
    return phrase_in_form(books_, ask.blend, ask.seed, ask.part,
                          static_cast<std::uint32_t>(bar / kPhraseBars));
}

std::optional<BarReturn> FormPlan::tune(const FormAsk& ask, std::int64_t bar) const {
    if (ask.form <= 0.0F) return std::nullopt;
    const auto again = [&](std::int64_t ago, float likeness) {
        return BarReturn{ago, likeness * ask.form, ReturnKind::again};
    };
    const auto otherwise = [&](std::int64_t ago, float likeness) {
        return BarReturn{ago, std::lerp(1.0F, likeness, ask.form), ReturnKind::otherwise};
    };
    if (kind() == FormKind::sections) {
        const auto place = *hand_->place_at(bar, PhraseLength::four);
        const auto earlier = earlier_bar(*hand_, place);
        if (!earlier) return std::nullopt;
        if (is_varied_here(place)) return otherwise(bar - *earlier, kVariedByHand);
        return again(bar - *earlier, 1.0F);
    }
    const auto phrase = placed(ask, bar);
    if (phrase.form == nullptr) return std::nullopt;
    const auto [ago, kept] = phrase.what();
    if (ago == 0) return std::nullopt;
    const auto back = std::int64_t{kPhraseBars} * ago;
    if ((kept >> bar % kPhraseBars & 1) == 0) return otherwise(back, phrase.book->varied);
    return again(back, phrase.book->kept);
}

std::optional<ReturnAsk> FormPlan::returns(const FormAsk& ask, std::int64_t cell,
                                           Meter meter) const {
    const auto bar_cells = std::int64_t{meter.heard_bar().count()};
    const auto back = tune(ask, cell / bar_cells);
    if (!back) return std::nullopt;
    return ReturnAsk{Cells{static_cast<std::int32_t>(back->bars_ago * bar_cells)}, back->likeness,
                     back->kind};
}

std::int64_t FormPlan::original(const FormAsk& ask, std::int64_t bar) const {
    if (ask.form > 0.0F && kind() == FormKind::sections)
        return first_bar(*hand_, *hand_->place_at(bar, PhraseLength::four));
    const auto phrase = placed(ask, bar);
    if (phrase.form == nullptr) return bar;
    return bar -
           std::int64_t{kPhraseBars} * (phrase.phrase - original_of(*phrase.form, phrase.phrase));
}

std::optional<SectionName> FormPlan::section(const FormAsk& ask, std::int64_t bar) const {
    if (ask.form <= 0.0F) return std::nullopt;
    if (kind() == FormKind::sections) {
        const auto what = hand_->place_at(bar, PhraseLength::four)->what;
        return SectionName{what.letter, what.varied};
    }
    const auto phrase = placed(ask, bar);
    if (phrase.form == nullptr) return std::nullopt;
    const auto original = original_of(*phrase.form, phrase.phrase);
    std::uint32_t letter = 0;
    for (std::uint32_t p = 0; p < original; ++p) letter += (*phrase.form)[p].ago == 0 ? 1U : 0U;
    const auto [ago, kept] = phrase.what();
    return SectionName{static_cast<char>('A' + letter % kLetters), ago > 0 && kept != kAllBars};
}

}  // namespace fusion
