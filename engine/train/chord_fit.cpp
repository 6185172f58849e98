#include "engine/train/chord_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "engine/model/lead.hpp"
#include "engine/train/chords_along.hpp"
#include "engine/train/form_fit.hpp"

namespace fusion::train {
namespace {

constexpr std::size_t kFewPieces = 12;     // with chords of their own
constexpr std::size_t kPhraseHalves = 8;   // of four bars
constexpr std::size_t kSameHalves = 7;     // of these, for the chords to have returned
constexpr double kDoubt = 6.0;             // sightings that what is usual counts for
constexpr float kMostLikelier = 4.0F;      // of a place
constexpr std::size_t kWrongBars = 3;      // where another chord is looked up
constexpr std::uint16_t kLeastTriple = 2;  // seen but once it says nothing

// A piece by half bars.
struct Harmony {
    std::vector<ChordCode> halves;  // two a bar
    HomeMode mode = HomeMode::major;
};

bool is_triple(const Piece& piece) {
    return !piece.line.meters.empty() &&
           static_cast<MeterClass>(piece.line.meters.front()) == MeterClass::triple;
}

// Its middle, and its begin again where a bar is not divided.
Cells middle_of(const ChordTrack& chords, std::size_t bar, bool triple) {
    const auto begin = chords.bars[bar];
    const auto end = bar + 1 < chords.bars.size() ? chords.bars[bar + 1] : chords.end;
    return triple ? begin : Cells{begin.count() + (end - begin).count() / 2};
}

HomeMode mode_of(const std::vector<ChordCode>& halves) {
    constexpr double kBegin = 2.0, kEnd = 4.0;
    const auto home = [](ChordCode code) {
        const auto function = function_of(code);
        if (function == 0) return 1.0;           // C
        if (function == 9 * 2 + 1) return -1.0;  // Am
        return 0.0;
    };
    double major = kBegin * home(halves.front()) + kEnd * home(halves.back());
    for (const auto code : halves) major += 2.0 * home(code) / static_cast<double>(halves.size());
    return major >= 0.0 ? HomeMode::major : HomeMode::minor;
}

Harmony harmony_of(const Piece& piece) {
    Harmony harmony;
    ChordCode last = kNoChordCode;
    const bool triple = is_triple(piece);
    for (std::size_t bar = first_bar(piece); bar < piece.chords.bars.size(); ++bar)
        for (const auto at : {piece.chords.bars[bar], middle_of(piece.chords, bar, triple)}) {
            if (const auto code = code_of(piece.chords.at(at)); code != kNoChordCode) last = code;
            if (last != kNoChordCode || !harmony.halves.empty()) harmony.halves.push_back(last);
        }
    if (!harmony.halves.empty()) harmony.mode = mode_of(harmony.halves);
    return harmony;
}

struct Count {
    double yes = 0.0, all = 0.0;
    [[nodiscard]] double share(double usual) const {
        return (yes + kDoubt * usual) / (all + kDoubt);
    }
};

// What is counted of a genre in one mode.
class ModeCounts {
public:
    void add(const std::vector<ChordCode>& halves) {
        ChordCode before = kNoChordCode, last = kNoChordCode;
        std::size_t held = 0;
        for (std::size_t h = 0; h < halves.size(); ++h) {
            const auto now = halves[h];
            const auto place = h % kPeriodHalves;
            functions_[place][function_of(now)] += 1.0;
            if (last != kNoChordCode) {
                auto& count = changes_[place][std::min(held, kHeldHalves) - 1];
                count.yes += now != last ? 1.0 : 0.0;
                count.all += 1.0;
            }
            if (h == 0) ++follows_[{kNoChordCode, kBeginCode, now}];
            if (now != last) {
                ++follows_[{kNoChordCode, kNoChordCode, now}];
                if (last != kNoChordCode) ++follows_[{kNoChordCode, last, now}];
                if (before != kNoChordCode) ++follows_[{before, last, now}];
                before = last;
                last = now;
                held = 0;
            }
            ++held;
        }
    }

