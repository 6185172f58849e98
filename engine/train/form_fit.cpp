#include "engine/train/form_fit.hpp"

#include <algorithm>
#include <bit>
#include <map>

#include "engine/model/lead.hpp"
#include "engine/model/recall.hpp"

namespace fusion::train {
namespace {

constexpr float kReturns = 0.5F;       // of a phrase's events
constexpr std::size_t kFewEvents = 4;  // a phrase of fewer says nothing
constexpr double kDoubt = 4.0;         // so many phrases as are usual, before any was seen
constexpr double kKeptBar = 0.75;      // of its notes
constexpr std::size_t kMostInARow = 4;
constexpr std::size_t kMostWholeInARow = 3;
constexpr int kLeastKept = 2;  // bars of a phrase that returns

using Phrase = std::map<std::int64_t, EventId>;  // by cell since its begin

std::vector<Phrase> phrases_of(const EventSequence& line, const Vocabulary& vocabulary) {
    std::vector<Phrase> phrases;
    if (line.size() == 0) return phrases;
    const std::int64_t length =
        kPhraseBars * usual_bar(static_cast<MeterClass>(line.meters.front()));
    std::int64_t cell = line.positions.front();
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto phrase = static_cast<std::size_t>(cell / length);
        if (phrase >= phrases.size()) phrases.resize(phrase + 1);
        phrases[phrase][cell % length] = line.events[i];
        cell += vocabulary[line.events[i]].duration.count();
    }
    return phrases;
}

float alike(const Phrase& now, const Phrase& then) {
    float same = 0.0F;
    for (const auto& [cell, event] : now) {
        const auto at = then.find(cell);
        if (at != then.end() && at->second == event) same += 1.0F;
    }
    return same / static_cast<float>(std::max(now.size(), then.size()));
}

// The notes of a bar, by cell since its begin. How long each is says nothing: hands vary it.
using Bar = std::map<std::int64_t, Pitch>;

std::vector<Bar> bars_of(const EventSequence& line, const Vocabulary& vocabulary) {
    std::vector<Bar> bars;
    if (line.size() == 0) return bars;
    const auto length = usual_bar(static_cast<MeterClass>(line.meters.front()));
    std::int64_t cell = line.positions.front();
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto bar = static_cast<std::size_t>(cell / length);
        if (bar >= bars.size()) bars.resize(bar + 1);
        const Event& event = vocabulary[line.events[i]];
        if (event.pitch) bars[bar][cell % length] = *event.pitch;
        cell += event.duration.count();
    }
    return bars;
}

std::size_t same_notes(const Bar& now, const Bar& then) {
    std::size_t same = 0;
    for (const auto& [cell, pitch] : now) {
        const auto at = then.find(cell);
        same += at != then.end() && at->second == pitch ? 1 : 0;
    }
    return same;
}

bool is_kept(const Bar& now, const Bar& then) {
    if (now.empty() || then.empty()) return now.empty() && then.empty();
    return static_cast<double>(same_notes(now, then)) >=
           kKeptBar * static_cast<double>(std::max(now.size(), then.size()));
}

HeardForm::Likeness all_notes(const Bar& now, const Bar& then) {
    return {same_notes(now, then), now.size()};
}

// Of those that begin where one began.
HeardForm::Likeness met_notes(const Bar& now, const Bar& then) {
    HeardForm::Likeness met{same_notes(now, then), 0};
    for (const auto& [cell, pitch] : now) met.notes += then.count(cell);
    return met;
}

// Which phrase so far before `now` is kept most of.
FormPhrase phrase_of_bars(const Bar* now, std::size_t farthest) {
    FormPhrase best;
    int most = kLeastKept - 1;
    for (std::size_t ago = 1; ago <= farthest; ++ago) {
        const auto* then = now - ago * kPhraseBars;
        std::uint8_t kept = 0;
        int bars = 0;
        std::size_t notes = 0;
        for (std::size_t b = 0; b < kPhraseBars; ++b) {
            if (!is_kept(now[b], then[b])) continue;
            kept = static_cast<std::uint8_t>(kept | 1U << b);
            bars += now[b].empty() ? 0 : 1;
            notes += now[b].size();
        }
        if (bars <= most || notes < kFewEvents) continue;
        most = bars;
        best = {static_cast<std::uint8_t>(ago), kept};
    }
    return best;
}

// With its phrases counted from bar `from` on.
HeardForm form_from(const std::vector<Bar>& bars, std::size_t from) {
    HeardForm heard;
    const auto phrases = std::min<std::size_t>(
        (bars.size() - std::min(from, bars.size())) / kPhraseBars, kFormPhrases);
    for (std::size_t p = 0; p < phrases; ++p) {
        const auto* now = &bars[from + p * kPhraseBars];
        const auto what = phrase_of_bars(now, std::min(p, kFarthestReturn));
        heard.form.push_back(what);
        if (what.ago == 0) continue;
        const auto* then = now - std::size_t{what.ago} * kPhraseBars;
        for (std::size_t b = 0; b < kPhraseBars; ++b) {
            if ((what.kept >> b & 1) == 0)
                heard.varied += met_notes(now[b], then[b]);
            else
                heard.kept += all_notes(now[b], then[b]);
        }
    }
    if (heard.form.size() < kLeastPhrases) return {};
    return heard;
}

