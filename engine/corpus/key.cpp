#include "engine/corpus/key.hpp"

#include <cmath>
#include <numeric>

namespace fusion {
namespace {

// How often each degree is heard in a passage of the Kostka and Payne corpus (Temperley, Music and
// Probability, MIT Press 2007, chapter 6), from the tonic up. On scores with a key signature these
// name the key far more often than probe-tone ratings do, which mistake the dominant for the tonic.
constexpr PitchClassWeights kMajorProfile{0.748, 0.060, 0.488, 0.082, 0.670, 0.460,
                                          0.096, 0.715, 0.104, 0.366, 0.057, 0.400};
constexpr PitchClassWeights kMinorProfile{0.712, 0.084, 0.474, 0.618, 0.049, 0.460,
                                          0.105, 0.747, 0.404, 0.067, 0.133, 0.330};

double mean_of(const PitchClassWeights& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / 12.0;
}

// Pearson's r; 0 where the weights are all equal.
double likeness(const PitchClassWeights& weights, const PitchClassWeights& profile,
                std::size_t tonic) {
    const double weight_mean = mean_of(weights);
    const double profile_mean = mean_of(profile);
    double product = 0.0;
    double weight_spread = 0.0;
    double profile_spread = 0.0;
    for (std::size_t i = 0; i < 12; ++i) {
        const double weight = weights[(i + tonic) % 12] - weight_mean;
        const double rating = profile[i] - profile_mean;
        product += weight * rating;
        weight_spread += weight * weight;
        profile_spread += rating * rating;
    }
    if (weight_spread <= 0.0) return 0.0;
    return product / std::sqrt(weight_spread * profile_spread);
}

double sum_of(const PitchClassWeights& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

PitchClassWeights in_equal_parts(const PitchClassWeights& a, const PitchClassWeights& b) {
    PitchClassWeights mixed{};
    for (const auto* part : {&a, &b}) {
        const double sum = sum_of(*part);
        for (std::size_t i = 0; sum > 0.0 && i < 12; ++i) mixed[i] += (*part)[i] / sum;
    }
    return mixed;
}

double share_at_home(const PitchClassWeights& weights, int semitones) {
    const double sum = sum_of(weights);
    if (sum <= 0.0) return 0.0;
    double held = 0.0;
    for (const int white : {0, 2, 4, 5, 7, 9, 11})
        held += weights[static_cast<std::size_t>(((white - semitones) % 12 + 12) % 12)];
    return held / sum;
}

Key estimate_key(const PitchClassWeights& weights) {
    Key best;
    double highest = -2.0;
    for (std::uint8_t tonic = 0; tonic < 12; ++tonic) {
        for (const auto mode : {Mode::major, Mode::minor}) {
            const Key key{tonic, mode};
            const auto& profile = mode == Mode::major ? kMajorProfile : kMinorProfile;
            const double value =
                likeness(weights, profile, tonic) + share_at_home(weights, shift_to_c_or_a(key));
            if (value > highest + 1e-9) {
                highest = value;
                best = key;
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
