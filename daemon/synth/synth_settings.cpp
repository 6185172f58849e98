#include "daemon/synth/synth_settings.hpp"

#include <cmath>

namespace fusion {
namespace {

Channel numbered(std::int64_t channel) {
    return Channel{static_cast<std::uint8_t>((channel - 1) & 15)};
}

}  // namespace

float amplitude_of(Decibels level) {
    constexpr Decibels kSilence{-60.0F};
    return level <= kSilence ? 0.0F : std::pow(10.0F, level.count() / 20.0F);
}

SynthSettings synth_settings(const ParamSnapshot& params) {
    SynthSettings settings;
    settings.volume =
        amplitude_of(Decibels{static_cast<float>(params.real(ParamId::synth_volume))});
    settings.reverb = static_cast<float>(params.real(ParamId::synth_reverb));
    settings.programs = static_cast<SynthPrograms>(params.integer(ParamId::synth_programs));
    settings.line = numbered(params.integer(ParamId::channel));
    settings.blend = normalised(params.weights);
    for (std::size_t genre = 0; genre < kMaxGenres; ++genre)
        settings.parts[genre] = {params.parts[genre].plays, numbered(params.parts[genre].channel)};
    return settings;
}

}  // namespace fusion
