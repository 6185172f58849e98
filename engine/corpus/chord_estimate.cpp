#include "engine/corpus/chord_estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace fusion {
namespace {

constexpr std::size_t kRoots = 12;
constexpr auto kQualities = std::to_array<ChordQuality>(
    {ChordQuality::major, ChordQuality::minor, ChordQuality::dominant7, ChordQuality::major7,
     ChordQuality::minor7, ChordQuality::half_diminished, ChordQuality::diminished,
     ChordQuality::diminished7, ChordQuality::augmented, ChordQuality::sus4, ChordQuality::sus2});
constexpr std::size_t kStates = kRoots * kQualities.size();

// How often each chord holds for a half bar in C major and A minor: in thousands, counted over the
// markers of POP909, of the two jazz sources and of OpenEWLD, a third each. Rows are roots from C
// up.
constexpr std::array<std::array<double, kQualities.size()>, kRoots> kUsual{{
    {184, 2, 32, 32, 2, 0, 1, 0, 1, 2, 5},
    {2, 0, 3, 4, 1, 0, 1, 3, 0, 0, 0},
    {8, 36, 35, 2, 42, 1, 0, 0, 0, 3, 1},
    {1, 0, 3, 1, 2, 0, 1, 1, 0, 0, 0},
    {10, 27, 24, 2, 11, 2, 0, 0, 0, 3, 0},
    {71, 6, 10, 16, 3, 0, 0, 0, 0, 0, 2},
    {1, 2, 2, 0, 2, 2, 2, 1, 0, 0, 0},
    {64, 3, 96, 2, 7, 0, 0, 0, 1, 6, 2},
    {2, 0, 4, 2, 1, 0, 0, 0, 0, 0, 0},
    {9, 82, 26, 4, 26, 0, 0, 0, 0, 3, 3},
    {4, 1, 8, 2, 1, 0, 0, 0, 0, 0, 0},
    {0, 2, 6, 1, 5, 4, 1, 0, 0, 0, 0},
}};
constexpr double kNever = 0.5;  // what is 0 there

// How many semitones up the root goes where the chord changes; counted in the same way.
constexpr std::array<double, kRoots> kMotion{0.072, 0.033, 0.095, 0.032, 0.028, 0.404,
                                             0.021, 0.122, 0.031, 0.060, 0.057, 0.046};

// The shares of a half bar's sound, and of its bass, that fall on each tone of a chord; counted
// over POP909 and rounded. What is no tone of the chord has the share of its place above the root.
struct Shares {
    double root, third, fifth, seventh;
    std::array<double, kRoots> others;
};
constexpr Shares kTriadSound{
    0.43, 0.20, 0.24, 0.0, {0, .005, .035, .005, .002, .03, .002, .006, .01, .028, .03, .008}};
constexpr Shares kSeventhSound{
    0.31, 0.20, 0.20, 0.175, {0, .005, .035, .005, .002, .03, .002, .006, .01, .028, .03, .008}};
constexpr Shares kTriadBass{
    0.76, 0.065, 0.08, 0.0, {0, .004, .03, .004, .002, .025, .002, .006, .01, .012, .02, .006}};
constexpr Shares kSeventhBass{
    0.60, 0.065, 0.08, 0.12, {0, .004, .03, .004, .002, .025, .002, .006, .01, .012, .02, .006}};

// How much each part of the evidence weighs, and what a change costs at a bar line and within the
// bar; all in nats. Found by trying, on the first fifth of POP909's files, and for a melody alone
// on their melodies and OpenEWLD's. Without the motion of the root a melody's roots agree three to
// four points less often.
struct Weighing {
    double sound;
    double bass;
    double motion;
    double change_at_bar;
    double change_within;
};
constexpr Weighing kOfVoices{12.0, 2.0, 0.5, 0.3, 2.0};
constexpr Weighing kOfMelody{3.0, 0.0, 1.5, 0.0, 0.5};

constexpr double kEnough = 1.0;  // beats of sound, weighted: less is less evidence

using LogShares = std::array<std::array<double, kRoots>, kQualities.size()>;
using Scores = std::array<double, kStates>;

constexpr std::size_t root_of(std::size_t state) { return state / kQualities.size(); }
constexpr std::size_t quality_of(std::size_t state) { return state % kQualities.size(); }

LogShares log_shares(const Shares& of_triad, const Shares& of_seventh) {
    LogShares logs{};
    for (std::size_t q = 0; q < kQualities.size(); ++q) {
        const Chord chord{PitchClass{0}, kQualities[q]};
        const auto& shares = seventh_of(chord) ? of_seventh : of_triad;
        auto row = shares.others;
        for (int s = 0; s < 12; ++s) {
            const auto tone = pitch_class_of(s);
            if (!chord.tones().holds(tone)) continue;
            row[static_cast<std::size_t>(s)] = s == 0                      ? shares.root
                                               : fifth_of(chord) == tone   ? shares.fifth
                                               : seventh_of(chord) == tone ? shares.seventh
                                                                           : shares.third;
        }
        const double sum = std::accumulate(row.begin(), row.end(), 0.0);
        for (std::size_t s = 0; s < kRoots; ++s) logs[q][s] = std::log(row[s] / sum);
    }
    return logs;
}

// Adds the likelihood of what sounds under each chord.
void add_likelihood(Scores& scores, const PitchClassWeights& sound, const LogShares& logs,
                    double weight) {
    const double sum = std::accumulate(sound.begin(), sound.end(), 0.0);
    if (sum <= 0.0 || weight <= 0.0) return;
    const double scale = weight * std::min(1.0, sum / kEnough) / sum;
    for (std::size_t state = 0; state < kStates; ++state) {
        const auto& row = logs[quality_of(state)];
        double likelihood = 0.0;
        for (std::size_t c = 0; c < kRoots; ++c)
            likelihood += sound[c] * row[(c + kRoots - root_of(state)) % kRoots];
        scores[state] += scale * likelihood;
    }
}

std::size_t best_of(const Scores& scores) {
    return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) -
                                    scores.begin());
}

