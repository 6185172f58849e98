// How each genre's dice are thrown: a jazz solo wants to be left free where a folk tune wants to be
// kept. Found when a bundle is trained (engine/train/dice_search.hpp), kept in it (section DICE),
// and mixed by the blend while it plays. The performer's temperature and top_p are factors on
// these; guidance from 0 to 1 is a factor too, and what is asked for above 1 comes on top. Thread:
// any. Errors: parse_dice() says malformed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/result.hpp"

namespace fusion {

struct Blend;
struct SamplingSettings;  // generator.hpp

struct GenreDice {
    float temperature = 1.0F;  // kLeastTemperature to kMostTemperature
    float top_p = 0.95F;       // above 0, up to 1
    float guidance = 0.0F;     // 0 to kMostGuidance
    float lengths = 1.0F;      // as temperature; of the lengths alone (temper_lengths())
    friend bool operator==(const GenreDice&, const GenreDice&) = default;
};

inline constexpr float kLeastTemperature = 0.05F;
inline constexpr float kMostTemperature = 5.0F;
inline constexpr float kMostGuidance = 4.0F;

// What is asked for, times what suits the blend; the usual dice where `dice` is empty. `dice`: one
// for each genre.
[[nodiscard]] SamplingSettings suited(const SamplingSettings& asked,
                                      std::span<const GenreDice> dice, const Blend& blend);
// The same for one genre's own melody.
[[nodiscard]] SamplingSettings suited(const SamplingSettings& asked,
                                      std::span<const GenreDice> dice, std::size_t genre);

void serialise_dice(const std::vector<GenreDice>& dice, std::vector<std::uint8_t>& out);
[[nodiscard]] Result<std::vector<GenreDice>> parse_dice(std::span<const std::uint8_t> payload);

}  // namespace fusion
