#include "engine/model/genre_dice.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/model/bytes.hpp"
#include "engine/model/generator.hpp"

namespace fusion {
namespace {

SamplingSettings times(SamplingSettings asked, const GenreDice& dice) {
    asked.temperature =
        std::clamp(asked.temperature * dice.temperature, kLeastTemperature, kMostTemperature);
    asked.top_p = std::min(1.0F, asked.top_p * dice.top_p);
    // A factor would leave a genre that wants none without a knob.
    asked.guidance =
        dice.guidance * std::min(asked.guidance, 1.0F) + std::max(asked.guidance - 1.0F, 0.0F);
    asked.lengths = std::clamp(asked.lengths * dice.lengths, kLeastTemperature, kMostTemperature);
    return asked;
}

// False for what is no number, too.
bool between(float value, float least, float most) { return value >= least && value <= most; }

}  // namespace

SamplingSettings suited(const SamplingSettings& asked, std::span<const GenreDice> dice,
                        const Blend& blend) {
    GenreDice mixed{0.0F, 0.0F, 0.0F, 0.0F};
    float shares = 0.0F;
    for (std::size_t g = 0; g < dice.size(); ++g) {
        const float share = blend.share[g];
        shares += share;
        mixed.temperature += share * dice[g].temperature;
        mixed.top_p += share * dice[g].top_p;
        mixed.guidance += share * dice[g].guidance;
        mixed.lengths += share * dice[g].lengths;
    }
    if (shares <= 0.0F) return times(asked, GenreDice{});
    return times(asked, {mixed.temperature / shares, mixed.top_p / shares, mixed.guidance / shares,
                         mixed.lengths / shares});
}

SamplingSettings suited(const SamplingSettings& asked, std::span<const GenreDice> dice,
                        std::size_t genre) {
    return times(asked, genre < dice.size() ? dice[genre] : GenreDice{});
}

void serialise_dice(const std::vector<GenreDice>& dice, std::vector<std::uint8_t>& out) {
    put_varint(out, dice.size());
    for (const GenreDice& one : dice)
        for (const float value : {one.temperature, one.top_p, one.guidance, one.lengths})
            put(out, value);
}

Result<std::vector<GenreDice>> parse_dice(std::span<const std::uint8_t> payload) {
    ByteReader in{payload};
    const auto count = in.varint();
    if (in.failed() || count > kMaxGenres)
        return fail(Error::Code::malformed, "dice for too many genres");
    std::vector<GenreDice> dice;
    for (std::uint64_t g = 0; g < count; ++g) {
        GenreDice one;
        one.temperature = in.read<float>();
        one.top_p = in.read<float>();
        one.guidance = in.read<float>();
        one.lengths = in.read<float>();
        if (in.failed() || !between(one.temperature, kLeastTemperature, kMostTemperature) ||
            !between(one.top_p, 0.01F, 1.0F) || !between(one.guidance, 0.0F, kMostGuidance) ||
            !between(one.lengths, kLeastTemperature, kMostTemperature))
            return fail(Error::Code::malformed,
                        fmt::format("the dice of genre {} are out of range, or cut short", g));
        dice.push_back(one);
    }
    if (in.left() > 0) return fail(Error::Code::malformed, "the list of dice has the wrong length");
    return dice;
}

}  // namespace fusion
