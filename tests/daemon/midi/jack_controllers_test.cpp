// Several controllers at the inputs, and what goes back to them.
#include "tests/daemon/midi/jack_midi_rig.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(JackMidiTest, InputsTellTheirSourcesApartAndAreHeardInTheOrderOfFrames) {
    open({.out = "", .ins = {"", "second:out", ""}});
    listen();
    EXPECT_EQ(port_->describe_input(),
              "JACK port fusiond:in; JACK port fusiond:in_2, waiting for 'second:out'; "
              "JACK port fusiond:in_3");
    JackPeer first{"first"};
    JackPeer second{"second"};
    ASSERT_TRUE(first.connect("first:out", "fusiond:in"));
    ASSERT_TRUE(first.connect("first:out", "fusiond:in_3"));
    port_->thru(Thru::on);
    ASSERT_TRUE(second.until([&] {
        port_->look_after();
        return port_->describe_input().find("fusiond:in_2 at second:out") != std::string::npos;
    }));
    ASSERT_TRUE(second.cycles(2));
    // Both send in the same period, if they can; frames are compared only when they did.
    bool together = false;
    for (int i = 0; i < 100 && !together; ++i) {
        io_.poll();
        came_in_.clear();
        second.begin_to_send({{10, {0xB0, 2, 1}}, {40, {0xB0, 2, 2}}});
        first.send({{20, {0xB0, 1, 1}}, {40, {0xB0, 1, 2}}});
        ASSERT_TRUE(second.until([&] {
            io_.poll();
            return came_in_.size() == 6;
        }));
        together = first.sent_at() == second.sent_at();
    }
    ASSERT_TRUE(together);
    std::vector<std::pair<int, int>> sources;
    for (const auto& came : came_in_) sources.emplace_back(came.source, came.message.bytes()[1]);
    EXPECT_THAT(sources, ElementsAre(std::pair{1, 2}, std::pair{0, 1}, std::pair{2, 1},
                                     std::pair{0, 1}, std::pair{1, 2}, std::pair{2, 1}));
    // And so they go through: each at its frame.
    ASSERT_TRUE(hears(6));
    ASSERT_TRUE(peer_->cycles(2));
    auto heard = peer_->heard_notes();
    heard.erase(heard.begin(), heard.end() - 6);
    std::vector<std::uint32_t> offsets;
    for (const auto& h : heard) offsets.push_back(h.frame - first.sent_at());
    EXPECT_THAT(offsets, ElementsAre(10U, 20U, 20U, 40U, 40U, 40U));
}

TEST_F(JackMidiTest, AClockIsFollowedAtTheFirstInputAlone) {
    open({.out = "", .ins = {"", ""}});
    JackPeer sender{"sender"};
    auto sync = inbox_->take_sync_messages();
    TimedMessage position;
    ASSERT_TRUE(sender.connect("sender:out", "fusiond:in_2"));
    sender.send({{0, {0xF2, 1, 1}}, {1, {0xB0, 20, 1}}});
    ASSERT_TRUE(sender.until([&] {
        io_.poll();
        return !came_in_.empty();
    }));
    EXPECT_FALSE(sync.try_pop(position));
    ASSERT_TRUE(sender.connect("sender:out", "fusiond:in"));
    sender.send({{0, {0xF2, 2, 1}}});
    ASSERT_TRUE(sender.until([&] { return sync.try_pop(position); }));
    EXPECT_EQ(position.message.bytes()[1], 2);
}

TEST_F(JackMidiTest, MoreInputsThanThereCanBeAreNotLookedAt) {
    open({.out = {}, .ins = {"", "", "", "", ""}});
    EXPECT_THAT(port_->describe_input(), HasSubstr("fusiond:in_4"));
    EXPECT_THAT(port_->describe_input(), testing::Not(HasSubstr("fusiond:in_5")));
    JackPeer sender{"sender"};
    ASSERT_TRUE(sender.connect("sender:out", "fusiond:in_4"));
    sender.send({{0, {0xB0, 20, 1}}});
    ASSERT_TRUE(sender.until([&] {
        io_.poll();
        return came_in_.size() == 1;
    }));
    EXPECT_EQ(came_in_[0].source, 3);
}

TEST_F(JackMidiTest, FeedbackGoesToItsPortWholeAndInOrderAndTheMusicDoesNot) {
    open_with_feedback();
    listen();
    send(on(60), time_.now() + 10ms);
    ASSERT_TRUE(hears(1));
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(feed(i));
    ASSERT_TRUE(port_->feed_back(program_change(Channel{3}, 5)));
    ASSERT_TRUE(faders_->until([this] { return faders_->heard().size() >= 101; }));
    send(off(60), time_.now() + 10ms);
    ASSERT_TRUE(hears(2));
    ASSERT_TRUE(faders_->cycles(4));
    // No greeting: it would move the faders.
    auto heard = faders_->heard();
    ASSERT_EQ(heard.size(), 101U);
    EXPECT_EQ(heard.back().bytes, (std::array<std::uint8_t, 3>{0xC3, 5, 0}));
    for (int i = 0; i < 100; ++i) EXPECT_EQ(numbers_fed(*faders_)[i], i);
    for (const auto& message : heard) EXPECT_EQ(message.frame % 128, 0U);
    EXPECT_EQ(peer_->heard_notes().size(), 2U);
    EXPECT_EQ(port_->counters().feedback_lost, 0U);
}

