#include "engine/nn/networks.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace fusion {

namespace {

constexpr auto kPositions = static_cast<std::int64_t>(kBarPositions);
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

std::vector<TensorShape> phase1_tensors(const std::string& genre, std::size_t vocabulary_size) {
    const auto v = static_cast<std::int64_t>(vocabulary_size);
    const std::string at = phase1_prefix(genre);
    return {{at + "in.event", {v + 1, kPhase1Dense}},
            {at + "in.position", {kPositions, kPhase1Dense}},
            {at + "in.meter", {kMeters, kPhase1Dense}},
            {at + "in.bias", {kPhase1Dense}},
            {at + "rnn.weight_ih", {kPhase1Hidden, kPhase1Dense}},
            {at + "rnn.weight_hh", {kPhase1Hidden, kPhase1Hidden}},
            {at + "rnn.bias", {kPhase1Hidden}},
            {at + "mid.weight", {kPhase1Dense, kPhase1Hidden}},
            {at + "mid.bias", {kPhase1Dense}},
            {at + "out.weight", {v, kPhase1Dense}},
            {at + "out.bias", {v}}};
}

std::vector<TensorShape> phase2_tensors(std::size_t genres, std::size_t vocabulary_size) {
    const auto v = static_cast<std::int64_t>(vocabulary_size);
    const std::string at = phase2_prefix();
    return {{at + "in.event", {v + 1, kPhase2Dense}},
            {at + "in.position", {kPositions, kPhase2Dense}},
            {at + "in.meter", {kMeters, kPhase2Dense}},
            {at + "in.genre", {static_cast<std::int64_t>(genres), kPhase2Dense}},
            {at + "in.proposal", {v, kPhase2Dense}},
            {at + "in.bias", {kPhase2Dense}},
            {at + "lstm.weight_ih", {4 * kPhase2Hidden, kPhase2Dense}},
            {at + "lstm.weight_hh", {4 * kPhase2Hidden, kPhase2Hidden}},
            {at + "lstm.bias", {4 * kPhase2Hidden}},
            {at + "mid.weight", {kPhase2Dense, kPhase2Hidden}},
            {at + "mid.bias", {kPhase2Dense}},
            {at + "out.weight", {v, kPhase2Dense}},
            {at + "out.bias", {v}}};
}

Status check_tensors(const Bundle& bundle) {
    for (const std::string& genre : bundle.genres)
        for (const TensorShape& wanted : phase1_tensors(genre, bundle.vocabulary.size()))
            if (Status status = check(bundle, wanted); !status) return status;
    for (const TensorShape& wanted : phase2_tensors(bundle.genres.size(), bundle.vocabulary.size()))
        if (Status status = check(bundle, wanted); !status) return status;
    return {};
}

}  // namespace fusion
