#include "daemon/hands/controller_feedback.hpp"
#include "tests/daemon/hands/midi_map_rig.hpp"
#include "tests/support/wrong_thread.hpp"

namespace fusion {
namespace {

using test::expect_not_for;

class HandsDeathTest : public MidiMapTest {};

TEST_F(HandsDeathTest, TheMapIsControlsAlone) {
    use({});
    expect_not_for(ThreadRole::midi_in, [&] { cc(20, 1); });
    expect_not_for(ThreadRole::clock, [&] { map_->turn(time_.now()); });
    expect_not_for(ThreadRole::clock, [&] { map_->learn("tempo"); });
    expect_not_for(ThreadRole::clock, [&] { map_->unlearn("tempo"); });
    expect_not_for(ThreadRole::clock, [&] { map_->replace({}); });
}

TEST_F(HandsDeathTest, TheFeedbackIsControlsAlone) {
    use({});
    ControllerFeedback feedback{*map_, params_, [](const MidiMessage&) { return true; }};
    expect_not_for(ThreadRole::clock, [&] { feedback.turn(time_.now()); });
    expect_not_for(ThreadRole::jack, [&] { feedback.heard({}); });
    expect_not_for(ThreadRole::jack, [&] { feedback.send_all(); });
}

}  // namespace
}  // namespace fusion
