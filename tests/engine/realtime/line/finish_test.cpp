// How the line comes to its end, and that it stays there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/realtime/line/loop_faults.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

constexpr Ticks kEnd = beats(16);

std::vector<Step> notes_of(EngineRig& rig) {
    auto line = rig.line();
    std::erase_if(line, [](const Step& step) { return step.kind != StepKind::note; });
    return line;
}

TEST(Finish, EndsOnOneNoteThatLastsToItsPlace) {
    for (const auto asked_after : {milliseconds{0}, milliseconds{3000}, milliseconds{5700}}) {
        EngineRig rig;
        rig.run_for(asked_after);
        rig.params.finish_at(kEnd);
        rig.run_for(seconds{20});
        EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
        const auto notes = notes_of(rig);
        ASSERT_FALSE(notes.empty());
        EXPECT_GE(notes.back().start, beats(12)) << asked_after.count();
        EXPECT_EQ(notes.back().end(), kEnd);
        EXPECT_LT(notes[notes.size() - 2].start, beats(12)) << "one note is the whole bar";
        EXPECT_EQ(rig.count(PlayedEvent::Kind::stopped), 1U);
        EXPECT_FALSE(rig.core.running());
        EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    }
}

TEST(Finish, StaysThereUntilItIsPlayedAnewAndThenGoesOn) {
    EngineRig rig;
    rig.params.finish_at(kEnd);
    rig.run_for(seconds{20});
    const auto ended = rig.line().size();
    ASSERT_TRUE(rig.params.set(ParamId::tempo, 90.0)) << "any change but play";
    rig.run_for(seconds{5});
    EXPECT_EQ(rig.line().size(), ended);
    rig.params.act(ActionId::play).value();
    rig.run_for(seconds{5});
    const auto line = rig.line();
    ASSERT_GT(line.size(), ended);
    EXPECT_EQ(line[ended].start, kEnd);
    EXPECT_THAT(faults_of_line(line), IsEmpty());
}

TEST(Finish, IsTakenBackByPlayToTheBit) {
    EngineRig turned, untouched;
    for (auto* rig : {&turned, &untouched}) rig->run_for(seconds{4});
    turned.params.finish_at(kEnd);
    turned.plan();
    turned.params.act(ActionId::play).value();
    for (auto* rig : {&turned, &untouched}) rig->run_for(seconds{10});
    const auto a = turned.line();
    const auto b = untouched.line();
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].pitch, b[i].pitch) << i;
        EXPECT_EQ(a[i].duration, b[i].duration) << i;
    }
}

TEST(Finish, AStopOrARestartMeanwhileForgetsIt) {
    EngineRig rig;
    rig.run_for(seconds{2});
    rig.params.finish_at(kEnd);
    rig.params.act(ActionId::stop).value();
    EXPECT_LT(rig.params.current().finish_at, Ticks{0});
    rig.params.act(ActionId::play).value();
    rig.params.finish_at(kEnd);
    rig.params.act(ActionId::restart).value();
    EXPECT_LT(rig.params.current().finish_at, Ticks{0});
    rig.run_for(seconds{20});
    EXPECT_TRUE(rig.core.running());
}

}  // namespace
}  // namespace fusion::test
