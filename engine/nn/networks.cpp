#include "engine/nn/networks.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace fusion {

namespace {

constexpr auto kPositions = static_cast<std::int64_t>(kBarPositions);
constexpr auto kChords = static_cast<std::int64_t>(kChordRows);
constexpr auto kMeters = static_cast<std::int64_t>(kMeterClasses);

Status check(const Bundle& bundle, const TensorShape& wanted) {
    const auto found = bundle.tensors.find(wanted.name);
    if (found == bundle.tensors.end())
        return fail(Error::Code::malformed,
                    fmt::format("the bundle has no tensor {}: train it again", wanted.name));
    const BundleTensor& tensor = found->second;
    if (tensor.shape != wanted.shape)
        return fail(
            Error::Code::malformed,
            fmt::format("the bundle's tensor {} has the shape ({}), this build wants ({}): "
                        "train it again, or use the build that made it",
                        wanted.name, fmt::join(tensor.shape, ", "), fmt::join(wanted.shape, ", ")));
    if (!std::all_of(tensor.values.begin(), tensor.values.end(),
                     [](float value) { return std::isfinite(value); }))
        return fail(Error::Code::malformed,
                    fmt::format("the bundle's tensor {} holds a number that is not finite: "
                                "the file or its training is broken, take another",
                                wanted.name));
    return {};
}

}  // namespace

std::string phase1_prefix(const std::string& genre) { return "phase1/" + genre + "/"; }

std::string phase2_prefix() { return "phase2/"; }

std::int64_t recall_rows(const EventClasses& classes) {
    return static_cast<std::int64_t>(
        kRecallSlots * (classes.tones.size() + classes.lengths.size() + 2) + 3 * kRecallStrengths +
        kRecallDistances + kRecallRounds + kRecallAges + kRecallHeights + kRecallSpreads);
}

std::array<std::int64_t, kRecallRowsTold> recalled_rows(const Recall& recall,
                                                        const EventClasses& classes) {
    std::array<std::int64_t, kRecallRowsTold> rows{};
    const std::size_t tones = classes.tones.size() + 1, lengths = classes.lengths.size() + 1;
    std::size_t first = 0;
    for (std::size_t s = 0; s < kRecallSlots; ++s) {
        const EventId event = recall.event[s];
        const bool none = event == kNothingRecalled;
        const std::size_t tone = none ? tones - 1 : classes.tone_of[event];
        const std::size_t length = none ? lengths - 1 : classes.length_of[event];
        rows[2 * s] = static_cast<std::int64_t>(first + tone);
        rows[2 * s + 1] = static_cast<std::int64_t>(first + tones + length);
        first += tones + lengths;
    }
    std::size_t at = 2 * kRecallSlots;
    const auto tell = [&](std::size_t value, std::size_t count) {
        rows[at++] = static_cast<std::int64_t>(first + value);
        first += count;
    };
    tell(recall.repeat_strength, kRecallStrengths);
    tell(recall.sequence_strength, kRecallStrengths);
    tell(recall.rhythm_strength, kRecallStrengths);
    tell(recall.repeat_distance, kRecallDistances);
    tell(recall.repeat_rounds, kRecallRounds);
    tell(recall.age, kRecallAges);
    tell(recall.height, kRecallHeights);
    tell(recall.spread, kRecallSpreads);
    return rows;
}

namespace {

// Zeros below what is there, up to `rows` of `width`.
void lengthen(Bundle& bundle, const std::string& name, std::int64_t rows, std::int64_t width) {
    const auto found = bundle.tensors.find(name);
    if (found == bundle.tensors.end() || found->second.shape.empty()) return;
    auto& [shape, values] = found->second;
    shape.front() = rows;
    values.resize(static_cast<std::size_t>(rows * width), 0.0F);
}

void complete_phase(Bundle& bundle, const std::string& at, std::int64_t width) {
    const auto line = bundle.tensors.find(at + "line.bias");
    if (bundle.tensors.contains(at + "in.chord") || line == bundle.tensors.end() ||
        line->second.shape != std::vector{kChordScoresFrom})
        return;
    bundle.tensors[at + "in.chord"] = {
        {kChords, width}, std::vector<float>(static_cast<std::size_t>(kChords * width), 0.0F)};
    lengthen(bundle, at + "line.weight", kLineScores, width);
    lengthen(bundle, at + "line.bias", kLineScores, 1);
}

}  // namespace

