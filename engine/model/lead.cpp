#include "engine/model/lead.hpp"

#include <cmath>

#include "engine/model/sampling.hpp"

namespace fusion {

std::uint32_t phrase_of(std::int64_t cell, Meter meter) {
    return static_cast<std::uint32_t>(cell /
                                      (std::int64_t{kPhraseBars} * meter.heard_bar().count()));
}

Leading leading(const StepRequest& request) {
    return {request.sampling.seed, request.phrase, request.part, request.sampling.inertia};
}

std::optional<std::size_t> leader_of(const Blend& blend, const Leading& leading) {
    if (leading.inertia <= 0.0F || blend.silent()) return std::nullopt;
    const Dice dice{leading.seed, leading.phrase, leading.part,
                    static_cast<std::uint8_t>(DiceStream::leader)};
    std::size_t leader = 0;
    float best = -INFINITY;
    for (std::size_t g = 0; g < kMaxGenres; ++g) {
        const float share = blend.share[g];
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

Blend led(const Blend& blend, const Leading& leading) {
    const auto leader = leader_of(blend, leading);
    if (!leader) return blend;
    Blend by_leader = blend;
    for (float& share : by_leader.share) share *= 1.0F - leading.inertia;
    by_leader.share[*leader] += leading.inertia;
    return by_leader;
}

Blend led(const StepRequest& request) { return led(request.blend, leading(request)); }

Dice dice_of(const StepRequest& request, DiceStream stream) {
    const auto leader = leader_of(request.blend, leading(request));
    // The leader stands above where seeds end (engine/params/table.cpp).
    const std::uint64_t seed = leader ? request.sampling.seed ^ (std::uint64_t{*leader + 1} << 56U)
                                      : request.sampling.seed;
    return {seed, request.index, request.part, static_cast<std::uint8_t>(stream)};
}

}  // namespace fusion
