#include "engine/plan/voicing.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <vector>

namespace fusion {
namespace {

constexpr int kLowestRoot = 33;             // A1
constexpr int kLowest = 50, kHighest = 73;  // D3 to C#5: above the bass, below most of the line
constexpr int kMiddle = 58;
constexpr std::size_t kVoices = std::tuple_size_v<Voicing>;

int lowest_at_or_above(PitchClass c, int floor) {
    return floor + semitones_up(pitch_class_of(floor), c);
}

// At most four, the lowest of the stack of thirds first.
std::vector<PitchClass> voices_of(const Chord& chord) {
    std::vector<PitchClass> all;
    for (int up = 0; up < 12; ++up)
        if (const auto c = chord.root() + up; chord.tones().holds(c)) all.push_back(c);
    const auto leave_out = [&](std::optional<PitchClass> c) {
        if (all.size() > kVoices && c) std::erase(all, *c);
    };
    leave_out(chord.root());
    leave_out(fifth_of(chord));
    while (all.size() > kVoices) all.pop_back();
    return all;
}

// With the tone `lowest` of the list at the bottom, at `floor` or above.
Voicing stacked(const std::vector<PitchClass>& tones, std::size_t lowest, int floor) {
    Voicing voicing{};
    int at = lowest_at_or_above(tones[lowest], floor);
    for (std::size_t v = 0; v < kVoices; ++v) {
        at = lowest_at_or_above(tones[(lowest + v) % tones.size()], v == 0 ? at : at + 1);
        voicing[v] = at;
    }
    return voicing;
}

template <class Cost>
Voicing best_of(const Chord& chord, Cost cost) {
    const auto tones = voices_of(chord);
    Voicing best{};
    int least = std::numeric_limits<int>::max();
    for (std::size_t lowest = 0; lowest < tones.size(); ++lowest)
        for (const int floor : {kLowest, kLowest + 12}) {
            const auto voicing = stacked(tones, lowest, floor);
            if (floor > kLowest && voicing.back() > kHighest) continue;
            const int costs = cost(voicing);
            if (costs >= least) continue;
            least = costs;
            best = voicing;
        }
    return best;
}

}  // namespace

Voicing voiced(const Chord& chord) {
    return best_of(chord, [](const Voicing& voicing) {
        int from_middle = 0;
        for (const int pitch : voicing) from_middle += std::abs(pitch - kMiddle);
        return from_middle;
    });
}

Voicing voiced(const Chord& chord, const Voicing& before) {
    return best_of(chord, [&](const Voicing& voicing) {
        int motion = 0;
        for (std::size_t v = 0; v < kVoices; ++v) motion += std::abs(voicing[v] - before[v]);
        return motion;
    });
}

int bass_pitch(BassTone tone, int octave, const Chord& chord, const Chord& next,
               PitchClassSet home) {
    const int root = lowest_at_or_above(chord.bass(), kLowestRoot) + 12 * octave;
    const auto above = [&](std::optional<PitchClass> c, int otherwise) {
        return root + (c ? semitones_up(chord.bass(), *c) : otherwise);
    };
    // The step of the key, the higher of the two where it has both, or neither.
    const auto step = [&](PitchClass from, int low, int high) {
        return home.holds(from + low) && !home.holds(from + high) ? low : high;
    };
    const auto of_chord = [&](int low, int high) {
        return root + semitones_up(chord.bass(), chord.root() + step(chord.root(), low, high));
    };
    const auto fifth = above(fifth_of(chord), semitones_up(chord.bass(), chord.root() + 7));
    const auto aim =
        lowest_at_or_above((next.is_none() ? chord : next).bass(), kLowestRoot) + 12 * octave;
    switch (tone) {
        case BassTone::root: return root;
        case BassTone::second: return of_chord(1, 2);
        case BassTone::third: return third_of(chord) ? above(third_of(chord), 0) : fifth;
        case BassTone::fourth: return of_chord(5, 5);
        case BassTone::fifth: return fifth;
        case BassTone::sixth: return of_chord(8, 9);
        case BassTone::seventh: return seventh_of(chord) ? above(seventh_of(chord), 0) : root + 12;
        case BassTone::from_below: return aim - 1;
        case BassTone::from_above: return aim + step(pitch_class_of(aim), 1, 2);
    }
    return root;
}

}  // namespace fusion
