// The figures that a bundle is to reach, and whether one did. A figure over several genres or pairs
// is its worst; what is not there at all is said to be not measured, and one that came out as no
// number, or that is over the strong genres where none is named, is never counted as reached.
// Thread: any. Errors: none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/train/report/report_reading.hpp"

namespace fusion::train::report {

enum class Verdict : std::uint8_t { reached, missed, no_figure, not_measured };

struct Outcome {
    Verdict verdict = Verdict::not_measured;
    std::string figure;
    std::string others;  // the rest of those that miss it, where it is a target for each of several
};

struct Target {
    std::string_view what;
    std::string_view wanted;
    Outcome (*judge)(const Measured&);
};

[[nodiscard]] const std::vector<Target>& targets();
[[nodiscard]] std::size_t count_reached(const Measured& measured);

// The paper's range of F1, and the limits that the sections mark too.
constexpr double kPaperF1Low = 0.25, kPaperF1High = 0.31;
constexpr double kMeanGain = 0.25, kStrongGain = 0.17;
constexpr double kMeanOverMemory = 0.70, kStrongOverMemory = 0.80;
constexpr double kOfCeiling = 0.95, kRankCorrelation = 0.95, kOverlapOfReal = 0.85;
constexpr double kAloneTold = 0.65, kBlendTold = 0.75, kOpeningTold = 0.70, kSameBarsInARow = 4.0;
constexpr double kSwitchNotes = 8.0, kCopiedOverHeldOut = 1.25;

// The most by which it should be told from real pieces.
[[nodiscard]] double most_told(const ToldApart::Blend& blend);
// How far phase 2 is below the 5-gram, as a share of it.
[[nodiscard]] double gain(const Scores& scores);
// Phase 2's cross-entropy over that of the n-gram that also learns the piece.
[[nodiscard]] double over_memory(const Scores& scores);

}  // namespace fusion::train::report
