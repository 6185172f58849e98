// Time as a sound card counts it. Where a JACK server runs, the daemon's time is the server's
// frames: a deadline is an exact multiple of a frame's length, whatever the card's crystal and the
// jitter of its interrupts do in real time, so a tick of 1,000 frames is 1,000 frames always.
// Without a server it is the monotonic clock's time.
//
// The JACK thread tells at each cycle which frame begins and when it was woken for it. It is never
// woken early, so the least delay of the last second or two is where frames lie in real time; now()
// at a cycle is then never before the cycle's first frame. (JACK's own smoothed times are not
// used: after a lost period of 450 ms they were still 93 ms ahead three seconds later, and what is
// scheduled by them comes so much too late.)
//
// Time does not jump where frames begin to be counted; when the server goes it runs on at the
// monotonic rate; when one returns, its frames are laid on the old grid, so what was a whole frame
// stays one. An xrun moves frames against real time: now() stands still for frames that fell behind
// (in the end: until then it only runs ahead, and what is scheduled is early) and follows those
// that ran ahead, while deadlines keep their frames. Where they part by more than kMostBehind (a
// server that was stopped) or kMostAhead (a counter that starts anew), frames are laid on anew: to
// play everything seconds late, or to leave a bar out, is worse than one interval that is wrong.
//
// Thread: begin_cycle() JACK's, leave() control when no cycle can come; the rest any.
// Realtime: yes. Errors: none.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "engine/base/time_source.hpp"

namespace fusion {

// Sample frames since a grid's origin, or between two of them.
struct Frames : Strong<std::int64_t, struct FramesTag> {
    using Strong::Strong;
    friend constexpr Frames operator+(Frames a, Frames b) { return Frames{a.count() + b.count()}; }
    friend constexpr Frames operator-(Frames a, Frames b) { return Frames{a.count() - b.count()}; }
};
// Frames a second.
struct SampleRate : Strong<std::uint32_t, struct SampleRateTag> {
    using Strong::Strong;
};

// Frames and times at the nominal rate, exact over years: frame_at(time_of(f)) is f.
class FrameGrid {
public:
    constexpr FrameGrid(TimePoint origin, SampleRate rate) : origin_{origin}, rate_{rate} {}

    // The nearest frame.
    [[nodiscard]] FUSION_RT Frames frame_at(TimePoint time) const noexcept;
    // The nearest nanosecond.
    [[nodiscard]] FUSION_RT TimePoint time_of(Frames frame) const noexcept;
    [[nodiscard]] FUSION_RT Nanos length_of(Frames frames) const noexcept {
        return time_of(frames) - origin_;
    }
    [[nodiscard]] constexpr TimePoint origin() const noexcept { return origin_; }
    [[nodiscard]] constexpr SampleRate rate() const noexcept { return rate_; }

private:
    TimePoint origin_;
    SampleRate rate_;
};

class FrameTime final : public TimeSource {
public:
    // The beginning of a server's cycle, in the server's terms.
    struct Cycle {
        std::uint32_t first;  // frame; wraps (25 hours at 48 kHz)
        Frames length;
        TimePoint woken;  // monotonic
        SampleRate rate;
    };
    // The same in ours.
    struct Period {
        FrameGrid grid;
        Frames first;
        Frames length;
    };
    // The newest cycle that was laid on, for whoever sounds in the same server and is not told.
    struct Newest {
        TimePoint begins{};
        Nanos length{0};  // 0: no frames are counted now
    };
    // Of frames against real time. A server without real-time rights on an overloaded machine
    // loses a third of each second; it is still followed.
    static constexpr Nanos kMostBehind{std::chrono::seconds{2}};
    static constexpr Nanos kMostAhead{std::chrono::milliseconds{100}};
    // In each at least one wake-up is prompt, on a loaded machine too. A card that is slow by 100
    // parts in a million is behind where it is thought to be by 200 µs at the most.
    static constexpr Nanos kWindow{std::chrono::seconds{1}};

    // `real` is the monotonic clock and outlives this.
    explicit FrameTime(TimeSource& real) : real_{real} {}

    // Never goes back, and so may stand still for a moment after an xrun.
    [[nodiscard]] FUSION_RT TimePoint now() const noexcept override;
    void sleep_until(TimePoint deadline) noexcept override;
    bool wait(TimePoint deadline, Nanos at_most, Semaphore& wake) noexcept override;

    // A monotonic moment near now (a kernel's time stamp, a Link host time) as a time of this
    // clock, and the other way about.
    [[nodiscard]] FUSION_RT TimePoint from_monotonic(TimePoint monotonic) const noexcept;
    [[nodiscard]] FUSION_RT TimePoint to_monotonic(TimePoint time) const noexcept;

    // So that what is reckoned from it in whole frames (1,000 of them a MIDI clock at 120 BPM)
    // falls on whole frames; `time` itself where frames have never been counted.
    [[nodiscard]] FUSION_RT TimePoint on_a_frame(TimePoint time) const noexcept override;

    // Lays `cycle` on, and says which frames of ours it holds.
    FUSION_RT Period begin_cycle(const Cycle& cycle) noexcept;
    [[nodiscard]] FUSION_RT Newest newest() const noexcept { return read().newest; }
    // The server is gone; the next cycle is another's.
    void leave() noexcept;

    // How often frames were laid on anew in the middle of a server's life.
    [[nodiscard]] std::uint64_t steps() const noexcept {
        return steps_.load(std::memory_order_relaxed);  // a counter: no partner
    }

private:
    struct Reading {
        Nanos ahead{0};                              // of the monotonic clock
        FrameGrid grid{TimePoint{}, SampleRate{0}};  // rate 0: frames were never counted
        Newest newest{};
    };
    // Two slots in turn: one is written while the other is read, so a reader never waits for a
    // writer. (A plain seqlock would: a clock thread at SCHED_FIFO 70 that takes the CPU from a
    // JACK thread in the middle of its writing spins for ever if there is no other CPU.)
    struct Slot {
        std::atomic<std::int64_t> ahead{0}, origin{0}, begins{0}, length{0};
        std::atomic<std::uint32_t> rate{0};
    };

    [[nodiscard]] FUSION_RT Reading read() const noexcept;
    FUSION_RT void publish(const Reading& reading) noexcept;
    FUSION_RT void lay_on(const Cycle& cycle, Nanos ahead) noexcept;
    FUSION_RT Nanos most_ahead(const Cycle& cycle) noexcept;

    TimeSource& real_;
    std::array<Slot, 2> slots_;
    std::atomic<std::uint64_t> published_{0};  // slots_[published_ % 2] is the newest
    mutable std::atomic<std::int64_t> latest_{TimePoint::min().time_since_epoch().count()};
    std::atomic<std::uint64_t> steps_{0};

    // The writer's own.
    bool counting_ = false;
    std::uint32_t counter_ = 0;  // of the server, at the cycle before
    Frames first_{0};            // ours, at the same moment
    FrameGrid grid_{TimePoint{}, SampleRate{0}};
    // How far frames were ahead of the monotonic clock when the thread was most prompt.
    Nanos this_window_ = Nanos::min();
    Nanos window_before_ = Nanos::min();
    TimePoint window_ends_{};
};

}  // namespace fusion
