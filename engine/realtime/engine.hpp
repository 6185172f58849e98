// The engine in real time, as the daemon sees it: an inference thread that keeps the horizon full,
// a clock thread that plays it into the sink, and the lock-free queues between them and the control
// thread. `render_offline` runs the same planner and the same clock core under simulated time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/base/histogram.hpp"
#include "engine/base/result.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/base/time_source.hpp"
#include "engine/model/generator.hpp"
#include "engine/music/step.hpp"
#include "engine/params/store.hpp"
#include "engine/realtime/midi_sink.hpp"

namespace fusion {

struct EngineOptions {
    std::size_t horizon_steps = 16;                  // generated ahead of the play head
    int clock_priority = 70;                         // SCHED_FIFO; 0: do not ask for it
    Nanos clock_poll{std::chrono::milliseconds{1}};  // how often the clock looks for controls
};

// What the clock did, told to the control thread. Plain values, in the order they happened.
struct PlayedEvent {
    enum class Kind : std::uint8_t {
        step,      // a step was committed: `step`, and the proposals of each genre
        beat,      // a beat began: `tick`
        underrun,  // no step was there in time: `tick`
        started,   // the transport runs from `tick`
        stopped,
        panicked,
        late_step,  // a step came after its time and was left out: `step`
    };
    Kind kind = Kind::beat;
    Step step;
    Ticks tick{0};
    std::array<EventId, kMaxGenres> proposals{};
};

// Counters and gauges; each is written by one thread and read by any.
struct EngineMeters {
    Histogram lateness;           // of messages handed to the sink, after their deadline
    Histogram control_to_commit;  // from a parameter change to the commit of a step that obeys it
    Histogram step_time;          // one step of the neural generator
    std::atomic<std::uint64_t> steps_committed{0};
    std::atomic<std::uint64_t> underruns{0};
    std::atomic<std::uint64_t> late_steps{0};
    std::atomic<std::uint64_t> notes_on{0};
    std::atomic<std::uint64_t> notes_off{0};
    std::atomic<std::uint64_t> sink_refused{0};
    std::atomic<std::uint64_t> events_dropped{
        0};  // played events the control thread had no room for
    std::atomic<std::uint64_t> generator_errors{0};
    std::atomic<std::uint64_t> clock_heartbeat{0};  // grows with every turn of the clock loop
    std::atomic<std::int64_t> play_head_ticks{0};
    std::atomic<std::uint32_t> horizon_depth{0};  // steps ready and not committed
    std::atomic<Rung> rung{Rung::neural};         // of the newest committed step
    std::atomic<bool> clock_is_realtime{false};   // whether SCHED_FIFO was granted
    std::atomic<bool> ready{false};               // the first note can be played
};

class Engine {
public:
    // `neural` may be null (no Torch in this build): the fallback then plays alone. All references
    // outlive the engine.
    Engine(std::unique_ptr<Generator> neural, std::unique_ptr<Generator> fallback,
           ParamStore& params, MidiSink& sink, TimeSource& time, EngineOptions options);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Starts both threads. Thread: control.
    void start();
    // Panics (all notes off), then joins both threads. Safe to call twice. Thread: control.
    void stop();

    // To be called after parameter changes, so that the inference thread looks at once.
    // (The store's on_change listener does it.) Thread: control.
    void wake() noexcept;

    [[nodiscard]] const EngineMeters& meters() const;
    // What was played, for displays and streams. Thread: control alone.
    [[nodiscard]] Consumer<PlayedEvent>& played();
    [[nodiscard]] const Vocabulary& vocabulary() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// A parameter change at a place in the music.
struct ScheduledChange {
    Ticks at{0};
    std::function<void(ParamStore&)> apply;
};

// The same engine under simulated time: plays from tick 0 up to `length` into `sink`, applying
// `changes` (sorted by `at`) before the step that begins at or after their place is committed, and
// ends every note at `length`. Deterministic. Thread: any one. Errors: those of the generator.
[[nodiscard]] Status render_offline(Generator& neural, Generator* fallback, ParamStore& params,
                                    MidiSink& sink, SimulatedTime& time, Ticks length,
                                    const std::vector<ScheduledChange>& changes,
                                    const std::function<void(Ticks)>& progress = {});

}  // namespace fusion
