// The performer's genre weights (0 to 10 each) and the blend they make (sum 1, or all 0: a rest).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace fusion {

inline constexpr std::size_t kMaxGenres = 16;
inline constexpr float kMaxGenreWeight = 10.0F;

// Index i is genre i of the loaded bundle. Unused entries are 0.
struct GenreWeights {
    std::array<float, kMaxGenres> value{};
    friend bool operator==(const GenreWeights&, const GenreWeights&) = default;
};

// Normalised weights: they sum to 1, or all are 0 (silence was asked for).
struct Blend {
    std::array<float, kMaxGenres> share{};
    [[nodiscard]] constexpr bool silent() const {
        return std::all_of(share.begin(), share.end(), [](float s) { return s == 0.0F; });
    }
    friend bool operator==(const Blend&, const Blend&) = default;
};

constexpr Blend normalised(const GenreWeights& weights) {
    float sum = 0.0F;
    for (const float w : weights.value) sum += w;
    Blend blend;
    if (sum <= 0.0F) return blend;
    for (std::size_t g = 0; g < kMaxGenres; ++g) blend.share[g] = weights.value[g] / sum;
    return blend;
}

}  // namespace fusion
