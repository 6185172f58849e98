// The engine with its real threads in real time. Nothing here asserts how long something took; each
// wait is for a fact, and the test's own time limit is the only clock.
#include "engine/realtime/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/recording_sink.hpp"
#include "tests/support/scripted_generator.hpp"

namespace fusion::test {
namespace {

using testing::IsEmpty;

struct Stage {
    Stage() : params{{"classical", "jazz", "pop"}, time} {
        params.set(ParamId::tempo, 400.0).value();
        auto made = std::make_unique<ScriptedGenerator>();
        neural = made.get();
        engine = std::make_unique<Engine>(std::move(made), std::make_unique<ScriptedGenerator>(),
                                          params, sink, time, EngineOptions{.clock_priority = 0});
    }
    ~Stage() { engine->stop(); }

    // Turns until `done`; drains what was played meanwhile.
    template <class Done>
    void wait_until(Done&& done) {
        while (!done()) {
            PlayedEvent event;
            while (engine->played().try_pop(event)) played.push_back(event);
            std::this_thread::yield();
        }
    }
    std::uint64_t notes() const { return engine->meters().notes_on.load(); }

    MonotonicTime time;
    ParamStore params;
    RecordingSink sink;
    ScriptedGenerator* neural = nullptr;
    std::unique_ptr<Engine> engine;
    std::vector<PlayedEvent> played;
};

TEST(Engine, PlaysUntilItIsStoppedAndLeavesNothingSounding) {
    Stage stage;
    stage.engine->start();
    stage.wait_until([&] { return stage.notes() > 20; });
    EXPECT_TRUE(stage.engine->meters().ready.load());
    stage.engine->stop();
    EXPECT_THAT(faults(stage.sink.messages()), IsEmpty());
    EXPECT_EQ(stage.sink.messages().back().message.bytes()[1], kAllSoundOff);
    stage.engine->stop();
    EXPECT_THAT(stage.neural->breaches(), IsEmpty());
}

TEST(Engine, AControlChangeReachesTheLine) {
    Stage stage;
    stage.engine->start();
    stage.wait_until([&] { return stage.notes() > 3; });
    stage.params.set_weight(1, 10.0).value();
    const auto revision = stage.params.current().revision;
    stage.wait_until(
        [&] { return !stage.played.empty() && stage.played.back().step.revision >= revision; });
    stage.wait_until([&] { return stage.engine->meters().change_to_commit.count() > 0; });
    stage.engine->stop();
    EXPECT_THAT(faults(stage.sink.messages()), IsEmpty());
}

TEST(Engine, WhatIsPlannedIsShownWhileItIsWatchedAndIsOneLineWhateverIsTurned) {
    Stage stage;
    stage.engine->start();
    stage.wait_until([&] { return stage.notes() > 3; });
    EXPECT_EQ(stage.engine->planned().serial, 0U);
    stage.engine->watch_planned(Engine::Watch::yes);
    std::uint64_t last = 0;
    LinePlace first;
    for (int round = 0; round < 200; ++round) {
        stage.params.set_weight(1, round % 10).value();
        if (round % 50 == 49) stage.params.act(ActionId::restart);
        stage.wait_until([&] { return stage.engine->planned().serial != last; });
        const auto& tail = stage.engine->planned();
        EXPECT_GT(tail.serial, last);
        EXPECT_GE(tail.first, first);
        last = tail.serial;
        first = tail.first;
        for (std::size_t i = 1; i < tail.count; ++i)
            ASSERT_EQ(tail.steps[i].start, tail.steps[i - 1].start + tail.steps[i - 1].duration);
    }
    stage.engine->watch_planned(Engine::Watch::no);
    // One that was on its way may still come.
    const auto notes = stage.notes();
    stage.wait_until([&] { return stage.notes() > notes + 2; });
    last = stage.engine->planned().serial;
    stage.wait_until([&] { return stage.notes() > notes + 6; });
    EXPECT_EQ(stage.engine->planned().serial, last);
    stage.engine->stop();
}

TEST(Engine, EachChangeWakesThePlannerOnceHoweverManyControlsItSets) {
    Stage stage;
    ASSERT_EQ(stage.engine->wakes_by_control(), 0U);
    for (std::uint64_t change = 1; change <= 5; ++change) {
        stage.params.set_weight(1, static_cast<double>(change)).value();
        EXPECT_EQ(stage.engine->wakes_by_control(), change);
    }
    ASSERT_TRUE(stage.params.set_weights({1.0, 2.0, 3.0}));
    stage.params.act(ActionId::restart).value();
    EXPECT_EQ(stage.engine->wakes_by_control(), 7U);
}

TEST(Engine, StopPlayRestartAndPanicInAnyOrderHangNothing) {
    Stage stage;
    stage.engine->start();
    for (int round = 0; round < 20; ++round) {
        stage.params.act(ActionId::stop);
        stage.params.act(ActionId::restart);
        if (round % 3 == 0) stage.params.act(ActionId::panic);
        stage.params.act(ActionId::play);
        stage.params.act(ActionId::restart);
        const auto notes = stage.notes();
        stage.wait_until([&] { return stage.notes() > notes; });
    }
    stage.engine->stop();
    EXPECT_THAT(faults(stage.sink.messages()), IsEmpty());
}

TEST(Engine, CanBeStoppedBeforeItWasStartedAndWhileItStandsStill) {
    { Stage never_started; }
    Stage still;
    still.params.act(ActionId::stop);
    still.engine->start();
    still.wait_until([&] { return still.engine->meters().ready.load(); });
    still.engine->stop();
    EXPECT_THAT(still.sink.notes_on(), IsEmpty());
}

TEST(Engine, TheParametersMayOutliveIt) {
    MonotonicTime time;
    ParamStore params{{"classical"}, time};
    RecordingSink sink;
    {
        Engine engine{nullptr, std::make_unique<ScriptedGenerator>(),
                      params,  sink,
                      time,    {.clock_priority = 0}};
        engine.start();
    }
    EXPECT_TRUE(params.set(ParamId::tempo, 99.0));
}

TEST(Engine, WithoutANetworkTheFallbackPlaysAlone) {
    MonotonicTime time;
    ParamStore params{{"classical", "jazz", "pop"}, time};
    RecordingSink sink;
    Engine engine{
        nullptr, std::make_unique<ScriptedGenerator>(), params, sink, time, {.clock_priority = 0}};
    EXPECT_EQ(engine.vocabulary().size(), small_vocabulary().size());
    engine.start();
    while (engine.meters().notes_on.load() < 2) std::this_thread::yield();
    EXPECT_EQ(engine.meters().rung.load(), Rung::ngram);
}

// Hangs where somebody forgets to wake the clock: its next look by itself is an hour away.
TEST(Engine, StepsAndControlsWakeTheClockAndWhatIsPlayedRings) {
    struct Bell final : Waker {
        void wake() noexcept override { ++rung; }
        std::atomic<int> rung{0};
    } bell;
    MonotonicTime time;
    ParamStore params{{"classical", "jazz", "pop"}, time};
    params.set(ParamId::tempo, 400.0).value();
    RecordingSink sink;
    Engine engine{std::make_unique<ScriptedGenerator>(),
                  nullptr,
                  params,
                  sink,
                  time,
                  {.clock_priority = 0, .clock_poll = std::chrono::hours{1}, .on_played = &bell}};
    engine.start();
    const auto until = [](const auto& done) {
        while (!done()) std::this_thread::yield();
    };
    const auto& meters = engine.meters();
    for (int round = 0; round < 3; ++round) {
        const auto notes = meters.notes_on.load();
        until([&] { return meters.notes_on.load() > notes + 1; });
        params.act(ActionId::stop);
        until([&] { return !meters.running.load(); });
        params.act(ActionId::play);
        until([&] { return meters.running.load(); });
    }
    params.act(ActionId::restart);
    const auto rung = bell.rung.load();
    until([&] { return bell.rung.load() > rung + 2; });
    engine.stop();
}

}  // namespace
}  // namespace fusion::test
