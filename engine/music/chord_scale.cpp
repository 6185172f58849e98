#include "engine/music/chord_scale.hpp"

#include <array>

namespace fusion {
namespace {

constexpr std::array<PitchClassSet, 3> kScalesOnC{
    PitchClassSet{0b1010'1011'0101},  // major
    PitchClassSet{0b1010'1010'1101},  // melodic minor
    PitchClassSet{0b1001'1010'1101},  // harmonic minor
};

// A tone of the chord outside the scale costs more than all else together may be worth.
constexpr int kMissing = 64;
constexpr int kOfTheNext = 2;

int common(PitchClassSet a, PitchClassSet b) { return size_of(a & b); }

}  // namespace

PitchClassSet scale_of(const Chord& chord, const Chord& next, PitchClassSet home) {
    if (chord.is_none()) return home;
    const auto tones = chord.tones().with(chord.bass());
    PitchClassSet best = home;
    int most = -kMissing * 12;
    for (const auto on_c : kScalesOnC)
        for (int root = 0; root < 12; ++root) {
            const auto scale = on_c.transposed(root);
            const int missing = size_of(tones) - common(scale, tones);
            const int worth =
                kOfTheNext * common(scale, next.tones()) + common(scale, home) - kMissing * missing;
            if (worth <= most) continue;
            most = worth;
            best = scale;
        }
    return best | tones;
}

}  // namespace fusion