TEST_F(JackMidiTest, ABurstOfFeedbackComesInOrderOrIsCounted) {
    open_with_feedback();
    // With the server halted the queue must overflow; without it, it may.
    server_.halt();
    faders_->until_the_server_stands();
    std::vector<int> taken;
    for (int i = 0; i < 1000; ++i)
        if (feed(i)) taken.push_back(i);
    EXPECT_GE(port_->counters().feedback_lost, 700U);
    server_.go_on();
    for (int i = 1000; i < 2000; ++i)
        if (feed(i)) taken.push_back(i);
    EXPECT_EQ(taken.size() + port_->counters().feedback_lost, 2000U);
    ASSERT_TRUE(faders_->until([&] { return faders_->heard().size() >= taken.size(); }));
    ASSERT_TRUE(faders_->cycles(4));
    EXPECT_EQ(numbers_fed(*faders_), taken);
}

TEST_F(JackMidiTest, WhoComesToHearFeedbackGrowsTheCounterAndHearsWhatIsSentThen) {
    open_with_feedback();
    for (int i = 0; i < 3; ++i) {
        const auto before = port_->feedback_connections();
        JackPeer more{"more"};
        ASSERT_TRUE(more.cycles(8));
        EXPECT_EQ(port_->feedback_connections(), before);  // it is there, not connected
        ASSERT_TRUE(more.connect("fusiond:feedback", "more:in"));
        ASSERT_TRUE(more.until([&] { return port_->feedback_connections() > before; }));
        ASSERT_TRUE(feed(i));
        ASSERT_TRUE(more.until([&] { return more.heard().size() == 1; }));
    }
    const auto before = port_->feedback_connections();
    faders_->disconnect("fusiond:feedback", "faders:in");
    ASSERT_TRUE(faders_->cycles(8));
    EXPECT_EQ(port_->feedback_connections(), before);  // who goes does not count
}

TEST_F(JackMidiTest, AReceiverInAnothersPlaceIsANewOne) {
    open_with_feedback();
    JackPeer other{"other"};
    for (int i = 0; i < 10; ++i) {
        const auto before = port_->feedback_connections();
        const bool odd = i % 2 == 1;
        faders_->exchange("fusiond:feedback", odd ? "other:in" : "faders:in",
                          odd ? "faders:in" : "other:in");
        ASSERT_TRUE(faders_->until([&] { return port_->feedback_connections() > before; }));
    }
}

TEST_F(JackMidiTest, ANamedFeedbackPortIsConnectedWheneverItComes) {
    open({.out = "", .ins = {}, .feedback = "motor*:in"});
    EXPECT_THAT(port_->describe_feedback(), HasSubstr("waiting for 'motor*:in'"));
    EXPECT_EQ(port_->describe_input(), "");
    for (int i = 0; i < 2; ++i) {
        const auto before = port_->feedback_connections();
        JackPeer motors{"motors"};
        ASSERT_TRUE(motors.until([&] {
            port_->look_after();
            return port_->describe_feedback() == "JACK port fusiond:feedback at motors:in" &&
                   port_->feedback_connections() > before;
        }));
        ASSERT_TRUE(feed(i));
        ASSERT_TRUE(motors.until([&] { return motors.heard().size() == 1; }));
    }
}

TEST_F(JackMidiTest, FeedbackIsRefusedAndCountedWhileThereIsNoServerAndGoesOnWhenOneReturns) {
    open_with_feedback();
    const auto before = port_->feedback_connections();
    faders_.reset();
    server_.stop();
    for (int i = 0; i < 2000 && port_->describe() != "JACK, waiting for the server"; ++i) {
        real_.sleep_until(real_.now() + 5ms);
        port_->look_after();
    }
    ASSERT_EQ(port_->describe_feedback(), "JACK, waiting for the server");
    EXPECT_FALSE(feed(1));
    EXPECT_EQ(port_->counters().feedback_lost, 1U);
    ASSERT_EQ(server_.start(), "");
    port_->look_after();
    faders_.emplace("faders");
    ASSERT_TRUE(faders_->connect("fusiond:feedback", "faders:in"));
    ASSERT_TRUE(faders_->until([&] { return port_->feedback_connections() > before; }));
    ASSERT_TRUE(feed(2));
    ASSERT_TRUE(faders_->until([&] { return !faders_->heard().empty(); }));
    EXPECT_THAT(numbers_fed(*faders_), ElementsAre(2));
}

TEST_F(JackMidiTest, WithoutAFeedbackPortFeedbackIsRefused) {
    open();
    EXPECT_FALSE(feed(1));
    EXPECT_EQ(port_->counters().feedback_lost, 0U);
    EXPECT_EQ(port_->describe_feedback(), "");
    EXPECT_EQ(port_->feedback_connections(), 0U);
}

TEST_F(JackMidiTest, ClosingSendsTheFeedbackThatIsQueued) {
    open_with_feedback();
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(feed(i));
    port_->close();
    EXPECT_EQ(faders_->heard().size(), 200U);
    EXPECT_EQ(port_->counters().feedback_lost, 0U);
}

}  // namespace
}  // namespace fusion
