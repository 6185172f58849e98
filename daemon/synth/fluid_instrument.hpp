// FluidSynth as an instrument: one sound font, 48 voices of which those of the genres have their
// programs from the start. It sounds in steps of its own 64 frames (1.3 ms at 48 kHz): what is
// played begins with the next of them.
// Thread: make() control or the keeper's, since it reads the font; the rest as Instrument says,
// without locks (FluidSynth's own are off). Errors: not_found, malformed (the font), unavailable.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "daemon/midi/frame_time.hpp"
#include "daemon/synth/fluid_settings.hpp"
#include "daemon/synth/instrument.hpp"
#include "engine/base/result.hpp"

struct _fluid_synth_t;

namespace fusion {

struct InstrumentOptions {
    std::filesystem::path font;
    SampleRate rate{48000};
    std::vector<std::string> genres;  // in the order of the bundle
};

class FluidInstrument final : public Instrument {
public:
    static Result<std::unique_ptr<FluidInstrument>> make(const InstrumentOptions& options);

    FUSION_RT void play(SynthVoice voice, const MidiMessage& message) noexcept override;
    FUSION_RT void level(SynthVoice voice, float amplitude) noexcept override;
    FUSION_RT void silence(SynthVoice voice) noexcept override;
    FUSION_RT void silence() noexcept override;
    FUSION_RT void reverb(float share) noexcept override { reverb_ = share; }
    FUSION_RT void render(std::span<float> left, std::span<float> right) noexcept override;
    [[nodiscard]] FUSION_RT bool sounds() const noexcept override;

    // Those that a driver of FluidSynth's is to be made with.
    [[nodiscard]] FluidSettings& settings() { return settings_; }

private:
    struct End {
        void operator()(_fluid_synth_t* synth) const noexcept;
    };
    FluidInstrument(FluidSettings settings, _fluid_synth_t* synth)
        : settings_{std::move(settings)}, synth_{synth} {}
    void prepare(const std::vector<std::string>& genres);

    static constexpr std::size_t kChunk = 512;

    FluidSettings settings_;  // outlives the synth
    std::unique_ptr<_fluid_synth_t, End> synth_;
    // Apart, since FluidSynth's own level of it takes a lock to be set.
    float reverb_ = 0.0F;
    std::array<float, kChunk> wet_left_{}, wet_right_{};
};

}  // namespace fusion
