#include "engine/corpus/key.hpp"

#include <cmath>

namespace fusion {
namespace {

// Krumhansl and Kessler's probe-tone ratings (Psychological Review 89, 1982; Krumhansl, Cognitive
// Foundations of Musical Pitch, Oxford 1990, table 2.1), from the tonic up.
constexpr PitchClassWeights kMajorProfile{6.35, 2.23, 3.48, 2.33, 4.38, 4.09,
                                          2.52, 5.19, 2.39, 3.66, 2.29, 2.88};
constexpr PitchClassWeights kMinorProfile{6.33, 2.68, 3.52, 5.38, 2.60, 3.53,
                                          2.54, 4.75, 3.98, 2.69, 3.34, 3.17};

double mean_of(const PitchClassWeights& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum / 12.0;
}

// Pearson's r up to the factor that is the same for all keys (the spread of the weights).
double likeness(const PitchClassWeights& weights, const PitchClassWeights& profile,
                std::size_t tonic) {
    const double weight_mean = mean_of(weights);
    const double profile_mean = mean_of(profile);
    double product = 0.0;
    double spread = 0.0;
    for (std::size_t i = 0; i < 12; ++i) {
        const double rating = profile[i] - profile_mean;
        product += (weights[(i + tonic) % 12] - weight_mean) * rating;
        spread += rating * rating;
    }
    return product / std::sqrt(spread);
}

}  // namespace

Key estimate_key(const PitchClassWeights& weights) {
    Key best;
    double highest = likeness(weights, kMajorProfile, 0);
    for (std::uint8_t tonic = 0; tonic < 12; ++tonic) {
        for (const auto mode : {Mode::major, Mode::minor}) {
            const auto& profile = mode == Mode::major ? kMajorProfile : kMinorProfile;
            const double value = likeness(weights, profile, tonic);
            if (value > highest) {
                highest = value;
                best = {tonic, mode};
            }
        }
    }
    return best;
}

int shift_to_c_or_a(Key key) {
    const int home = key.mode == Mode::major ? 0 : 9;
    const int up = (home - key.tonic + 12) % 12;
    return up > 6 ? up - 12 : up;
}

int octave_shift(double mean) {
    int shift = 0;
    while (mean + shift < 54.0) shift += 12;
    while (mean + shift > 80.0) shift -= 12;
    return shift;
}

Pitch shifted_pitch(Pitch pitch, int shift) {
    int value = int{pitch.count()} + shift;
    while (value < kLowestLinePitch.count()) value += 12;
    while (value > kHighestLinePitch.count()) value -= 12;
    return Pitch{static_cast<std::uint8_t>(value)};
}

}  // namespace fusion
