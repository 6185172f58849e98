// What the synth obeys of the parameters, as a plain value that crosses to the thread that sounds.
// Thread: any (a value). Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "engine/base/units.hpp"
#include "engine/music/genre_weights.hpp"
#include "engine/params/snapshot.hpp"

namespace fusion {

// In the order of the words of `synth_programs`.
enum class SynthPrograms : std::uint8_t { heaviest, layered, set };

// Of an amplitude; -60 and below is silence.
struct Decibels : Strong<float, struct DecibelsTag> {
    using Strong::Strong;
};
[[nodiscard]] float amplitude_of(Decibels level);

struct SynthSettings {
    // A genre's part that plays, and its channel.
    struct Part {
        bool plays = false;
        Channel channel{0};
        friend bool operator==(const Part&, const Part&) = default;
    };
    float volume = 1.0F;  // an amplitude
    float reverb = 0.3F;  // a share
    SynthPrograms programs = SynthPrograms::heaviest;
    Channel line{0};
    Blend blend{};
    std::array<Part, kMaxGenres> parts{};
    friend bool operator==(const SynthSettings&, const SynthSettings&) = default;
};
static_assert(std::is_trivially_copyable_v<SynthSettings>);

[[nodiscard]] SynthSettings synth_settings(const ParamSnapshot& params);

}  // namespace fusion
