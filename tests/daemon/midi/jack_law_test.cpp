// The law of JACK's process callback, held in a real server's own threads.
#include <cstdlib>

#include "tests/daemon/midi/jack_law.hpp"
#include "tests/daemon/midi/jack_midi_rig.hpp"
#include "tests/support/rt_guard.hpp"

namespace fusion::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kTurns = 100'000;

class JackLawTest : public JackMidiTest {
protected:
    void SetUp() override {
        if (!rt_guard_available())
            GTEST_SKIP() << "a sanitizer interposes the allocator in this build";
        JackMidiTest::SetUp();
    }
};

class Offender final : public JackListener {
public:
    void cycle(const JackCycle&) noexcept override {
        auto* volatile block = std::malloc(16);
        std::free(block);
    }
    void period_becomes(Nanos) noexcept override {}
    void server_lost() noexcept override {}
};

TEST_F(JackLawTest, AnAllocationInACycleIsSeen) {
    Offender offender;
    const auto client = *JackClient::open("offender", {.out = ""}, offender);
    JackPeer witness{"witness"};
    clear_rt_violations();
    ASSERT_TRUE(client->activate());
    ASSERT_TRUE(witness.until([] { return watched_cycles("offender") > 0; }));
    EXPECT_GE(rt_violations().allocations, 2U);
}

TEST_F(JackLawTest, TheCycleAsksNobodyHowManyListen) {
    open({.out = "", .ins = {""}, .feedback = ""});
    clear_questions();
    listen();
    const auto before = watched_cycles("fusiond");
    ASSERT_TRUE(peer_->until([&] { return watched_cycles("fusiond") > before + 500; }));
    EXPECT_EQ(questions_in_a_cycle(), 0U);
    // Control may ask.
    port_->look_after();
    EXPECT_EQ(questions(), 2U);
}

// As fast as the server can, with everything that a cycle has to do.
TEST_F(JackLawTest, TheCycleKeepsItForAHundredThousandTurns) {
    open({.out = "", .ins = {"", ""}, .feedback = ""});
    listen();
    JackPeer keys{"keys"};
    ASSERT_TRUE(keys.connect("keys:out", "fusiond:in"));
    ASSERT_TRUE(keys.connect("keys:out", "fusiond:in_2"));
    ASSERT_TRUE(keys.connect("fusiond:feedback", "keys:in"));
    const auto until = watched_cycles("fusiond") + kTurns;
    clear_rt_violations();
    keys.set_wheel(JackPeer::Wheel::free);
    for (int round = 0; watched_cycles("fusiond") < until; ++round) {
        // Some of these the port has no room for, and some come too late: both are its cases.
        for (int i = 0; i < 20; ++i) {
            static_cast<void>(port_->sink().send({on(i + 40), time_.now() + i * 1ms}));
            static_cast<void>(port_->sink().send({off(i + 40), time_.now() + i * 2ms}));
            static_cast<void>(feed(i));
        }
        for (const unsigned controller : {64U, 123U, 120U})
            static_cast<void>(
                port_->sink().send({control_change(kChannel, controller, 0), time_.now(), true}));
        port_->thru(round % 5 == 0 ? Thru::off : Thru::on);
        keys.send({{0, {0x93, 60, 1}},
                   {1, {0xF8, 0, 0}},
                   {2, {0x93, 0xFF, 0x40}},
                   {3, {0x40, 0x90, 0xF0}},
                   {9, {0x83, 60, 0}}});
        if (round % 3 == 0) keys.flood(round % 2 == 0 ? 0 : 127);
        if (round % 7 == 0) peer_->exchange("fusiond:out", "peer:in", "peer:in");
        port_->look_after();
        io_.poll();
        ASSERT_TRUE(keys.cycles(1));
    }
    const auto violations = rt_violations();
    keys.set_wheel(JackPeer::Wheel::ordinary);
    EXPECT_EQ(violations.allocations, 0U);
    EXPECT_EQ(violations.locks, 0U);
    EXPECT_EQ(violations.throws, 0U);
    EXPECT_GT(came_in_.size(), 100U);
    EXPECT_GT(port_->counters().not_passed, 0U);
    EXPECT_GT(port_->output_connections(), 1U);
    EXPECT_GT(peer_->heard_notes().size(), 1000U);
}

}  // namespace
}  // namespace fusion::test
