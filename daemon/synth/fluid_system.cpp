#include "daemon/synth/fluid_system.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>

#include <fluidsynth.h>
#include <fmt/format.h>

#include "daemon/midi/jack_server.hpp"
#include "daemon/synth/fluid_instrument.hpp"
#include "daemon/synth/fluid_log.hpp"
#include "daemon/synth/sound_font.hpp"

namespace fusion {
namespace {

// Where a driver lets us choose: 5 ms a block, and with three of them room for a late wake.
constexpr int kBlock = 256, kBlocks = 3;
constexpr SampleRate kUsualRate{48000};

std::filesystem::path from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

bool is_there(const std::filesystem::path& file) {
    std::error_code error;
    return !file.empty() && std::filesystem::exists(file, error);
}

bool pipewire_is_here() {
    auto folder = from_environment("PIPEWIRE_RUNTIME_DIR");
    if (folder.empty()) folder = from_environment("XDG_RUNTIME_DIR");
    auto name = from_environment("PIPEWIRE_REMOTE");
    if (name.empty()) name = "pipewire-0";
    return !folder.empty() && is_there(folder / name);
}

bool pulseaudio_is_here() {
    if (!from_environment("PULSE_SERVER").empty()) return true;
    const auto folder = from_environment("XDG_RUNTIME_DIR");
    return !folder.empty() && is_there(folder / "pulse/native");
}

// pcmC0D0p: the first output of the first card.
bool alsa_is_here() {
    std::error_code error;
    for (const auto& node : std::filesystem::directory_iterator{"/dev/snd", error}) {
        const auto name = node.path().filename().string();
        if (name.starts_with("pcm") && name.ends_with('p') &&
            ::access(node.path().c_str(), R_OK | W_OK) == 0)
            return true;
    }
    return false;
}

bool is_here(SynthDriver driver) {
    const auto& built = fluid_drivers();
    if (std::find(built.begin(), built.end(), to_string(driver)) == built.end()) return false;
    switch (driver) {
        case SynthDriver::automatic: break;
        case SynthDriver::jack: return jack_runs();
        case SynthDriver::pipewire: return pipewire_is_here();
        case SynthDriver::pulseaudio: return pulseaudio_is_here();
        case SynthDriver::alsa: return alsa_is_here();
    }
    return false;
}

std::string_view name_of(SynthDriver driver) {
    switch (driver) {
        case SynthDriver::automatic: break;
        case SynthDriver::jack: return "JACK";
        case SynthDriver::pipewire: return "PipeWire";
        case SynthDriver::pulseaudio: return "PulseAudio";
        case SynthDriver::alsa: return "ALSA";
    }
    return "";
}

struct EndDriver {
    void operator()(fluid_audio_driver_t* driver) const noexcept {
        delete_fluid_audio_driver(driver);
    }
};

class FluidDevice final : public SoundDevice {
public:
    FluidDevice(SynthDriver driver, SampleRate rate, std::unique_ptr<FluidInstrument> instrument,
                std::string words)
        : driver_{driver},
          rate_{rate},
          instrument_{std::move(instrument)},
          words_{std::move(words)} {}

    [[nodiscard]] Instrument& instrument() override { return *instrument_; }
    [[nodiscard]] SampleRate rate() const override { return rate_; }
    [[nodiscard]] Status start(BlockFiller& filler) override {
        if (driver_ == SynthDriver::jack) {
            auto place = JackPlace::take();
            if (!place) return refused("the old server's clients are still there");
            place_.emplace(std::move(*place));
        }
        static_cast<void>(take_fluid_complaint());
        opened_.reset(new_fluid_audio_driver2(instrument_->settings().get(), fill, &filler));
        if (opened_ == nullptr) return refused(take_fluid_complaint());
        return {};
    }
    void stop() override {
        opened_.reset();
        place_.reset();
    }
    [[nodiscard]] bool lost() const override {
        return driver_ == SynthDriver::jack && jack_is_lost();
    }
    [[nodiscard]] bool is_jack() const override { return driver_ == SynthDriver::jack; }
    [[nodiscard]] std::string describe() const override { return words_; }

private:
    [[nodiscard]] tl::unexpected<Error> refused(std::string_view why) const {
        return fail(Error::Code::unavailable,
                    fmt::format("{} cannot be opened: {}", name_of(driver_), why));
    }

    static int fill(void* self, int frames, int, float**, int, float** out) {
        const auto count = static_cast<std::size_t>(frames);
        set_thread_role(ThreadRole::jack);  // a sound card's, as JACK's is
        static_cast<BlockFiller*>(self)->fill({out[0], count}, {out[1], count});
        return FLUID_OK;
    }

    SynthDriver driver_;
    SampleRate rate_;
    std::unique_ptr<FluidInstrument> instrument_;
    std::string words_;
    std::optional<JackPlace> place_;  // given back after the driver has gone
    std::unique_ptr<fluid_audio_driver_t, EndDriver> opened_;
};

}  // namespace

Status FluidSystem::can_play() {
    auto font = find_sound_font(options_.font);
    if (!font) return tl::unexpected{font.error()};
    return {};
}

std::vector<SynthDriver> FluidSystem::here() {
    std::vector<SynthDriver> found;
    for (const auto driver :
         {SynthDriver::jack, SynthDriver::pipewire, SynthDriver::pulseaudio, SynthDriver::alsa}) {
        const bool wanted = options_.driver == SynthDriver::automatic || options_.driver == driver;
        if (wanted && is_here(driver)) found.push_back(driver);
    }
    return found;
}

Result<std::unique_ptr<SoundDevice>> FluidSystem::make(SynthDriver driver) {
    const auto font = find_sound_font(options_.font);
    if (!font) return tl::unexpected{font.error()};
    auto rate = kUsualRate;
    if (driver == SynthDriver::jack) {
        const auto servers = jack_sample_rate();
        if (!servers) return fail(Error::Code::unavailable, "the JACK server has gone");
        rate = *servers;
    }
    auto instrument = FluidInstrument::make({*font, rate, options_.genres});
    if (!instrument) return tl::unexpected{instrument.error()};
    auto* settings = (*instrument)->settings().get();
    const std::string name{to_string(driver)};
    fluid_settings_setstr(settings, "audio.driver", name.c_str());
    fluid_settings_setint(settings, "audio.period-size", kBlock);
    fluid_settings_setint(settings, "audio.periods", kBlocks);
    fluid_settings_setstr(settings, "audio.sample-format", "float");
    fluid_settings_setstr(settings, "audio.jack.id", options_.client.c_str());
    fluid_settings_setint(settings, "audio.jack.autoconnect", 1);
    return std::make_unique<FluidDevice>(
        driver, rate, std::move(*instrument),
        fmt::format("{} with {}", name_of(driver), font->filename().string()));
}

}  // namespace fusion
