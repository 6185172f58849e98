#include "daemon/synth/fluid_instrument.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

#include <fluidsynth.h>
#include <fmt/format.h>

#include "daemon/synth/fluid_log.hpp"
#include "daemon/synth/genre_programs.hpp"

namespace fusion {
namespace {

constexpr int kReverbSend = 91, kExpression = 11;
// With the packaged font and untouched parameters the loudest genre of the table peaks at -5 dB of
// full scale, the softest at -9 dB, a blend in layers at -5 dB.
constexpr double kGain = 1.6;
constexpr int kPolyphony = 96;  // 16 layers, each with the tails of the notes before

tl::unexpected<Error> unreadable(const std::filesystem::path& font, std::string_view why) {
    return fail(Error::Code::malformed,
                fmt::format("sound font {} cannot be read ({}); name another as [synth] font",
                            font.string(), why));
}

// What FluidSynth refuses it offers to its reader of DLS files too, which complains on standard
// error; so what is no SoundFont, or cut short, does not come to it.
Status check_font(const std::filesystem::path& font) {
    std::ifstream in{font, std::ios::binary};
    std::array<char, 12> head{};
    if (!in.read(head.data(), head.size())) return unreadable(font, "it is empty, or not ours");
    const auto at = [&](std::size_t from) { return std::string_view{head.data() + from, 4}; };
    if (at(0) != "RIFF" || at(8) != "sfbk") return unreadable(font, "it is no SoundFont");
    std::uint64_t told = 8;  // of what follows, little-endian
    for (std::size_t i = 0; i < 4; ++i)
        told += std::uint64_t{static_cast<std::uint8_t>(head[4 + i])} << (8 * i);
    std::error_code error;
    const auto size = std::filesystem::file_size(font, error);
    if (!error && size < told)
        return unreadable(font, fmt::format("{} of its {} bytes are there", size, told));
    return {};
}

}  // namespace

Result<std::unique_ptr<FluidInstrument>> FluidInstrument::make(const InstrumentOptions& options) {
    auto settings = make_fluid_settings();
    static_cast<void>(take_fluid_complaint());
    auto* s = settings.get();
    fluid_settings_setnum(s, "synth.sample-rate", options.rate.count());
    fluid_settings_setnum(s, "synth.gain", kGain);
    fluid_settings_setint(s, "synth.midi-channels", static_cast<int>(kVoices));
    fluid_settings_setint(s, "synth.polyphony", kPolyphony);
    fluid_settings_setint(s, "synth.lock-memory", 0);  // the daemon locks its own, or may not
    fluid_settings_setint(s, "synth.threadsafe-api", 0);
    fluid_settings_setint(s, "synth.chorus.active", 0);
    fluid_settings_setnum(s, "synth.reverb.level", 0.9);
    fluid_settings_setnum(s, "synth.reverb.room-size", 0.6);
    fluid_settings_setnum(s, "synth.reverb.damp", 0.3);
    fluid_settings_setnum(s, "synth.reverb.width", 0.8);
    std::unique_ptr<FluidInstrument> made{
        new FluidInstrument{std::move(settings), new_fluid_synth(s)}};
    if (made->synth_ == nullptr)
        return fail(Error::Code::unavailable,
                    fmt::format("FluidSynth does not start: {}", take_fluid_complaint()));
    if (auto whole = check_font(options.font); !whole) return tl::unexpected{whole.error()};
    if (fluid_synth_sfload(made->synth_.get(), options.font.c_str(), 1) == FLUID_FAILED)
        return unreadable(options.font, take_fluid_complaint());
    made->prepare(options.genres);
    return made;
}

void FluidInstrument::End::operator()(_fluid_synth_t* synth) const noexcept {
    delete_fluid_synth(synth);
}

void FluidInstrument::prepare(const std::vector<std::string>& genres) {
    auto* synth = synth_.get();
    for (int voice = 0; voice < static_cast<int>(kVoices); ++voice)
        fluid_synth_cc(synth, voice, kReverbSend, 100);
    for (std::size_t genre = 0; genre < std::min(genres.size(), kMaxGenres); ++genre)
        for (const auto voice : {line_voice(genre), part_voice(genre)})
            fluid_synth_program_change(synth, voice.count(),
                                       program_of_genre(genres[genre]).count() - 1);
}

// FluidSynth keeps the law from here on: its voices are there beforehand, what it tells its mixer
// goes through a ring of its own, and it has no locks since none were asked for.
void FluidInstrument::play(SynthVoice voice, const MidiMessage& message) noexcept {
    auto* synth = synth_.get();
    const int channel = voice.count(), a = message.bytes()[1], b = message.bytes()[2];
    switch (message.status()) {
        case 0x80U: FUSION_RT_TRUSTED(fluid_synth_noteoff(synth, channel, a)); break;
        case 0x90U: FUSION_RT_TRUSTED(fluid_synth_noteon(synth, channel, a, b)); break;
        case 0xA0U: FUSION_RT_TRUSTED(fluid_synth_key_pressure(synth, channel, a, b)); break;
        case 0xB0U: FUSION_RT_TRUSTED(fluid_synth_cc(synth, channel, a, b)); break;
        case 0xC0U: FUSION_RT_TRUSTED(fluid_synth_program_change(synth, channel, a)); break;
        case 0xD0U: FUSION_RT_TRUSTED(fluid_synth_channel_pressure(synth, channel, a)); break;
        case 0xE0U: FUSION_RT_TRUSTED(fluid_synth_pitch_bend(synth, channel, a | b << 7)); break;
        default: break;
    }
}

// A sound font's expression is the square of an amplitude.
void FluidInstrument::level(SynthVoice voice, float amplitude) noexcept {
    const float root = FUSION_RT_TRUSTED(std::sqrt(std::clamp(amplitude, 0.0F, 1.0F)));
    FUSION_RT_TRUSTED(fluid_synth_cc(synth_.get(), voice.count(), kExpression,
                                     static_cast<int>(std::lround(127.0F * root))));
}

void FluidInstrument::silence(SynthVoice voice) noexcept {
    FUSION_RT_TRUSTED(fluid_synth_all_sounds_off(synth_.get(), voice.count()));
}

void FluidInstrument::silence() noexcept {
    FUSION_RT_TRUSTED(fluid_synth_all_sounds_off(synth_.get(), -1));
}

// Of the two ways to render, fluid_synth_write_float() mixes by itself, and calls free().
void FluidInstrument::render(std::span<float> left, std::span<float> right) noexcept {
    while (!left.empty()) {
        const auto count = std::min(left.size(), kChunk);
        wet_left_.fill(0.0F);
        wet_right_.fill(0.0F);
        std::fill_n(left.begin(), count, 0.0F);
        std::fill_n(right.begin(), count, 0.0F);
        std::array<float*, 2> dry{left.data(), right.data()};
        // Reverb, then chorus, which is off.
        std::array<float*, 4> wet{wet_left_.data(), wet_right_.data(), wet_left_.data(),
                                  wet_right_.data()};
        FUSION_RT_TRUSTED(fluid_synth_process(synth_.get(), static_cast<int>(count),
                                              static_cast<int>(wet.size()), wet.data(),
                                              static_cast<int>(dry.size()), dry.data()));
        for (std::size_t i = 0; i < count; ++i) {
            left[i] += reverb_ * wet_left_[i];
            right[i] += reverb_ * wet_right_[i];
        }
        left = left.subspan(count);
        right = right.subspan(count);
    }
}

bool FluidInstrument::sounds() const noexcept {
    return FUSION_RT_TRUSTED(fluid_synth_get_active_voice_count(synth_.get())) > 0;
}

}  // namespace fusion
