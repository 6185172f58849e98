// A bundle whose networks have the real sizes and random weights: nothing it plays is music, but
// every formula can be checked with it.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>

#include "engine/nn/networks.hpp"

namespace fusion {

// Deviations that keep every layer's output near 1 and let what is heard decide, not the biases or
// the dice: small biases, table rows that stand alone, and wide last layers.
inline float reach_of(const TensorShape& tensor) {
    if (tensor.shape.size() == 1) return 0.1F;
    const bool is_table =
        tensor.name.find("/in.") != std::string::npos && !tensor.name.ends_with("in.proposal");
    if (tensor.name.ends_with("in.recall")) return 0.23F;  // two dozen rows of it are added up
    if (is_table) return 0.85F;
    const auto fan_in = static_cast<float>(tensor.shape.back());
    return (tensor.name.ends_with("out.weight") ? 12.0F : 1.7F) / std::sqrt(fan_in);
}

inline Bundle random_bundle(std::size_t genre_count, std::uint32_t seed = 1,
                            std::size_t events = 52) {
    Bundle bundle;
    std::vector<Event> vocabulary;
    for (const Cells duration : duration_classes()) vocabulary.push_back({std::nullopt, duration});
    for (std::uint8_t pitch = 30; pitch < 120; ++pitch)
        for (const Cells duration : duration_classes())
            vocabulary.push_back({Pitch{pitch}, duration});
    vocabulary.resize(std::min(events, vocabulary.size()));
    bundle.vocabulary = *Vocabulary::make(std::move(vocabulary));
    for (std::size_t g = 0; g < genre_count; ++g)
        bundle.genres.push_back("genre" + std::to_string(g));

    std::mt19937 bits{seed};
    const auto fill = [&](const TensorShape& wanted) {
        BundleTensor tensor;
        tensor.shape = wanted.shape;
        std::int64_t count = 1;
        for (const auto extent : wanted.shape) count *= extent;
        std::uniform_real_distribution<float> draw{-reach_of(wanted), reach_of(wanted)};
        for (std::int64_t i = 0; i < count; ++i) tensor.values.push_back(draw(bits));
        bundle.tensors[wanted.name] = std::move(tensor);
    };
    for (const auto& genre : bundle.genres)
        for (const auto& wanted : phase1_tensors(genre, bundle.vocabulary)) fill(wanted);
    for (const auto& wanted : phase2_tensors(genre_count, bundle.vocabulary)) fill(wanted);

    std::vector<EventId> scale(bundle.vocabulary.size());
    std::iota(scale.begin(), scale.end(), EventId{0});
    const std::vector<std::vector<EventId>> sequences{scale};
    for (std::size_t g = 0; g < genre_count; ++g)
        bundle.ngrams.push_back(NgramModel::fit(sequences, bundle.vocabulary.size()));
    bundle.record = "{}";
    return bundle;
}

}  // namespace fusion
