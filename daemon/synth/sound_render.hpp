// A score into sound as fast as it goes: the same block player and instrument as live, under
// simulated time. After the end of the score the notes ring out.
// Thread: one. Errors: those of who takes the sound.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "daemon/midi/frame_time.hpp"
#include "daemon/synth/instrument.hpp"
#include "daemon/synth/synth_settings.hpp"
#include "engine/base/result.hpp"

namespace fusion {

// What was played, and how the synth was set meanwhile; both in the order of time.
struct Score {
    TimePoint begins{};
    TimePoint ends{};
    std::vector<TimedMessage> messages;
    std::vector<std::pair<TimePoint, SynthSettings>> settings;
};

struct RenderedSound {
    Frames length{0};  // with the tail
    float peak = 0.0F;
};

struct SoundOutlet {
    // Left and right by turns.
    std::function<Status(std::span<const float>)> write;
    std::function<void(double)> progress = {};  // 0 to 1
};

// At the longest; it ends sooner when nothing is heard any more.
inline constexpr Nanos kLongestTail{std::chrono::seconds{3}};

[[nodiscard]] Result<RenderedSound> render_sound(const Score& score, Instrument& instrument,
                                                 SampleRate rate, const SoundOutlet& outlet);

}  // namespace fusion
