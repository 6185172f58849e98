// What makes the sound: FluidSynth (fluid_instrument.hpp), or a test's that writes down what it was
// told. It has more voices than MIDI has channels, so that no program is changed while notes sound:
// the channels as they come, one voice for each genre that plays the line, one for each genre's
// part.
// Thread: one at a time, the sound card's while it plays. Realtime: yes. Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/base/realtime_contract.hpp"
#include "engine/base/units.hpp"
#include "engine/music/genre_weights.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {

struct SynthVoice : Strong<std::uint8_t, struct SynthVoiceTag> {
    using Strong::Strong;
};
inline constexpr std::size_t kVoices = 16 + 2 * kMaxGenres;
[[nodiscard]] constexpr SynthVoice voice_of(Channel channel) { return SynthVoice{channel.count()}; }
[[nodiscard]] constexpr SynthVoice line_voice(std::size_t genre) {
    return SynthVoice{static_cast<std::uint8_t>(16 + genre)};
}
[[nodiscard]] constexpr SynthVoice part_voice(std::size_t genre) {
    return SynthVoice{static_cast<std::uint8_t>(16 + kMaxGenres + genre)};
}

class Instrument {
public:
    virtual ~Instrument() = default;

    // A message of a channel, for a voice whatever channel it names.
    FUSION_RT virtual void play(SynthVoice voice, const MidiMessage& message) noexcept = 0;
    // How loud a voice is beside the others: an amplitude from 0 to 1.
    FUSION_RT virtual void level(SynthVoice voice, float amplitude) noexcept = 0;
    // What still rings is cut.
    FUSION_RT virtual void silence(SynthVoice voice) noexcept = 0;
    FUSION_RT virtual void silence() noexcept = 0;
    FUSION_RT virtual void reverb(float share) noexcept = 0;

    // Fills both sides, which are of one length, from where it stood.
    FUSION_RT virtual void render(std::span<float> left, std::span<float> right) noexcept = 0;
    // Whether a note sounds or rings on; its reverb may be heard after.
    [[nodiscard]] FUSION_RT virtual bool sounds() const noexcept = 0;
};

}  // namespace fusion
