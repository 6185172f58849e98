// The MIDI clock that others follow, as they would hear it: a receiver that counts pulses must
// always know where the song is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/engine_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

std::vector<TimedMessage> system_messages(const EngineRig& rig) {
    std::vector<TimedMessage> found;
    for (const auto& message : rig.sink.messages())
        if (message.message.status() == 0xF0U) found.push_back(message);
    return found;
}

std::vector<TimePoint> pulses(const EngineRig& rig) {
    std::vector<TimePoint> found;
    for (const auto& message : system_messages(rig))
        if (message.message == kMidiClock) found.push_back(message.deadline);
    return found;
}

// What a follower makes of the stream: its song tick at each moment, by the book.
struct Receiver {
    bool playing = false;
    std::int64_t sixteenths = 0;
    std::int64_t clocks = 0;  // since the position
    bool counting = false;

    void hear(const MidiMessage& message) {
        if (message == kMidiClock && playing) {
            if (counting) ++clocks;
            counting = true;
        }
        if (message == kMidiStart) sixteenths = 0;
        if (message == kMidiStart || message == kMidiContinue) {
            playing = true;
            counting = false;
            clocks = 0;
        }
        if (message == kMidiStop) playing = false;
        if (message.bytes()[0] == 0xF2U) sixteenths = message.bytes()[1] + 128 * message.bytes()[2];
    }
    [[nodiscard]] Ticks song() const { return Ticks{sixteenths * 240 + clocks * 40}; }
};

EngineRig with_clock(Nanos lead = Nanos{0}) { return EngineRig{{.lead = lead}}; }

TEST(ClockPulses, AreADayLongExactlyEvenly) {
    auto rig = with_clock();
    ASSERT_TRUE(rig.params.set(ParamId::clock_out, 1.0));
    rig.run_for(seconds{60});
    const auto found = pulses(rig);
    ASSERT_GT(found.size(), 2870U);
    for (std::size_t i = 1; i < found.size(); ++i)
        EXPECT_LE(std::chrono::abs(found[i] - found[0] -
                                   Nanos{static_cast<std::int64_t>(i) * 62'500'000 / 3}),
                  Nanos{1})
            << i;
}

TEST(ClockPulses, StartComesBeforeItsFirstPulseAndThatOneIsTheFirstNote) {
    auto rig = with_clock(milliseconds{5});
    ASSERT_TRUE(rig.params.set(ParamId::clock_out, 1.0));
    rig.run_for(seconds{3});
    const auto system = system_messages(rig);
    const auto start = std::find_if(system.begin(), system.end(),
                                    [](const auto& m) { return m.message == kMidiStart; });
    ASSERT_NE(start, system.end());
    ASSERT_NE(start + 1, system.end());
    EXPECT_EQ((start + 1)->message, kMidiClock);
    const auto notice = (start + 1)->deadline - start->deadline;
    EXPECT_GE(notice, ClockPulses::kNotice);
    EXPECT_LE(notice, 3 * ClockPulses::kNotice);
    const auto& played = rig.played();
    const auto first = std::find_if(played.begin(), played.end(), [](const auto& event) {
        return event.kind == PlayedEvent::Kind::step;
    });
    ASSERT_NE(first, played.end());
    EXPECT_EQ(first->due, (start + 1)->deadline);
}

TEST(ClockPulses, AReceiverKnowsTheSongPositionThroughStopsTempiAndStalls) {
    auto rig = with_clock(milliseconds{3});
    ASSERT_TRUE(rig.params.set(ParamId::clock_out, 1.0));
    Receiver receiver;
    std::size_t heard = 0;
    const auto check = [&](const char* when) {
        rig.run_for(milliseconds{400});
        const auto& messages = rig.sink.messages();
        for (; heard < messages.size(); ++heard) receiver.hear(messages[heard].message);
        EXPECT_EQ(receiver.playing, rig.core.running()) << when;
        if (!rig.core.running()) return;
        const auto song = Ticks{rig.meters.song_ticks.load()};
        EXPECT_LE(std::abs((receiver.song() - song).count()), 40 + 10) << when;
    };
    check("begin");
    for (int i = 0; i < 40; ++i) {
        rig.params.set(ParamId::tempo, 40.0 + i * 53 % 300).value();
        rig.run_for(milliseconds{200 + i * 71 % 900});
        check("tempo");
        rig.params.act(ActionId::stop);
        rig.run_for(milliseconds{100 + i * 37 % 500});
        check("stopped");
        rig.params.act(ActionId::play);
        rig.run_for(milliseconds{300});
        check("goes on");
        rig.time.sleep_until(rig.time.now() + milliseconds{150 + i * 50});  // the machine slept
        check("after a stall");
        if (i % 5 == 0) rig.params.act(ActionId::restart);
        rig.run_for(milliseconds{500});
        check("restart");
    }
}

TEST(ClockPulses, GoOnWhileTheTransportStandsAndNoneComeInABurstAfterAStall) {
    auto rig = with_clock();
    ASSERT_TRUE(rig.params.set(ParamId::clock_out, 1.0));
    rig.run_for(seconds{2});
    rig.params.act(ActionId::stop);
    const auto before = pulses(rig).size();
    rig.run_for(seconds{2});
    EXPECT_NEAR(static_cast<double>(pulses(rig).size() - before), 96.0, 1.0);
    const auto at_sleep = pulses(rig).size();
    rig.time.sleep_until(rig.time.now() + seconds{5});
    rig.clock_turn();
    EXPECT_LE(pulses(rig).size() - at_sleep, 1U);
}

