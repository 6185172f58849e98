// What the live synth asks of the machine: which ways to sound there are, and one of them opened.
// FluidSynth's drivers (fluid_system.hpp), or a test's.
// Thread: the synth's keeper, which opens and closes; blocks are filled on the card's. Errors:
// unavailable (a driver or a device), not_found and malformed (the sound font).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "daemon/midi/frame_time.hpp"
#include "daemon/synth/instrument.hpp"
#include "engine/base/result.hpp"

namespace fusion {

class BlockFiller {
public:
    // Both sides are of one length and hold zeros. Thread: the card's. Realtime: yes.
    FUSION_RT virtual void fill(std::span<float> left, std::span<float> right) noexcept = 0;

protected:
    ~BlockFiller() = default;
};

// An instrument and the way it sounds.
class SoundDevice {
public:
    virtual ~SoundDevice() = default;
    [[nodiscard]] virtual Instrument& instrument() = 0;
    [[nodiscard]] virtual SampleRate rate() const = 0;
    // From now on blocks are filled; the filler outlives this.
    [[nodiscard]] virtual Status start(BlockFiller& filler) = 0;
    // None is filled any more when this returns.
    virtual void stop() = 0;
    // Whether its system has gone; a device that just stops is noticed by its blocks.
    [[nodiscard]] virtual bool lost() const = 0;
    // Whether its blocks are the cycles of the JACK server that our MIDI port would be in.
    [[nodiscard]] virtual bool is_jack() const = 0;
    // In words: "JACK with TimGM6mb.sf2".
    [[nodiscard]] virtual std::string describe() const = 0;
};

class SoundSystem {
public:
    virtual ~SoundSystem() = default;
    // Whether there is anything to play with at all, whatever the machine sounds through: the font.
    [[nodiscard]] virtual Status can_play() = 0;
    // Those that there are now, in the order to be tried.
    [[nodiscard]] virtual std::vector<SynthDriver> here() = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<SoundDevice>> make(SynthDriver driver) = 0;
};

}  // namespace fusion
