#include "engine/plan/held_chord.hpp"

#include <algorithm>

namespace fusion {
namespace {

struct Shape {
    ChordQuality quality;
    int rarity;  // how much plainer another shape is, in the unit of cost_of()
};

constexpr std::array<Shape, kChordQualities - 1> kShapes{{{ChordQuality::major, 0},
                                                          {ChordQuality::minor, 0},
                                                          {ChordQuality::dominant7, 1},
                                                          {ChordQuality::minor7, 1},
                                                          {ChordQuality::major7, 1},
                                                          {ChordQuality::power, 1},
                                                          {ChordQuality::major6, 2},
                                                          {ChordQuality::minor6, 2},
                                                          {ChordQuality::half_diminished, 2},
                                                          {ChordQuality::diminished, 2},
                                                          {ChordQuality::diminished7, 2},
                                                          {ChordQuality::sus4, 2},
                                                          {ChordQuality::dominant7_sus4, 2},
                                                          {ChordQuality::minor_major7, 3},
                                                          {ChordQuality::augmented, 3},
                                                          {ChordQuality::sus2, 3}}};

// A tone of the shape that is not held, and a held tone that is none of the shape's: over a third
// the fifth is often left out, to a perfect fifth a ninth, a fourth or a sixth often added; a
// semitone above a tone of the shape is meant over a seventh chord alone.
int cost_of(const Shape& shape, PitchClassSet held) {
    const auto tones = tones_of(shape.quality);
    const auto has = [&](int semitones) { return tones.holds(pitch_class_of(semitones)); };
    const bool third = has(3) || has(4);
    int cost = shape.rarity;
    for (int s = 0; s < 12; ++s) {
        const bool is_held = held.holds(pitch_class_of(s));
        if (has(s) && !is_held) cost += s == 7 && third ? 3 : 8;
        if (is_held && !has(s)) {
            const bool clash = has(s - 1) && !has(10);
            const bool plain = has(7) && (s == 2 || s == 5 || s == 9);
            cost += clash ? 9 : plain ? 4 : 6;
        }
    }
    return cost;
}

constexpr int kInversion = 3;

}  // namespace

Chord held_chord(std::span<const Pitch> notes) {
    if (notes.empty()) return {};
    PitchClassSet held{0};
    for (const auto note : notes) held = held.with(pitch_class_of(note));
    const auto bass = pitch_class_of(*std::min_element(notes.begin(), notes.end()));

    Chord best;
    int lowest = 0;
    for (int up = 0; up < 12; ++up) {
        const auto root = bass + up;
        if (!held.holds(root)) continue;
        const auto from_root = held.transposed(-root.count());
        for (const auto& shape : kShapes) {
            const int cost = cost_of(shape, from_root) + (up == 0 ? 0 : kInversion);
            if (!best.is_none() && cost >= lowest) continue;
            lowest = cost;
            best = {root, bass, (from_root | tones_of(shape.quality)).transposed(root.count())};
        }
    }
    return best;
}

}  // namespace fusion