    [[nodiscard]] ModeChords model() const {
        ModeChords mode;
        tell_changes(mode);
        tell_places(mode);
        for (const auto& [follow, count] : follows_) {
            if (follow[0] != kNoChordCode && count < kLeastTriple) continue;
            mode.follows.push_back({follow[0], follow[1], follow[2], count});
        }
        std::ranges::sort(mode.follows);
        return mode;
    }

private:
    void tell_changes(ModeChords& mode) const {
        // By whether it is the middle of a bar, where little is seen of one place.
        std::array<std::array<Count, kHeldHalves>, 2> usual{};
        Count all;
        for (std::size_t p = 0; p < kPeriodHalves; ++p)
            for (std::size_t h = 0; h < kHeldHalves; ++h) {
                auto& count = usual[p % 2][h];
                count.yes += changes_[p][h].yes;
                count.all += changes_[p][h].all;
                all.yes += changes_[p][h].yes;
                all.all += changes_[p][h].all;
            }
        for (std::size_t p = 0; p < kPeriodHalves; ++p)
            for (std::size_t h = 0; h < kHeldHalves; ++h)
                mode.changes[p][h] =
                    static_cast<float>(changes_[p][h].share(usual[p % 2][h].share(all.share(0.5))));
    }

    void tell_places(ModeChords& mode) const {
        std::array<double, kChordFunctions> anywhere{};
        double all = 0.0;
        for (const auto& place : functions_)
            for (std::size_t f = 0; f < kChordFunctions; ++f) {
                anywhere[f] += place[f];
                all += place[f];
            }
        for (std::size_t p = 0; p < kPeriodHalves; ++p) {
            const double here = std::accumulate(functions_[p].begin(), functions_[p].end(), 0.0);
            for (std::size_t f = 0; f < kChordFunctions; ++f) {
                const double usual = all > 0.0 ? anywhere[f] / all : 0.0;
                const double share = (functions_[p][f] + kDoubt * usual) / (here + kDoubt);
                mode.places[p][f] = usual > 0.0 ? std::clamp(static_cast<float>(share / usual),
                                                             1.0F / kMostLikelier, kMostLikelier)
                                                : 1.0F;
            }
        }
    }

    std::array<std::array<Count, kHeldHalves>, kPeriodHalves> changes_{};
    std::array<std::array<double, kChordFunctions>, kPeriodHalves> functions_{};
    std::map<std::array<ChordCode, 3>, std::uint16_t> follows_;
};

// Which phrases have the chords of an earlier one; those whose tune returns do not count.
std::vector<ChordPhrase> chord_returns(const Harmony& harmony,
                                       const std::vector<std::optional<PhraseReturn>>& tune) {
    const auto& halves = harmony.halves;
    std::vector<ChordPhrase> phrases(halves.size() / kPhraseHalves);
    for (std::size_t p = 1; p < phrases.size(); ++p) {
        phrases[p].counts = p >= tune.size() || !tune[p];
        for (std::size_t back = 1; back <= std::min(p, kFarthestReturn); ++back) {
            std::size_t same = 0;
            for (std::size_t h = 0; h < kPhraseHalves; ++h)
                same += halves[p * kPhraseHalves + h] == halves[(p - back) * kPhraseHalves + h];
            const auto share = static_cast<float>(same) / kPhraseHalves;
            if (same < kSameHalves || (phrases[p].back && phrases[p].back->likeness >= share))
                continue;
            phrases[p].back = PhraseReturn{static_cast<std::uint32_t>(back), share};
        }
    }
    return phrases;
}

// Notes on heavy beats: tones of their chord, and of one that is another.
struct Obedience {
    double notes = 0.0, own = 0.0, other = 0.0;