TEST(ClockPulses, SwitchedOnInTheMiddleAReceiverIsToldWhereItIs) {
    auto rig = with_clock();
    rig.run_for(milliseconds{5300});
    ASSERT_TRUE(rig.params.set(ParamId::clock_out, 1.0));
    rig.run_for(seconds{2});
    Receiver receiver;
    for (const auto& message : rig.sink.messages()) receiver.hear(message.message);
    EXPECT_TRUE(receiver.playing);
    EXPECT_LE(std::abs((receiver.song() - Ticks{rig.meters.song_ticks.load()}).count()), 40);
    ASSERT_TRUE(rig.params.set(ParamId::clock_out, 0.0));
    rig.run_for(seconds{1});
    EXPECT_EQ(system_messages(rig).back().message, kMidiStop);
}

TEST(Swing, MovesTheSecondOfTwoSixteenthsAndLeavesTheBeat) {
    EngineRig straight;
    EngineRig swung;
    for (auto* rig : {&straight, &swung}) rig->neural.use_one_duration(Cells{3});
    ASSERT_TRUE(swung.params.set(ParamId::swing, 0.66));
    straight.run_for(seconds{10});
    swung.run_for(seconds{10});
    const auto due = [](EngineRig& rig) {
        std::vector<TimePoint> found;
        for (const auto& event : rig.played())
            if (event.kind == PlayedEvent::Kind::step) found.push_back(event.due);
        return found;
    };
    const auto a = due(straight);
    const auto b = due(swung);
    ASSERT_GT(std::min(a.size(), b.size()), 60U);
    for (std::size_t i = 0; i + 1 < std::min(a.size(), b.size()); ++i) {
        const auto moved = std::chrono::duration<double, std::milli>(b[i] - a[i]).count();
        EXPECT_NEAR(moved, i % 2 == 0 ? 0.0 : 40.0, 0.6) << i;  // 0.16 of a pair's 250 ms
    }
    swung.finish();
    EXPECT_THAT(faults(swung.sink.messages()), IsEmpty());
}

TEST(Offset, MovesEverythingThePortGetsAndNothingElse) {
    for (const double ms : {-60.0, 35.0, 180.0}) {
        EngineRig plain;
        EngineRig moved;
        ASSERT_TRUE(moved.params.set(ParamId::offset, ms));
        ASSERT_TRUE(moved.params.set(ParamId::clock_out, 1.0));
        ASSERT_TRUE(plain.params.set(ParamId::clock_out, 1.0));
        plain.run_for(seconds{6});
        moved.run_for(seconds{6});
        const auto& a = plain.played();
        const auto b = moved.sink.notes_on();
        ASSERT_GT(b.size(), 5U);
        const auto first = std::find_if(a.begin(), a.end(), [](const auto& event) {
            return event.kind == PlayedEvent::Kind::step && event.step.kind == StepKind::note;
        });
        ASSERT_NE(first, a.end());
        const auto events = moved.played();
        const auto own = std::find_if(events.begin(), events.end(), [](const auto& event) {
            return event.kind == PlayedEvent::Kind::step && event.step.kind == StepKind::note;
        });
        ASSERT_NE(own, events.end());
        EXPECT_EQ(b[0].deadline - own->due, Nanos{static_cast<std::int64_t>(ms * 1e6)});
        const auto system = system_messages(moved);
        EXPECT_EQ(std::count_if(system.begin(), system.end(),
                                [](const auto& m) { return m.message == kMidiStop; }),
                  0)
            << "what is meant to be later is not behind";
        EXPECT_NEAR(static_cast<double>(pulses(moved).size()), 288.0, 12.0);
        EXPECT_EQ(moved.meters.late_steps.load(), 0U);
        EXPECT_EQ(moved.meters.underruns.load(), 0U);
        moved.finish();
        EXPECT_THAT(faults(moved.sink.messages()), IsEmpty());
    }
}

TEST(Nudge, MovesTheBeatByWhatWasAskedAndNeverFasterThanATwentieth) {
    for (const double ms : {40.0, -40.0}) {
        EngineRig rig;
        rig.run_for(seconds{4});
        const auto at = rig.time.now();
        ASSERT_TRUE(rig.params.act(ActionId::nudge, ms));
        rig.run_for(seconds{6});
        std::vector<TimePoint> beats_before;
        std::vector<TimePoint> beats_after;
        for (const auto& event : rig.played()) {
            if (event.kind != PlayedEvent::Kind::beat) continue;
            (event.due < at ? beats_before : beats_after).push_back(event.due);
        }
        ASSERT_GT(beats_after.size(), 8U);
        const auto straight = milliseconds{500 * static_cast<int>(beats_after.size())};
        const auto whole = beats_after.back() - beats_before.back() - straight;
        EXPECT_NEAR((std::chrono::duration<double, std::milli>{whole}.count()), ms, 0.06);
        for (std::size_t i = 1; i < beats_after.size(); ++i)
            EXPECT_LE(
                std::chrono::abs(beats_after[i] - beats_after[i - 1] - Nanos{milliseconds{500}}),
                milliseconds{27});
    }
}

}  // namespace
}  // namespace fusion::test
