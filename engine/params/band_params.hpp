// The parameters of one part of the band, taken out of all. Thread: any. Realtime: yes. Errors:
// none.
#pragma once

#include <array>

#include "engine/base/realtime_contract.hpp"
#include "engine/params/snapshot.hpp"

namespace fusion {

// In the order of the words of bass/plays.
enum class BandPlace : std::uint8_t { off, synth, on };

struct BandSettings {
    BandPlace plays = BandPlace::off;
    bool mute = false;
    float level = 1.0F;
    float density = 1.0F;
    int octave = 0;
    float humanise = 0.0F;
    std::uint8_t channel = 1;  // 1 to 16
    std::uint8_t program = 0;  // 1 to 128; 0: none is sent to the port
    friend bool operator==(const BandSettings&, const BandSettings&) = default;
};

[[nodiscard]] FUSION_RT inline BandSettings band_settings(const ParamSnapshot& params,
                                                          BandPart part) noexcept {
    using enum ParamId;
    struct Ids {
        ParamId plays, mute, level, density, octave, humanise, channel, program;
    };
    // Drums have no octave: a toggle's 0 stands in for it.
    constexpr std::array<Ids, kBandParts> kIds{
        {{bass_plays, bass_mute, bass_level, bass_density, bass_octave, bass_humanise, bass_channel,
          bass_program},
         {chords_plays, chords_mute, chords_level, chords_density, chords_octave, chords_humanise,
          chords_channel, chords_program},
         {drums_plays, drums_mute, drums_level, drums_density, drums_mute, drums_humanise,
          drums_channel, drums_program}}};
    const auto& ids = kIds[index_of(part)];
    BandSettings settings;
    settings.plays = static_cast<BandPlace>(params.integer(ids.plays));
    settings.mute = params.on(ids.mute);
    settings.level = static_cast<float>(params.real(ids.level));
    settings.density = static_cast<float>(params.real(ids.density));
    settings.octave = part == BandPart::drums ? 0 : static_cast<int>(params.integer(ids.octave));
    settings.humanise = static_cast<float>(params.real(ids.humanise));
    settings.channel = static_cast<std::uint8_t>(params.integer(ids.channel));
    settings.program = static_cast<std::uint8_t>(params.integer(ids.program));
    return settings;
}

// What a part's blend is made of: its own weights, and the line's where it has none of its own.
[[nodiscard]] inline GenreWeights band_weights(const GenreWeights& own, GenreWeights line) {
    for (std::size_t g = 0; g < kMaxGenres; ++g)
        if (own.value[g] >= 0.0F) line.value[g] = own.value[g];
    return line;
}

}  // namespace fusion