    void add(const Piece& piece, const Vocabulary& vocabulary) {
        const auto& chords = piece.chords;
        const bool triple = is_triple(piece);
        for (std::size_t bar = 0; bar + kWrongBars < chords.bars.size(); ++bar) {
            const auto middle = middle_of(chords, bar, triple);
            for (const auto at : {chords.bars[bar], middle}) {
                if (at == middle && middle == chords.bars[bar] && !triple) continue;
                const auto chord = chords.at(at);
                const auto wrong = chords.at(chords.bars[bar + kWrongBars]);
                if (chord.is_none() || wrong.is_none() || code_of(chord) == code_of(wrong))
                    continue;
                const auto onset = std::ranges::lower_bound(chords.onsets, at);
                if (onset == chords.onsets.end() || *onset != at) continue;
                const auto& event = vocabulary[piece.line.events[static_cast<std::size_t>(
                    onset - chords.onsets.begin())]];
                if (event.is_rest()) continue;
                const auto tone = pitch_class_of(*event.pitch);
                notes += 1.0;
                own += is_chord_tone(chord, tone) ? 1.0 : 0.0;
                other += is_chord_tone(wrong, tone) ? 1.0 : 0.0;
                if (triple) break;  // begin and middle are one
            }
        }
    }
};

FittedChords::Genre fit_genre(const std::vector<const Piece*>& pieces,
                              const Vocabulary& vocabulary) {
    FittedChords::Genre fitted;
    std::array<ModeCounts, kHomeModes> modes;
    std::vector<std::vector<ChordPhrase>> returns;
    Obedience obedience;
    Count minor, back;
    double bars = 0.0, chords = 0.0;
    for (const Piece* piece : pieces) {
        const auto harmony = harmony_of(*piece);
        if (harmony.halves.empty()) continue;
        ++fitted.pieces;
        modes[static_cast<std::size_t>(harmony.mode)].add(harmony.halves);
        minor.yes += harmony.mode == HomeMode::minor ? 1.0 : 0.0;
        minor.all += 1.0;
        bars += static_cast<double>(harmony.halves.size()) / 2.0;
        chords += 1.0;
        for (std::size_t h = 1; h < harmony.halves.size(); ++h)
            chords += harmony.halves[h] != harmony.halves[h - 1] ? 1.0 : 0.0;
        returns.push_back(chord_returns(harmony, returns_along(piece->line, vocabulary)));
        for (const auto& phrase : returns.back()) {
            if (!phrase.counts) continue;
            back.yes += phrase.back ? 1.0 : 0.0;
            back.all += 1.0;
        }
        if (piece->chords.source != ChordSource::melody) obedience.add(*piece, vocabulary);
    }
    for (std::size_t m = 0; m < kHomeModes; ++m) fitted.model.modes[m] = modes[m].model();
    fitted.model.form = fit_form(returns);
    fitted.model.minor = minor.all > 0.0 ? static_cast<float>(minor.yes / minor.all) : 0.0F;
    fitted.bars_a_chord = chords > 0.0 ? bars / chords : 0.0;
    fitted.returning = back.all > 0.0 ? back.yes / back.all : 0.0;
    fitted.tones = obedience.own / std::max(1.0, obedience.notes);
    fitted.by_chance = obedience.other / std::max(1.0, obedience.notes);
    return fitted;
}

}  // namespace

FittedChords fit_chords(const DataSet& data) {
    FittedChords fitted;
    for (std::size_t g = 0; g < data.genres.size(); ++g) {
        std::vector<const Piece*> sure, guessed;
        for (const Piece& piece : data.pieces) {
            if (piece.genre != g || piece.split != Split::training) continue;
            (piece.chords.source == ChordSource::melody ? guessed : sure).push_back(&piece);
        }
        if (sure.size() < kFewPieces) sure.insert(sure.end(), guessed.begin(), guessed.end());
        fitted.genres.push_back(fit_genre(sure, data.vocabulary));
    }
    return fitted;
}

}  // namespace fusion::train
