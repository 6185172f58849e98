// An instrument that writes down at which frame it was told what, and sounds a constant while a
// note does.
#pragma once

#include <array>
#include <vector>

#include "daemon/synth/instrument.hpp"

namespace fusion::test {

class ToldInstrument final : public Instrument {
public:
    struct Told {
        std::int64_t frame;
        SynthVoice voice;
        MidiMessage message;
        friend bool operator==(const Told&, const Told&) = default;
    };

    void play(SynthVoice voice, const MidiMessage& message) noexcept override {
        told.push_back({frame, voice, message});
        if (message.is_note_on()) ++sounding;
        if (message.is_note_off()) --sounding;
    }
    void level(SynthVoice voice, float amplitude) noexcept override {
        levels[voice.count()] = amplitude;
    }
    void silence(SynthVoice voice) noexcept override { silenced.push_back(voice); }
    void silence() noexcept override { ++all_silenced; }
    void reverb(float share) noexcept override { reverb_share = share; }
    void render(std::span<float> left, std::span<float> right) noexcept override {
        for (auto& sample : left) sample = sounding > 0 ? loudness : 0.0F;
        for (auto& sample : right) sample = sounding > 0 ? loudness : 0.0F;
        frame += static_cast<std::int64_t>(left.size());
    }
    [[nodiscard]] bool sounds() const noexcept override { return sounding > 0; }

    [[nodiscard]] std::vector<Told> notes() const {
        std::vector<Told> found;
        for (const auto& one : told)
            if (one.message.is_note_on() || one.message.is_note_off()) found.push_back(one);
        return found;
    }
    // Who began a note, since last asked.
    [[nodiscard]] std::vector<SynthVoice> began() {
        std::vector<SynthVoice> voices;
        for (const auto& one : told)
            if (one.message.is_note_on()) voices.push_back(one.voice);
        told.clear();
        return voices;
    }
    [[nodiscard]] std::vector<SynthVoice> ended() {
        std::vector<SynthVoice> voices;
        for (const auto& one : told)
            if (one.message.is_note_off()) voices.push_back(one.voice);
        told.clear();
        return voices;
    }

    std::vector<Told> told;
    std::array<float, kVoices> levels{};
    std::vector<SynthVoice> silenced;
    int all_silenced = 0;
    float reverb_share = -1.0F;
    int sounding = 0;
    float loudness = 0.5F;
    std::int64_t frame = 0;  // since the beginning; does not go on while nothing is rendered
};

}  // namespace fusion::test
