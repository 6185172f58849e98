#include "engine/train/band_tones.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>

namespace fusion::train {
namespace {

constexpr std::uint8_t kAllVoices = 0b1111;
constexpr int kVoices = 4;
constexpr int kLowestRegister = 24, kHighestRegister = 60;

bool is_tone(const std::optional<PitchClass>& tone, PitchClass c) { return tone && *tone == c; }

// By semitones above the root, where the chord has no tone there.
constexpr std::array<BassTone, 12> kNearest{
    BassTone::second, BassTone::second, BassTone::second,  BassTone::third,
    BassTone::third,  BassTone::fourth, BassTone::fifth,   BassTone::fifth,
    BassTone::sixth,  BassTone::sixth,  BassTone::seventh, BassTone::seventh,
};

}  // namespace

bool is_crash(int key) { return key == 49 || key == 52 || key == 55 || key == 57; }

int lowest_of_register(std::span<const int> roots) {
    int best = 28, most = 0;  // E1, the lowest string
    for (int lowest = kLowestRegister; lowest <= kHighestRegister; ++lowest) {
        const auto held = static_cast<int>(std::ranges::count_if(
            roots, [&](int root) { return root >= lowest && root < lowest + 12; }));
        if (held > most) {
            best = lowest;
            most = held;
        }
    }
    return best;
}

ToldTone bass_tone(int pitch, const Chord& chord, const Chord& next, int lowest) {
    const auto c = pitch_class_of(pitch);
    const int above = semitones_up(chord.root(), c);
    BassTone tone = kNearest[static_cast<std::size_t>(above)];
    const bool stable = above == 0 || is_tone(third_of(chord), c) || is_tone(fifth_of(chord), c);
    if (above == 0)
        tone = BassTone::root;
    else if (is_tone(third_of(chord), c))
        tone = BassTone::third;
    else if (is_tone(fifth_of(chord), c))
        tone = BassTone::fifth;
    else if (is_tone(seventh_of(chord), c))
        tone = BassTone::seventh;
    const int root = lowest + semitones_up(pitch_class_of(lowest), chord.root());
    auto octave = static_cast<int>(std::floor((pitch - root) / 12.0));
    if (!stable && !next.is_none()) {
        const int to = semitones_up(c, next.root());
        if (to == 1 || to >= 10) {
            // It is counted from the root that it leads to.
            const int target = lowest + semitones_up(pitch_class_of(lowest), next.root());
            const int resolved = to == 1 ? pitch + 1 : pitch - (12 - to);
            tone = to == 1 ? BassTone::from_below : BassTone::from_above;
            octave = static_cast<int>(std::floor((resolved - target) / 12.0));
        }
    }
    return {tone, static_cast<std::int8_t>(std::clamp(octave, -8, 8))};
}

void settle_octaves(std::vector<BandNote>& notes) {
    if (notes.empty()) return;
    int lowest = 127, lowest_root = 127;
    for (const auto& note : notes) {
        lowest = std::min<int>(lowest, note.octave);
        if (note.what == static_cast<std::uint8_t>(BassTone::root))
            lowest_root = std::min<int>(lowest_root, note.octave);
    }
    const int down = lowest_root < 127 ? lowest_root : lowest;
    for (auto& note : notes)
        note.octave = static_cast<std::int8_t>(std::clamp(note.octave - down, -1, 2));
}

std::uint8_t voices_of_chord(const std::set<int>& struck, const std::set<int>& sounding,
                             std::size_t taken) {
    if (struck.size() + taken >= 3) return kAllVoices;
    const auto count = static_cast<int>(std::max<std::size_t>(1, sounding.size()));
    unsigned mask = 0;
    for (const int pitch : struck) {
        const auto rank = static_cast<int>(std::distance(sounding.begin(), sounding.find(pitch)));
        // More than four pitches share the voices by their height; of one or two the middle ones.
        int voice = rank;
        if (count > kVoices)
            voice = static_cast<int>(std::lround(rank * (kVoices - 1.0) / (count - 1.0)));
        else if (count <= 2)
            voice = rank + 1;
        mask |= 1U << static_cast<unsigned>(std::clamp(voice, 0, kVoices - 1));
    }
    return static_cast<std::uint8_t>(mask);
}

}  // namespace fusion::train
