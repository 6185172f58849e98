#include "engine/train/form_fit.hpp"

#include <algorithm>
#include <map>

#include "engine/model/lead.hpp"
#include "engine/model/recall.hpp"

namespace fusion::train {
namespace {

constexpr float kReturns = 0.5F;       // of a phrase's events
constexpr std::size_t kFewEvents = 4;  // a phrase of fewer says nothing
constexpr double kDoubt = 4.0;         // so many phrases as are usual, before any was seen

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

FormModel fit_form(const std::vector<std::vector<FormPhrase>>& pieces) {
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
    std::vector<std::vector<std::vector<FormPhrase>>> pieces(genres);
    fitted.phrases.resize(genres);
    fitted.returned.resize(genres);
    for (const Piece& piece : data.pieces) {
        if (piece.split != Split::training) continue;
        auto& phrases = pieces[piece.genre].emplace_back();
        for (const auto& back : returns_along(piece.line, data.vocabulary))
            phrases.push_back({back});
        fitted.phrases[piece.genre] += phrases.size();
        for (const auto& one : phrases) fitted.returned[piece.genre] += one.back ? 1 : 0;
    }
    for (const auto& of_genre : pieces) fitted.models.push_back(fit_form(of_genre));
    return fitted;
}

}  // namespace fusion::train
