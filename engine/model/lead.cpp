#include "engine/model/lead.hpp"

#include <cmath>

#include "engine/model/sampling.hpp"

namespace fusion {

std::uint32_t phrase_of(std::int64_t cell, Meter meter) {
    return static_cast<std::uint32_t>(cell /
                                      (std::int64_t{kPhraseBars} * meter.heard_bar().count()));
}

std::optional<std::size_t> leader_of(const StepRequest& request) {
    if (request.sampling.inertia <= 0.0F || request.blend.silent()) return std::nullopt;
    const Dice dice{request.sampling.seed, request.phrase, request.part,
                    static_cast<std::uint8_t>(DiceStream::leader)};
    std::size_t leader = 0;
    float best = -INFINITY;
    for (std::size_t g = 0; g < kMaxGenres; ++g) {
        const float share = request.blend.share[g];
        if (share <= 0.0F) continue;
        const float score =
            std::log(share) - std::log(-std::log(dice.uniform(static_cast<std::uint32_t>(g))));
        if (score > best) {
            best = score;
            leader = g;
        }
    }
    return leader;
}

Dice dice_of(const StepRequest& request, DiceStream stream) {
    const auto leader = leader_of(request);
    // The leader stands above where seeds end (engine/params/table.cpp).
    const std::uint64_t seed = leader ? request.sampling.seed ^ (std::uint64_t{*leader + 1} << 56U)
                                      : request.sampling.seed;
    return {seed, request.index, request.part, static_cast<std::uint8_t>(stream)};
}

Blend led(const StepRequest& request) {
    const auto leader = leader_of(request);
    if (!leader) return request.blend;
    Blend blend = request.blend;
    for (float& share : blend.share) share *= 1.0F - request.sampling.inertia;
    blend.share[*leader] += request.sampling.inertia;
    return blend;
}

}  // namespace fusion
