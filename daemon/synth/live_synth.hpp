// The built-in synth, live: a sink of the clock's beside the port, through whatever audio there is.
// It looks for a device, plays on it, notices when that is gone and looks again, all on a thread of
// its own, the keeper: a device may take its time to open or close, and neither the music nor OSC
// waits for it. Nothing is closed at the moment of a loss either, which libjack takes ill.
//
// A block sounds what was due in the block before it: constant latency of one block, so that an
// event is there in time even where the clock hands it over at its very moment. Where an audience
// is given, it is silent for as long as somebody listens there.
//
// Thread: send() and lead() clock; the rest control. Errors: none; each thing that goes wrong is
// one line of the log, and the music at the port goes on.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "daemon/midi/frame_time.hpp"
#include "daemon/midi/midi_port.hpp"
#include "daemon/synth/block_player.hpp"
#include "daemon/synth/sound_system.hpp"
#include "daemon/synth/synth_settings.hpp"
#include "engine/base/log.hpp"
#include "engine/base/semaphore.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/base/triple_buffer.hpp"
#include "engine/realtime/crossing/midi_sink.hpp"

namespace fusion {

class LiveSynth final : public MidiSink {
public:
    // How often the keeper looks whether its device is well, and for one where there is none.
    struct Pace {
        Nanos look{std::chrono::milliseconds{250}};
        Nanos search{std::chrono::seconds{2}};
        // A device that has filled no block for so long is gone.
        Nanos patience{std::chrono::seconds{5}};
    };
    using Tell = std::function<void(log::Level, std::string_view)>;

    // `audience` null: it always sounds. All outlive it.
    LiveSynth(std::unique_ptr<SoundSystem> system, const FrameTime& time, const Audience* audience,
              Tell tell = log::write)
        : LiveSynth{std::move(system), time, audience, Pace{}, std::move(tell)} {}
    LiveSynth(std::unique_ptr<SoundSystem> system, const FrameTime& time, const Audience* audience,
              Pace pace, Tell tell);
    ~LiveSynth() override;
    LiveSynth(const LiveSynth&) = delete;
    LiveSynth& operator=(const LiveSynth&) = delete;

    FUSION_RT bool send(const TimedMessage& message) noexcept override;
    FUSION_RT Nanos lead() const noexcept override { return Nanos{0}; }
    FUSION_RT bool has(Hearers hearers) const noexcept override;

    void follow(const SynthSettings& settings) { settings_.in.publish(settings); }
    // Tells whether it makes room for somebody. To be called each second or so.
    void look_after();
    // Ends the sound, and the keeper.
    void close();

    enum class State : std::uint8_t { looking, sounds, hushed, given_up };
    [[nodiscard]] State state() const noexcept;
    // Grows with each device that was opened: it knows no programs.
    [[nodiscard]] std::uint32_t lives() const noexcept {
        return lives_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] const BlockCounters& counters() const noexcept { return counters_; }
    [[nodiscard]] std::string describe() const;

private:
    class Life;

    void keep();
    void look_for_a_device();
    [[nodiscard]] Status open(SynthDriver driver);
    void watch();
    void lose();
    void end_life();
    void tell_once(log::Level level, const std::string& what);

    static constexpr std::size_t kQueue = 1024;

    std::unique_ptr<SoundSystem> system_;
    const FrameTime& time_;
    const Audience* audience_;
    Pace pace_;
    Tell tell_;

    SpscQueue<TimedMessage> queue_{kQueue};  // out: the life's, the keeper's while there is none
    TripleBuffer<SynthSettings> settings_{SynthSettings{}};  // out: likewise
    BlockCounters counters_;
    // Flags and numbers: nothing is read through them.
    std::atomic<bool> serving_{false};
    std::atomic<bool> given_up_{false};
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint32_t> lives_{0};

    // The keeper's own.
    std::unique_ptr<Life> life_;
    TimePoint next_search_{};
    std::string told_;  // newest reason why there is no device

    // Control's own.
    bool told_hushed_ = false;

    Semaphore wake_;
    std::thread keeper_;  // last: it uses all of the above
};

}  // namespace fusion
