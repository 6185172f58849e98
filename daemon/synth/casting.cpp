#include "daemon/synth/casting.hpp"

#include <bit>
#include <cmath>

namespace fusion {
namespace {

constexpr std::uint32_t bit(std::size_t genre) noexcept { return 1U << genre; }

// An instruction of the processor, behind a call.
FUSION_RT float root(float share) noexcept { return FUSION_RT_TRUSTED(std::sqrt(share)); }

}  // namespace

void Casting::obey(const SynthSettings& settings) noexcept {
    const bool layered = settings.programs == SynthPrograms::layered;
    for (std::size_t genre = 0; genre < kMaxGenres; ++genre)
        instrument_.level(line_voice(genre), layered ? root(settings.blend.share[genre]) : 1.0F);
    settings_ = settings;
}

void Casting::play(const MidiMessage& message) noexcept {
    if (message.is_note_on())
        begin(message);
    else if (message.is_note_off())
        end(message);
    else
        follow(message);
}

void Casting::follow(const MidiMessage& message) noexcept {
    if (!message.is_of_a_channel() || message.is_note_on() || message.is_note_off()) return;
    const auto channel = message.channel();
    constexpr unsigned kControl = 0xB0U, kProgram = 0xC0U;
    if (message.status() == kProgram) {
        instrument_.play(voice_of(channel), message);
        return;
    }
    const bool silences = message.status() == kControl && message.bytes()[1] == kAllSoundOff;
    each(channel, all_of(channel), [&](SynthVoice voice) {
        silences ? instrument_.silence(voice) : instrument_.play(voice, message);
    });
}

void Casting::begin(const MidiMessage& on) noexcept {
    end(on);
    auto& players = sounding_[on.channel().count()][on.pitch().count()];
    players = cast(on.channel());
    if (players.line != 0) ++on_line_;
    each(on.channel(), players, [&](SynthVoice voice) { instrument_.play(voice, on); });
}

void Casting::end(const MidiMessage& off) noexcept {
    auto& players = sounding_[off.channel().count()][off.pitch().count()];
    if (!players.any()) return;
    if (players.line != 0) --on_line_;
    const auto end_note = note_off(off.channel(), off.pitch());
    each(off.channel(), players, [&](SynthVoice voice) { instrument_.play(voice, end_note); });
    players = {};
}

void Casting::release() noexcept {
    for (std::size_t c = 0; c < sounding_.size(); ++c)
        for (std::size_t p = 0; p < sounding_[c].size(); ++p)
            end(note_off(Channel{static_cast<std::uint8_t>(c)},
                         Pitch{static_cast<std::uint8_t>(p)}));
}

Casting::Players Casting::cast(Channel channel) noexcept {
    if (settings_.programs == SynthPrograms::set) return {.own = true};
    if (channel == settings_.line)
        return {.line = settings_.programs == SynthPrograms::layered ? layers() : heaviest()};
    const auto parts = all_of(channel).part;
    if (parts == 0) return {.own = true};
    return {.part = bit(static_cast<std::size_t>(std::countr_zero(parts)))};
}

// Of two that weigh the same the one that plays goes on.
Casting::Mask Casting::heaviest() noexcept {
    if (on_line_ == 0)
        for (std::size_t genre = 0; genre < kMaxGenres; ++genre)
            if (settings_.blend.share[genre] > settings_.blend.share[lead_]) lead_ = genre;
    return bit(lead_);
}

Casting::Mask Casting::layers() const noexcept {
    Mask mask = 0;
    for (std::size_t genre = 0; genre < kMaxGenres; ++genre)
        if (settings_.blend.share[genre] >= kLeastShare) mask |= bit(genre);
    return mask == 0 ? bit(lead_) : mask;
}

Casting::Players Casting::all_of(Channel channel) const noexcept {
    Players players{.own = true};
    if (channel == settings_.line) players.line = (1U << kMaxGenres) - 1U;
    for (std::size_t genre = 0; genre < kMaxGenres; ++genre)
        if (settings_.parts[genre].plays && settings_.parts[genre].channel == channel)
            players.part |= bit(genre);
    return players;
}

template <class Tell>
void Casting::each(Channel channel, const Players& players, Tell tell) noexcept {
    if (players.own) tell(voice_of(channel));
    for (std::size_t genre = 0; genre < kMaxGenres; ++genre) {
        if ((players.line & bit(genre)) != 0) tell(line_voice(genre));
        if ((players.part & bit(genre)) != 0) tell(part_voice(genre));
    }
}

}  // namespace fusion
