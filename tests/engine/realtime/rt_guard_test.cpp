// The law of the clock thread, held: 10^5 turns of the real loop without an allocation, a lock or a
// throw, while the other threads change everything that can be changed; and of what it follows.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <new>
#include <optional>
#include <random>
#include <thread>

#include "engine/music/midi_door.hpp"
#include "engine/realtime/clock/clock_thread.hpp"
#include "engine/realtime/follow/midi_follower.hpp"
#include "engine/realtime/line/inference_thread.hpp"
#include "tests/support/chord_book.hpp"
#include "tests/support/clock_stage.hpp"
#include "tests/support/recording_sink.hpp"
#include "tests/support/rt_guard.hpp"
#include "tests/support/scripted_generator.hpp"
#include "tests/support/small_band.hpp"

namespace fusion::test {
namespace {

constexpr std::uint64_t kTurns = 100'000;

// Real time on another scale: the clock's hundred seconds pass in a few.
class FastTime final : public TimeSource {
public:
    TimePoint now() const noexcept override {
        return start_ + (std::chrono::steady_clock::now() - start_) * kFaster;
    }
    // The clock thread sleeps here before its first turn is over, and from then on it is watched.
    void sleep_until(TimePoint deadline) noexcept override {
        if (thread_role() == ThreadRole::clock && !guard_) guard_.emplace();
        const auto real = start_ + (deadline - start_) / kFaster;
        real_.sleep_until(real);
    }

private:
    static constexpr int kFaster = 25;
    TimePoint start_ = std::chrono::steady_clock::now();
    MonotonicTime real_;
    std::optional<RtGuard> guard_;
};

class RtGuardTest : public testing::Test {
protected:
    void SetUp() override {
        if (!rt_guard_available())
            GTEST_SKIP() << "a sanitizer interposes the allocator in this build";
        clear_rt_violations();
    }
};

TEST_F(RtGuardTest, SeesAnAllocation) {
    {
        const RtGuard guard;
        auto* volatile block = std::malloc(32);
        std::free(block);
    }
    EXPECT_EQ(rt_violations().allocations, 2U);
}

TEST_F(RtGuardTest, SeesOperatorNew) {
    {
        const RtGuard guard;
        auto* volatile block = ::operator new(64);
        ::operator delete(block);
    }
    EXPECT_EQ(rt_violations().allocations, 2U);
}

TEST_F(RtGuardTest, SeesALock) {
    std::mutex mutex;
    {
        const RtGuard guard;
        const std::lock_guard lock{mutex};
    }
    EXPECT_EQ(rt_violations().locks, 1U);
}

TEST_F(RtGuardTest, SeesAThrow) {
    {
        const RtGuard guard;
        try {
            throw 1;
        } catch (int thrown) {
            EXPECT_EQ(thrown, 1);
        }
    }
    EXPECT_EQ(rt_violations().throws, 1U);
}

TEST_F(RtGuardTest, LooksOnlyAtTheThreadThatArmedIt) {
    const RtGuard guard;
    std::uint64_t seen = 0;
    {
        // The thread itself is made before the count is taken.
        std::atomic<bool> go{false};
        std::thread other{[&] {
            go.wait(false);
            for (int i = 0; i < 1000; ++i) std::free(std::malloc(16));
        }};
        clear_rt_violations();
        go = true;
        go.notify_one();
        other.join();
        seen = rt_violations().allocations;
    }
    EXPECT_LT(seen, 100U);
}

FUSION_RT void break_the_law() noexcept {
    auto* volatile block = std::malloc(32);
    std::free(block);
}

TEST(RtSanitizerDeathTest, EndsTheProgramWhereWhatIsMarkedAllocates) {
    if (!rt_sanitizer_watches()) GTEST_SKIP() << "built without the real-time sanitizer";
    EXPECT_DEATH(break_the_law(), "unsafe-library-call");
}

// Held by the guard, or by the real-time sanitizer in its place.
TEST(ClockLaw, TheLoopKeepsItForAHundredThousandTurns) {
    if (!rt_guard_available() && !rt_sanitizer_watches())
        GTEST_SKIP() << "a sanitizer interposes the allocator in this build";
    clear_rt_violations();
    FastTime time;
    RecordingSink sink{1U << 20U};
    ClockStage stage{time, sink};
    auto& params = stage.params;
    auto& meters = stage.meters;
    ScriptedGenerator neural;
    ScriptedGenerator fallback;
    const std::vector<ChordModel> chords(3, bar_by_bar("C", {{"C", "F"}, {"F", "C"}}));
    const std::vector<GenreBand> bands{small_band(), small_band(), GenreBand{}};
    HarmonyTeller harmony{HarmonyBook{chords, {}, bands}};
    LinePlanner planner{&neural, &fallback, stage.planner_links(time, harmony.reader()), {}};
    InferenceThread inference{planner, stage.wake_planner, stage.meters.inference_heartbeat};
    ClockThread clock{
        stage.core, time, stage.wake_clock, meters, {0, std::chrono::microseconds{500}}};
    params.set(ParamId::tempo, 400.0).value();
    auto tape = stage.tape.hand([] {});
    std::uint32_t run = 0;
    std::uint64_t ended = 0;
    inference.start();
    clock.start();

    // This thread is control: it turns every knob there is until the clock has made its turns.
    PlayedEvent event;
    std::uint64_t round = 0;
    std::uint64_t last_seen = 0;
    std::uint64_t leaned = 0;
    std::uint64_t muted = 0, finished = 0, of_the_band = 0;
    for (const auto part : kBandPartNames) params.set(std::string{part} + "/plays", 2.0).value();
    while (meters.clock_heartbeat.load() < kTurns) {
        if (meters.clock_heartbeat.load() - last_seen < 37) {
            std::this_thread::yield();
            continue;
        }
        last_seen = meters.clock_heartbeat.load();
        ++round;
        params.set_weight(round % 3, static_cast<double>(round % 11)).value();
        if (round % 5 == 0)
            params.set(ParamId::tempo, 200.0 + static_cast<double>(round % 200)).value();
        if (round % 17 == 0) params.act(ActionId::panic);
        if (round % 71 == 0) params.act(round % 2 == 0 ? ActionId::stop : ActionId::restart);
        if (round % 71 == 40) params.finish_at(Ticks{meters.play_head_ticks.load() + 10});
        if (round % 71 == 3 || round % 71 == 43) params.act(ActionId::play);
        if (round % 13 == 0)
            params.set(ParamId::channel, 1.0 + static_cast<double>(round % 16)).value();
        if (round % 7 == 0) {
            const auto& genre = params.genres()[round % 3];
            params.set("part/" + genre, round % 4 == 0 ? 0.0 : 1.0).value();
            params.set("part_channel/" + genre, 1.0 + static_cast<double>(round % 5)).value();
            params.set("part_program/" + genre, static_cast<double>(round % 129)).value();
        }
        if (round % 11 == 0) params.set(ParamId::program, static_cast<double>(round % 129)).value();
        if (round % 19 == 0) params.set(ParamId::mute, round % 4 == 0 ? 1.0 : 0.0).value();
        if (round % 23 == 0) params.set(ParamId::humanise, round % 2 == 0 ? 1.0 : 0.3).value();
        if (round % 31 == 0) {
            const std::string part{kBandPartNames[round % 3]};
            params.set(part + "/plays", static_cast<double>(round % 4 == 0 ? 0 : 2)).value();
            params.set(part + "/channel", 6.0 + static_cast<double>(round % 11)).value();
            params.set(part + "/program", static_cast<double>(round % 129)).value();
            params.set(part + "/humanise", round % 2 == 0 ? 1.0 : 0.0).value();
        }
        if (round % 29 == 0) {  // a short tape, a jump in it, or none
            const auto plays = round % 58 == 0 || round % 87 == 0;
            tape.orders.publish({++run, plays ? TapeOrder::What::play : TapeOrder::What::stand});
            for (std::uint8_t i = 0; i < 40 && plays; ++i) {
                const Nanos at = std::chrono::milliseconds{5} * i;
                const auto on =
                    note_on(Channel{static_cast<std::uint8_t>(i % 4)}, Pitch{i}, Velocity{80});
                tape.events.try_push({at, run, TapeEvent::Kind::message, on});
                if (i % 3 == 0) continue;  // the end finds it
                const auto off = note_off(Channel{static_cast<std::uint8_t>(i % 4)}, Pitch{i});
                tape.events.try_push({at, run, TapeEvent::Kind::message, off});
            }
            tape.events.try_push({std::chrono::milliseconds{200}, run, TapeEvent::Kind::end, {}});
        }
        if (tape.head.fresh() && tape.head.read().state == TapeHead::State::ended) ++ended;
        stage.wake_planner.post();
        while (stage.played.out.try_pop(event)) {
            if (event.kind == PlayedEvent::Kind::stopped && params.current().finish_at >= Ticks{0})
                ++finished;
            if (event.kind == PlayedEvent::Kind::band) ++of_the_band;
            if (event.kind != PlayedEvent::Kind::step) continue;
            if (event.step.lean != 0) ++leaned;
            if (event.heard == PlayedEvent::Heard::muted) ++muted;
        }
        stage.log.drain();
    }
    const auto violations = rt_violations();  // before the thread ends, which frees its own state
    clock.stop();
    EXPECT_TRUE(inference.stop(std::chrono::seconds{10}));

    EXPECT_EQ(violations.allocations, 0U);
    EXPECT_EQ(violations.locks, 0U);
    EXPECT_EQ(violations.throws, 0U);
    EXPECT_GT(finished, 3U) << "the line came to an end under the law, too";
    EXPECT_GT(meters.notes_on.load(), 100U) << "the loop played while it was watched";
    EXPECT_EQ(meters.notes_on.load(), meters.notes_off.load());
    EXPECT_GT(ended, 0U) << "tapes were played under the law, too";
    EXPECT_GT(of_the_band, 100U) << "and the band";
    EXPECT_GT(leaned, 0U);
    EXPECT_GT(muted, 0U);
    const auto sent = [&](unsigned status, unsigned first, unsigned last) {
        return std::any_of(sink.messages().begin(), sink.messages().end(), [&](const auto& m) {
            const auto channel = m.message.channel().count() + 1U;
            return m.message.status() == status && channel >= first && channel <= last;
        });
    };
    EXPECT_TRUE(sent(0xC0U, 1, 16)) << "programs";
    EXPECT_TRUE(faults(sink.messages()).empty()) << faults(sink.messages()).front();
}

// A second of jitter at a time: clocks that tremble, come twice or not at all, tempo that jumps,
// every transport message, and bytes that are none.
TEST_F(RtGuardTest, FollowingAMidiClockKeepsTheLawForAHundredThousandTurns) {
    SpscQueue<TimedMessage> heard{256};
    MidiFollower follower{std::move(heard.out)};
    MidiDoor door;
    std::mt19937 random{5};
    const auto one_in = [&](unsigned n) { return random() % n == 0; };
    TimePoint now{std::chrono::seconds{1000}};
    Nanos period{20'833'333};
    std::uint64_t locked = 0;
    for (std::uint64_t i = 0; i < kTurns; ++i) {
        const RtGuard guard;
        const auto hear = [&](const MidiMessage& message) {
            static_cast<void>(
                heard.in.try_push({message, now + Nanos{random() % 6'000'000} - Nanos{3'000'000}}));
        };
        if (!one_in(50)) hear(kMidiClock);
        if (one_in(100)) hear(kMidiClock);
        if (one_in(400)) hear(one_in(2) ? kMidiStart : kMidiContinue);
        if (one_in(400)) hear(kMidiStop);
        if (one_in(400)) hear(song_position(random() % 16'384));
        if (one_in(10)) {
            std::array<std::uint8_t, 4> bytes{};
            for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() | 0x70U);
            if (const auto message = door.read({bytes.data(), random() % 5})) hear(*message);
        }
        if (one_in(2000)) period = Nanos{6'250'000 + random() % 200'000'000};
        if (one_in(5000)) now += std::chrono::seconds{random() % 100};
        if (one_in(5000))
            for (int more = 0; more < 300; ++more) hear(kMidiClock);
        now += period;
        if (follower.read(now).state == SyncState::locked) ++locked;
    }
    const auto violations = rt_violations();
    EXPECT_EQ(violations.allocations, 0U);
    EXPECT_EQ(violations.locks, 0U);
    EXPECT_EQ(violations.throws, 0U);
    EXPECT_GT(locked, 1000U);
    EXPECT_GT(door.refused(), 1000U);
}

}  // namespace
}  // namespace fusion::test
