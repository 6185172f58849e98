// What `again` repeats, for how long, and what it yields to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/realtime/line/loop_faults.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

TEST(Again, PlaysTheLastBarsOnceMoreThenGoesOn) {
    EngineRig rig;
    set_loop_bars(rig, 2);
    rig.run_for(seconds{10});
    rig.params.act(ActionId::again).value();
    const auto from = rig.line().size();
    rig.run_for(seconds{20});
    const auto line = rig.line();
    const auto begin = line[from].start;
    const auto to = first_from(line, begin + kBar * 2);
    EXPECT_EQ(line.at(to).start, begin + kBar * 2) << "exactly that long";
    EXPECT_THAT(faults_of_loop(line, from, to, kBar * 2), IsEmpty());
    EXPECT_GT(faults_of_loop(line, to, to + 8, kBar * 2).size(), 3U) << "then something new";
    EXPECT_EQ(line[from].revision, rig.params.current().revision);
    EXPECT_THAT(faults_of_line(line), IsEmpty());
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
}

TEST(Again, KeepsItsLengthWhateverLoopBarsDoMeanwhile) {
    EngineRig rig;
    set_loop_bars(rig, 2);
    rig.run_for(seconds{10});
    rig.params.act(ActionId::again).value();
    const auto from = rig.line().size();
    rig.run_for(seconds{1});
    set_loop_bars(rig, 1);
    rig.params.set_weight(0, 9.0).value();
    rig.run_for(seconds{10});
    const auto line = rig.line();
    const auto to = first_from(line, line[from].start + kBar * 2);
    EXPECT_THAT(faults_of_loop(line, from, to, kBar * 2), IsEmpty());
}

TEST(Again, DuringItselfBeginsAnewWithWhatWasHeardLast) {
    EngineRig rig;
    set_loop_bars(rig, 1);
    rig.run_for(seconds{10});
    rig.params.act(ActionId::again).value();
    rig.run_for(milliseconds{900});
    rig.params.act(ActionId::again).value();
    const auto from = rig.line().size();
    rig.run_for(seconds{10});
    const auto line = rig.line();
    const auto to = first_from(line, line[from].start + kBar);
    EXPECT_EQ(line.at(to).start, line[from].start + kBar);
    EXPECT_THAT(faults_of_loop(line, from, to, kBar), IsEmpty());
}

TEST(Again, YieldsToHold) {
    EngineRig rig;
    set_loop_bars(rig, 1);
    rig.run_for(seconds{10});
    rig.params.act(ActionId::again).value();
    rig.run_for(milliseconds{900});
    hold(rig);
    const auto from = rig.line().size();
    rig.run_for(seconds{3});
    rig.params.act(ActionId::again).value();
    rig.run_for(seconds{10});
    EXPECT_THAT(faults_of_loop(rig.line(), from, kBar), IsEmpty());
    const auto released = rig.line().size();
    release(rig);
    rig.run_for(seconds{6});
    EXPECT_GT(faults_of_loop(rig.line(), released, kBar).size(), 3U)
        << "what was asked while held is over";
}

}  // namespace
}  // namespace fusion::test
