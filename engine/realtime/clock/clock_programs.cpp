#include "engine/realtime/clock/clock_programs.hpp"

namespace fusion {

void ClockPrograms::look(const ParamSnapshot& params) noexcept {
    const auto before = wanted_;
    wanted_.fill(0);
    for (std::size_t voice = 0; voice < kVoices; ++voice) {
        Asked now{static_cast<std::uint8_t>(params.integer(ParamId::channel)),
                  static_cast<std::uint8_t>(params.integer(ParamId::program))};
        if (voice > 0) {
            const auto& part = params.parts[voice - 1];
            if (!part.plays) continue;
            now = {part.channel, part.program};
        }
        const bool anew = asked_[voice].channel != 0 && asked_[voice] != now;
        asked_[voice] = now;
        const auto channel = static_cast<std::size_t>(now.channel - 1) % kChannels;
        if (now.program == 0 || wanted_[channel] != 0) continue;
        wanted_[channel] = now.program;
        const bool comes = before[channel] != now.program && sent_[channel] != now.program;
        if (anew || comes) due_ |= 1U << channel;
    }
    for (std::size_t channel = 0; channel < kChannels; ++channel)
        if (wanted_[channel] == 0) due_ &= ~(1U << channel);
}

void ClockPrograms::again() noexcept {
    sent_.fill(0);
    for (std::size_t channel = 0; channel < kChannels; ++channel)
        if (wanted_[channel] != 0) due_ |= 1U << channel;
}

void ClockPrograms::send_due(NoteOutput& output, TimePoint now) noexcept {
    for (std::uint8_t channel = 0; channel < kChannels; ++channel) {
        if ((due_ >> channel & 1U) == 0) continue;
        if (!output.program(Channel{channel}, wanted_[channel], now)) return;
        sent_[channel] = wanted_[channel];
        due_ &= ~(1U << channel);
    }
}

}  // namespace fusion