void complete_older(Bundle& bundle) {
    for (const std::string& genre : bundle.genres)
        complete_phase(bundle, phase1_prefix(genre), kPhase1Dense);
    complete_phase(bundle, phase2_prefix(), kPhase2Dense);
}

std::vector<TensorShape> phase1_tensors(const std::string& genre, const Vocabulary& vocabulary) {
    const auto v = static_cast<std::int64_t>(vocabulary.size());
    const std::int64_t recalled = recall_rows(EventClasses{vocabulary});
    const std::string at = phase1_prefix(genre);
    return {{at + "in.event", {v + 1, kPhase1Dense}},
            {at + "in.position", {kPositions, kPhase1Dense}},
            {at + "in.meter", {kMeters, kPhase1Dense}},
            {at + "in.recall", {recalled, kPhase1Dense}},
            {at + "in.chord", {kChords, kPhase1Dense}},
            {at + "in.bias", {kPhase1Dense}},
            {at + "rnn.weight_ih", {kPhase1Hidden, kPhase1Dense}},
            {at + "rnn.weight_hh", {kPhase1Hidden, kPhase1Hidden}},
            {at + "rnn.bias", {kPhase1Hidden}},
            {at + "mid.weight", {kPhase1Dense, kPhase1Hidden}},
            {at + "mid.bias", {kPhase1Dense}},
            {at + "out.weight", {v, kPhase1Dense}},
            {at + "out.bias", {v}},
            {at + "line.weight", {kLineScores, kPhase1Dense}},
            {at + "line.bias", {kLineScores}}};
}

std::vector<TensorShape> phase2_tensors(std::size_t genres, const Vocabulary& vocabulary) {
    const auto v = static_cast<std::int64_t>(vocabulary.size());
    const std::int64_t recalled = recall_rows(EventClasses{vocabulary});
    const std::string at = phase2_prefix();
    return {{at + "in.event", {v + 1, kPhase2Dense}},
            {at + "in.position", {kPositions, kPhase2Dense}},
            {at + "in.meter", {kMeters, kPhase2Dense}},
            {at + "in.recall", {recalled, kPhase2Dense}},
            {at + "in.chord", {kChords, kPhase2Dense}},
            {at + "in.genre", {static_cast<std::int64_t>(genres), kPhase2Dense}},
            {at + "in.proposal", {v, kPhase2Dense}},
            {at + "in.bias", {kPhase2Dense}},
            {at + "lstm.weight_ih", {4 * kPhase2Hidden, kPhase2Dense}},
            {at + "lstm.weight_hh", {4 * kPhase2Hidden, kPhase2Hidden}},
            {at + "lstm.bias", {4 * kPhase2Hidden}},
            {at + "mid.weight", {kPhase2Dense, kPhase2Hidden}},
            {at + "mid.bias", {kPhase2Dense}},
            {at + "out.weight", {v, kPhase2Dense}},
            {at + "out.bias", {v}},
            {at + "out.experts", {1}},
            {at + "line.weight", {kLineScores, kPhase2Dense}},
            {at + "line.bias", {kLineScores}}};
}

Status check_tensors(const Bundle& bundle) {
    for (const std::string& genre : bundle.genres)
        for (const TensorShape& wanted : phase1_tensors(genre, bundle.vocabulary))
            if (Status status = check(bundle, wanted); !status) return status;
    for (const TensorShape& wanted : phase2_tensors(bundle.genres.size(), bundle.vocabulary))
        if (Status status = check(bundle, wanted); !status) return status;
    return {};
}

Result<Bundle> load_networks(const std::filesystem::path& file) {
    auto bundle = load_bundle(file);
    if (!bundle) return bundle;
    complete_older(*bundle);
    if (Status fits = check_tensors(*bundle); !fits)
        return fail(fits.error().code, fmt::format("{}: {}", file.string(), fits.error().message));
    return bundle;
}

}  // namespace fusion
