// A follower and a master that plays to it, with as much jitter as a test wants.
#pragma once

#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/realtime/follow/midi_follower.hpp"

namespace fusion::follower {

using std::chrono::seconds;

inline constexpr TimePoint kBegin{seconds{1000}};

// A follower and a master that plays to it. Times are given in nanoseconds since kBegin.
class Rig {
public:
    void send(MidiMessage message, double at_ns) { follower.hear({message, time(at_ns)}); }
    void clock(double at_ns) { send(kMidiClock, at_ns); }
    void start(double at_ns) { send(kMidiStart, at_ns); }
    void go_on(double at_ns) { send(kMidiContinue, at_ns); }
    void stop(double at_ns) { send(kMidiStop, at_ns); }
    void position(int sixteenths, double at_ns) {
        send(song_position(static_cast<unsigned>(sixteenths)), at_ns);
    }
    // Clocks at a steady tempo. Returns when the clock after them would come.
    double clocks(int count, double period_ns, double from_ns) {
        for (int i = 0; i < count; ++i) clock(from_ns + i * period_ns);
        return from_ns + count * period_ns;
    }
    SyncReading read(double at_ns) { return follower.read(time(at_ns)); }
    // Milliseconds by which the song's place of `clock` lies behind `at_ns`.
    double late_ms(std::int64_t clock, double at_ns) {
        const auto placed = read(at_ns).song.time_at(kTicksPerClock * clock);
        return static_cast<double>((placed - time(at_ns)).count()) / 1e6;
    }
    static TimePoint time(double at_ns) { return kBegin + Nanos{std::llround(at_ns)}; }

    SpscQueue<TimedMessage> queue{256};
    MidiFollower follower{std::move(queue.out)};
};

inline double period_of(double bpm) { return 60e9 / bpm / 24; }
inline constexpr double kMs = 1e6;

class Jitter {
public:
    Jitter(double most_ms, std::uint64_t seed)
        : dice_{seed}, most_{-most_ms * kMs, most_ms * kMs} {}
    double next() { return most_(dice_); }
    bool lost(double share) { return std::bernoulli_distribution{share}(dice_); }

private:
    std::mt19937_64 dice_;
    std::uniform_real_distribution<double> most_;
};

inline double off_percent(const SyncReading& reading, double bpm) {
    return std::abs(reading.song.tempo().count() / bpm - 1) * 100;
}

}  // namespace fusion::follower
