// The engine in real time, as the daemon sees it: an inference thread that keeps the horizon full,
// a clock thread that plays it into the sink, and the lock-free queues between them and the control
// thread. `render_offline` runs the same planner and the same clock core under simulated time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "engine/base/realtime_rights.hpp"
#include "engine/base/result.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/base/time_source.hpp"
#include "engine/base/waker.hpp"
#include "engine/model/generator.hpp"
#include "engine/params/store.hpp"
#include "engine/realtime/clock/song_follow.hpp"
#include "engine/realtime/crossing/harmony_link.hpp"
#include "engine/realtime/crossing/meters.hpp"
#include "engine/realtime/crossing/midi_sink.hpp"
#include "engine/realtime/crossing/planned_tail.hpp"
#include "engine/realtime/crossing/played_event.hpp"
#include "engine/realtime/crossing/tape_link.hpp"
#include "engine/realtime/crossing/told_step.hpp"

namespace fusion {

struct EngineOptions {
    std::size_t horizon_steps = 16;                   // generated ahead of the play head, 2..48
    int clock_priority = 70;                          // SCHED_FIFO; 0: do not ask for it
    Nanos clock_poll{std::chrono::milliseconds{10}};  // how often the clock looks by itself
    int clock_cpu = -1;    // the processor that the clock is bound to; -1: any
    Micros clock_spin{0};  // how long it waits awake before each deadline
    // Woken when played() has something new, and planned() while it is watched; outlives the
    // engine.
    Waker* on_played = nullptr;
    SongFollow::Sources sync{};        // whom the clock can follow; they outlive the engine
    HarmonyTeller* harmony = nullptr;  // the chords that are given by hand; it outlives the engine
};

class Engine {
public:
    // `neural` may be null (no Torch in this build): the fallback then plays alone. `stand_in` goes
    // on where neither answers (line/stand_in.hpp); null: the last bar is repeated. All references
    // outlive the engine.
    Engine(std::unique_ptr<Generator> neural, std::unique_ptr<Generator> fallback,
           ParamStore& params, MidiSink& sink, TimeSource& time, EngineOptions options,
           std::unique_ptr<Generator> stand_in = nullptr);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Starts both threads, once. Thread: control.
    void start();
    // Panics (all notes off), then joins the threads. Safe to call twice. A generator that does not
    // come back within kPatience is not waited for. Thread: control.
    void stop();
    static constexpr Nanos kPatience{std::chrono::seconds{1}};
    // stop() did not wait for the generator: a thread still runs that may use the time source and
    // the bell. Whoever owns those ends the process without taking them down. Thread: control.
    [[nodiscard]] bool left_a_thread() const noexcept;

    // How often a change of the parameters woke the planner: once for each, by the engine itself.
    // Thread: control.
    [[nodiscard]] std::uint64_t wakes_by_control() const noexcept;
    [[nodiscard]] const EngineMeters& meters() const;
    // What the clock thread was granted, and who it is, for who can grant more. After start().
    // Thread: control.
    [[nodiscard]] const RealtimeGrant& clock_grant() const;
    [[nodiscard]] pid_t clock_thread() const;
    void tell_memory_locked(bool locked);
    void tell_time_without_port(Nanos time);
    void clock_granted_from_outside(FifoFrom from);
    // What was played, for displays and streams. Thread: control alone.
    [[nodiscard]] Consumer<PlayedEvent>& played();
    // What comes next as it is planned now (crossing/planned_tail.hpp), kept up while it is
    // watched; until then what it was. The reference stands until the next call. Thread: control
    // alone.
    enum class Watch : std::uint8_t { no, yes };
    void watch_planned(Watch watch);
    [[nodiscard]] const PlannedTail& planned();
    // What plays a MIDI file in the line's place (crossing/tape_link.hpp). Once. Thread: control.
    [[nodiscard]] TapeHand take_tape();
    [[nodiscard]] const Vocabulary& vocabulary() const;
    // Writes to the log what the clock could not write itself. To be called now and then (each
    // second is often enough). Thread: control.
    void drain_log();

private:
    struct Parts;
    std::shared_ptr<Parts> parts_;  // the inference thread's too, where it could not be ended
};

// Who turns the parameters under simulated time, where the control thread would. Places are ticks
// of the recording from its beginning, which go on while the transport stands.
class OfflineHand {
public:
    virtual ~OfflineHand() = default;
    // Where it turns next, after the place of its last turn; none: never again.
    [[nodiscard]] virtual std::optional<Ticks> next() const = 0;
    // Turns all that is to be turned up to `at`, where the play head stands at `head`.
    virtual void turn(Ticks at, Ticks head) = 0;
    // What the clock did, as control would hear it. A tempo that is turned here holds from here on.
    virtual void played(const PlayedEvent&) {}
};

// The same engine under simulated time: plays a recording of `length` into `sink`, `hand` turning
// `params` before the step that begins at or after its place is committed, and ends every note at
// `length`. Deterministic. `told`: what is known of its steps beforehand. Thread: any one. Errors:
// those of the generator; a transport that stands and that the hand does not start again.
[[nodiscard]] Status render_offline(Generator& neural, Generator* fallback, ParamStore& params,
                                    MidiSink& sink, SimulatedTime& time, Ticks length,
                                    OfflineHand& hand,
                                    const std::function<void(Ticks)>& progress = {},
                                    HarmonyTeller* harmony = nullptr,
                                    const StepTeller* told = nullptr);

}  // namespace fusion