// From the best chord on each root to each root: where a change comes from, and what it is worth.
struct Arrival {
    std::size_t from = 0;
    double score = 0.0;
};
std::array<Arrival, kRoots> arrivals(const Scores& scores,
                                     const std::array<double, kRoots>& worth) {
    std::array<Arrival, kRoots> best_on;
    for (std::size_t root = 0; root < kRoots; ++root) {
        const auto first = scores.begin() + static_cast<std::ptrdiff_t>(root * kQualities.size());
        const auto best = std::max_element(first, first + kQualities.size());
        best_on[root] = {static_cast<std::size_t>(best - scores.begin()), *best};
    }
    std::array<Arrival, kRoots> at;
    for (std::size_t to = 0; to < kRoots; ++to)
        for (std::size_t from = 0; from < kRoots; ++from) {
            const double score = best_on[from].score + worth[(to + kRoots - from) % kRoots];
            if (from == 0 || score > at[to].score) at[to] = {best_on[from].from, score};
        }
    return at;
}

}  // namespace

std::vector<Chord> estimate_chords(std::span<const HalfBar> halves, Evidence evidence) {
    if (halves.empty()) return {};
    static const LogShares sound = log_shares(kTriadSound, kSeventhSound);
    static const LogShares bass = log_shares(kTriadBass, kSeventhBass);
    const auto& weigh = evidence == Evidence::voices ? kOfVoices : kOfMelody;
    Scores usual{};
    for (std::size_t state = 0; state < kStates; ++state)
        usual[state] =
            std::log(std::max(kNever, kUsual[root_of(state)][quality_of(state)]) / 1000.0);

    std::array<double, kRoots> worth{};  // a motion of the root, over one by chance
    for (std::size_t up = 0; up < kRoots; ++up)
        worth[up] = weigh.motion * std::log(kMotion[up] * kRoots);

    // Whether a chord goes on or comes anew, and from which one; `usual` counts when it comes.
    Scores scores = usual;
    std::vector<std::array<std::uint8_t, kStates>> came_from(halves.size());
    static_assert(kStates <= 256);
    for (std::size_t h = 0; h < halves.size(); ++h) {
        if (h > 0) {
            const auto arrival = arrivals(scores, worth);
            const double cost = halves[h].second ? weigh.change_within : weigh.change_at_bar;
            for (std::size_t state = 0; state < kStates; ++state) {
                const auto& [from, score] = arrival[root_of(state)];
                const double changed = score - cost + usual[state];
                const bool changes = changed > scores[state];
                came_from[h][state] = static_cast<std::uint8_t>(changes ? from : state);
                if (changes) scores[state] = changed;
            }
        }
        add_likelihood(scores, halves[h].sounding, sound, weigh.sound);
        add_likelihood(scores, halves[h].bass, bass, weigh.bass);
    }

    std::vector<Chord> chords(halves.size());
    auto state = best_of(scores);
    for (std::size_t h = halves.size(); h-- > 0;) {
        chords[h] =
            Chord{pitch_class_of(static_cast<int>(root_of(state))), kQualities[quality_of(state)]};
        state = came_from[h][state];
    }
    return chords;
}

}  // namespace fusion
