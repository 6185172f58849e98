// A generator that does not come back, with the engine's real threads. The one wait is for a fact.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "engine/realtime/engine.hpp"
#include "tests/support/recording_sink.hpp"
#include "tests/support/scripted_generator.hpp"

namespace fusion::test {
namespace {

using testing::IsEmpty;

struct Stuck {
    Stuck() : params{{"classical", "jazz", "pop"}, time} {
        params.set(ParamId::tempo, 400.0).value();
        auto made = std::make_unique<ScriptedGenerator>();
        made->before_each([this](const StepRequest&) {
            if (!sticks) return Status{};
            is_stuck = true;
            while (sticks) std::this_thread::yield();
            came_back = true;
            return Status{};
        });
        engine = std::make_unique<Engine>(std::move(made), std::make_unique<ScriptedGenerator>(),
                                          params, sink, time, EngineOptions{.clock_priority = 0},
                                          std::make_unique<ScriptedGenerator>());
    }
    template <class Done>
    void wait_until(Done&& done) {
        while (!done()) {
            PlayedEvent event;
            while (engine->played().try_pop(event)) {
            }
            std::this_thread::yield();
        }
    }
    void be_stuck() {
        engine->start();
        wait_until([&] { return engine->meters().notes_on.load() > 20; });
        sticks = true;
        wait_until([&] { return is_stuck.load(); });
    }

    MonotonicTime time;
    ParamStore params;
    RecordingSink sink;
    std::atomic<bool> sticks{false}, is_stuck{false}, came_back{false};
    std::unique_ptr<Engine> engine;
};

TEST(StuckEngine, PlaysOnAndTheInferenceDoesNotBeat) {
    Stuck stage;
    stage.be_stuck();
    const auto& meters = stage.engine->meters();
    stage.wait_until([&] { return meters.steps_bridged.load() > 30; });
    const auto beat = meters.inference_heartbeat.load();
    stage.wait_until([&] { return meters.steps_bridged.load() > 60; });
    EXPECT_EQ(meters.inference_heartbeat.load(), beat);
    EXPECT_EQ(meters.rung.load(), Rung::ngram);

    stage.sticks = false;
    stage.wait_until([&] { return meters.rung.load() == Rung::neural; });
    stage.wait_until([&] { return meters.inference_heartbeat.load() > beat; });
    stage.engine->stop();
    EXPECT_FALSE(stage.engine->left_a_thread());
    EXPECT_THAT(faults(stage.sink.messages()), IsEmpty());
}

// Hangs where somebody waits for the generator.
TEST(StuckEngine, CanBeStoppedAndGoesWhenItsGeneratorComesBack) {
    Stuck stage;
    stage.be_stuck();
    stage.engine->stop();
    EXPECT_TRUE(stage.engine->left_a_thread());
    EXPECT_THAT(faults(stage.sink.messages()), IsEmpty());
    stage.engine.reset();
    EXPECT_FALSE(stage.came_back);
    stage.sticks = false;
    while (!stage.came_back) std::this_thread::yield();
}

// Its heart beats where it has nothing to do as well: else a watchdog would take it for stuck.
TEST(StuckEngine, AnIdleEngineBeats) {
    Stuck stage;
    stage.params.act(ActionId::stop).value();
    stage.engine->start();
    const auto& beats = stage.engine->meters().inference_heartbeat;
    stage.wait_until([&] { return stage.engine->meters().ready.load(); });
    const auto beat = beats.load();
    stage.wait_until([&] { return beats.load() > beat + 1; });
    stage.engine->stop();
}

}  // namespace
}  // namespace fusion::test
