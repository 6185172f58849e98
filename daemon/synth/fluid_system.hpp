// FluidSynth's own audio drivers, those of which the machine has what they speak to: a JACK server,
// PipeWire's or PulseAudio's socket, a card of ALSA's. Nothing is tried by opening it, since the
// libraries below write lines of their own when they fail.
// Thread, errors: as in sound_system.hpp.
#pragma once

#include <string>
#include <vector>

#include "daemon/synth/sound_system.hpp"

namespace fusion {

struct FluidSystemOptions {
    SynthDriver driver = SynthDriver::automatic;
    std::string font;                      // empty: the packaged one
    std::vector<std::string> genres;       // of the bundle
    std::string client = "fusiond synth";  // as JACK shows it
};

class FluidSystem final : public SoundSystem {
public:
    explicit FluidSystem(FluidSystemOptions options) : options_{std::move(options)} {}

    [[nodiscard]] Status can_play() override;
    [[nodiscard]] std::vector<SynthDriver> here() override;
    [[nodiscard]] Result<std::unique_ptr<SoundDevice>> make(SynthDriver driver) override;

private:
    FluidSystemOptions options_;
};

}  // namespace fusion
