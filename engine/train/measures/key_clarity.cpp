#include "engine/train/measures/key_clarity.hpp"

#include <algorithm>
#include <cmath>

namespace fusion::train {
namespace {

constexpr std::size_t kClasses = 12;
// C. L. Krumhansl, "Cognitive Foundations of Musical Pitch" (1990): probe tone ratings.
constexpr PitchClassCounts kMajor{6.35, 2.23, 3.48, 2.33, 4.38, 4.09,
                                  2.52, 5.19, 2.39, 3.66, 2.29, 2.88};
constexpr PitchClassCounts kMinor{6.33, 2.68, 3.52, 5.38, 2.60, 3.53,
                                  2.54, 4.75, 3.98, 2.69, 3.34, 3.17};

double correlation(const PitchClassCounts& a, const PitchClassCounts& b, std::size_t turned) {
    double a_sum = 0.0, b_sum = 0.0;
    for (std::size_t c = 0; c < kClasses; ++c) {
        a_sum += a[c];
        b_sum += b[c];
    }
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (std::size_t c = 0; c < kClasses; ++c) {
        const double x = a[(c + turned) % kClasses] - a_sum / kClasses, y = b[c] - b_sum / kClasses;
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    return aa > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

}  // namespace

ClearKey clearest_key(const PitchClassCounts& heard) {
    ClearKey best;
    std::array<double, kClasses> by_tonic{};
    for (std::size_t tonic = 0; tonic < kClasses; ++tonic) {
        by_tonic[tonic] =
            std::max(correlation(heard, kMajor, tonic), correlation(heard, kMinor, tonic));
        if (by_tonic[tonic] > best.clarity) {
            best.clarity = by_tonic[tonic];
            best.tonic = tonic;
        }
    }
    double next = -1.0;
    for (std::size_t tonic = 0; tonic < kClasses; ++tonic)
        if (tonic != best.tonic) next = std::max(next, by_tonic[tonic]);
    best.beyond_next = best.clarity - next;
    return best;
}

}  // namespace fusion::train