// Whether a phrase goes round more often in a row than a listener bears.
bool goes_round(const PieceForm& form) {
    std::size_t in_a_row = 1, whole = 1;
    for (std::uint32_t p = 1; p < form.size(); ++p) {
        const bool again = original_of(form, p) == original_of(form, p - 1);
        in_a_row = again ? in_a_row + 1 : 1;
        whole = again && form[p].kept == kAllBars ? whole + 1 : 1;
        if (in_a_row > kMostInARow || whole > kMostWholeInARow) return true;
    }
    return false;
}

// Evenly, so that a book has no more than it may.
void thin_out(std::vector<PieceForm>& forms) {
    if (forms.size() <= kMostForms) return;
    std::vector<PieceForm> kept;
    for (std::size_t i = 0; i < kMostForms; ++i)
        kept.push_back(std::move(forms[i * forms.size() / kMostForms]));
    forms = std::move(kept);
}

struct Count {
    double yes = 0.0, all = 0.0;
    void add(bool is) {
        yes += is ? 1.0 : 0.0;
        all += 1.0;
    }
    [[nodiscard]] float share(double usual) const {
        return static_cast<float>((yes + kDoubt * usual) / (all + kDoubt));
    }
};

}  // namespace

HeardForm form_of(const EventSequence& line, const Vocabulary& vocabulary) {
    const auto bars = bars_of(line, vocabulary);
    const auto kept_bars = [](const HeardForm& heard) {
        int kept = 0;
        for (const auto& phrase : heard.form) kept += std::popcount(phrase.kept);
        return kept;
    };
    HeardForm best;
    for (std::size_t from = 0; from < kPhraseBars; ++from) {
        auto heard = form_from(bars, from);
        if (from == 0 || kept_bars(heard) > kept_bars(best)) best = std::move(heard);
    }
    return best;
}

std::vector<std::optional<PhraseReturn>> returns_along(const EventSequence& line,
                                                       const Vocabulary& vocabulary) {
    const auto phrases = phrases_of(line, vocabulary);
    std::vector<std::optional<PhraseReturn>> returns(phrases.size());
    for (std::size_t p = 1; p < phrases.size(); ++p) {
        if (phrases[p].size() < kFewEvents) continue;
        PhraseReturn best;
        for (std::size_t back = 1; back <= std::min(p, kFarthestReturn); ++back) {
            const float share = alike(phrases[p], phrases[p - back]);
            if (share > best.likeness) best = {static_cast<std::uint32_t>(back), share};
        }
        if (best.likeness >= kReturns) returns[p] = best;
    }
    return returns;
}

FormModel fit_form(const std::vector<std::vector<ChordPhrase>>& pieces) {
    std::array<std::array<Count, kFormPlaces>, 2> returns;
    std::array<Count, kFormPlaces> goes_on;
    Count all_returns, all_go_on;
    std::array<double, kFarthestReturn> distance{};
    double like = 0.0, returned = 0.0;
    for (const auto& piece : pieces)
        for (std::size_t p = 1; p < piece.size(); ++p) {
            const std::size_t place = p % kFormPlaces;
            const auto& before = piece[p - 1].back;
            const auto& now = piece[p].back;
            if (!piece[p].counts) continue;
            returns[before ? 1 : 0][place].add(now.has_value());
            all_returns.add(now.has_value());
            if (!now) continue;
            like += static_cast<double>(now->likeness);
            returned += 1.0;
            const bool same = before && before->phrases_ago == now->phrases_ago;
            if (before) {
                goes_on[place].add(same);
                all_go_on.add(same);
            }
            if (!same) distance[now->phrases_ago - 1] += 1.0;
        }
    FormModel model;
    for (std::size_t place = 0; place < kFormPlaces; ++place) {
        for (std::size_t after = 0; after < 2; ++after)
            model.returns[after][place] = returns[after][place].share(all_returns.share(0.0));
        model.goes_on[place] = goes_on[place].share(all_go_on.share(0.5));
    }
    double sum = 0.0;
    for (const double d : distance) sum += d;
    for (std::size_t d = 0; d < kFarthestReturn; ++d)
        model.distance[d] = sum > 0.0 ? static_cast<float>(distance[d] / sum) : 0.0F;
    model.likeness = returned > 0.0 ? static_cast<float>(like / returned) : 0.0F;
    return model;
}

FittedForms fit_forms(const DataSet& data) {
    FittedForms fitted;
    const std::size_t genres = data.genres.size();
    fitted.books.resize(genres);
    fitted.phrases.resize(genres);
    fitted.returned.resize(genres);
    fitted.whole.resize(genres);
    std::vector<HeardForm> all(genres);
    for (const Piece& piece : data.pieces) {
        if (piece.split != Split::training) continue;
        auto heard = form_of(piece.line, data.vocabulary);
        if (heard.form.empty()) continue;
        const auto g = piece.genre;
        all[g].kept += heard.kept;
        all[g].varied += heard.varied;
        fitted.phrases[g] += heard.form.size();
        for (const auto& phrase : heard.form) {
            fitted.returned[g] += phrase.ago > 0 ? 1 : 0;
            fitted.whole[g] += phrase.kept == kAllBars ? 1 : 0;
        }
        if (!goes_round(heard.form)) fitted.books[g].forms.push_back(std::move(heard.form));
    }
    for (std::size_t g = 0; g < genres; ++g) {
        auto& book = fitted.books[g];
        thin_out(book.forms);
        book.kept = all[g].kept.share(0.0F);
        book.varied = all[g].varied.share(1.0F);
    }
    return fitted;
}

}  // namespace fusion::train
