// The law of JACK's process callback, held in a real server's own thread.
#include <cstdlib>

#include <jack/jack.h>

#include "tests/daemon/midi/jack_law.hpp"
#include "tests/daemon/midi/jack_midi_rig.hpp"
#include "tests/support/rt_guard.hpp"

namespace fusion::test {
namespace {

TEST_F(JackMidiTest, TheCycleAsksNobodyHowManyListen) {
    open({.out = "", .ins = {""}, .feedback = ""});
    clear_questions();
    listen();
    const auto before = watched_cycles();
    ASSERT_TRUE(peer_->until([&] { return watched_cycles() > before + 500; }));
    EXPECT_EQ(questions_in_a_cycle(), 0U);
    // Control may ask.
    port_->look_after();
    EXPECT_EQ(questions(), 2U);
}

}  // namespace
}  // namespace fusion::test
