#include "daemon/jack_midi.hpp"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include "tests/daemon/jack_rig.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Channel kChannel{2};

MidiMessage on(int pitch) {
    return note_on(kChannel, Pitch{static_cast<std::uint8_t>(pitch)}, Velocity{99});
}
MidiMessage off(int pitch) { return note_off(kChannel, Pitch{static_cast<std::uint8_t>(pitch)}); }

class JackMidiTest : public testing::Test {
protected:
    void SetUp() override {
        if (const auto reason = server_.start(); !reason.empty())
            GTEST_SKIP() << "no JACK server can be started here: " << reason;
        inbox_ = std::move(*MidiInbox::open(io_));
        inbox_->deliver_to([this](const ArrivedMessage& message) { came_in_.push_back(message); });
    }

    void open(const PortNames& names = {.out = "", .ins = {""}}) {
        JackMidiOptions options;
        options.names = names;
        auto opened = JackMidi::open(options, time_, *inbox_);
        ASSERT_TRUE(opened) << opened.error().message;
        port_ = std::move(*opened);
    }
    // A peer that hears our port, and has heard the greeting.
    void listen() {
        peer_.emplace("peer");
        ASSERT_TRUE(peer_->connect("fusiond:out", "peer:in"));
        ASSERT_TRUE(peer_->until([this] { return peer_->heard().size() >= 48; }));
    }
    void send(const MidiMessage& message, TimePoint when) {
        ASSERT_TRUE(port_->sink().send({message, when}));
    }
    // A controller whose motors listen; the daemon has heard of it.
    void open_with_feedback() {
        open({.out = "", .ins = {""}, .feedback = ""});
        faders_.emplace("faders");
        ASSERT_TRUE(faders_->connect("fusiond:feedback", "faders:in"));
        ASSERT_TRUE(faders_->until([this] { return port_->feedback_connections() > 0; }));
    }
    bool feed(int number) {
        return port_->feed_back(note_on(Channel{static_cast<std::uint8_t>(number >> 14)},
                                        Pitch{static_cast<std::uint8_t>(number >> 7 & 0x7F)},
                                        Velocity{static_cast<std::uint8_t>(number & 0x7F)}));
    }
    static std::vector<int> numbers_fed(const JackPeer& peer) {
        std::vector<int> numbers;
        for (const auto& heard : peer.heard())
            numbers.push_back((heard.bytes[0] & 0x0F) << 14 | heard.bytes[1] << 7 | heard.bytes[2]);
        return numbers;
    }
    bool hears(std::size_t notes) {
        return peer_->until([&] { return peer_->heard_notes().size() >= notes; });
    }
    std::vector<int> pitches_heard() {
        std::vector<int> pitches;
        for (const auto& heard : peer_->heard_notes()) pitches.push_back(heard.bytes[1]);
        return pitches;
    }
    static std::int64_t frames(Nanos time) {
        return FrameGrid{TimePoint{}, SampleRate{48000}}.frame_at(TimePoint{time}).count();
    }

    JackServer server_;
    boost::asio::io_context io_;
    MonotonicTime real_;
    FrameTime time_{real_};
    std::unique_ptr<MidiInbox> inbox_;
    std::vector<ArrivedMessage> came_in_;
    std::unique_ptr<JackMidi> port_;
    std::optional<JackPeer> peer_;
    std::optional<JackPeer> faders_;
};

TEST_F(JackMidiTest, AThousandMessagesComeInOrderEachAtItsFrame) {
    open();
    listen();
    // Far enough ahead that no scheduler can make a test of frames one of patience; not all on
    // whole frames, several at one, and periods both empty and crowded.
    const auto begin = time_.on_a_frame(time_.now() + 200ms);
    std::vector<TimePoint> due;
    for (int i = 0; i < 1000; ++i) {
        due.push_back(begin + i * 1'543'211ns - (i % 3) * 300us);
        if (i > 0) due.back() = std::max(due.back(), due[due.size() - 2]);
        send(on(i % 128), due.back());
    }
    ASSERT_TRUE(hears(due.size()));
    const auto heard = peer_->heard_notes();
    ASSERT_EQ(heard.size(), due.size());
    for (std::size_t i = 0; i < due.size(); ++i) {
        EXPECT_EQ(heard[i].bytes[1], i % 128);
        ASSERT_EQ(heard[i].frame - heard[0].frame, frames(due[i] - begin)) << "message " << i;
    }
    EXPECT_EQ(port_->counters().late, 0U);
}

TEST_F(JackMidiTest, AMidiClockAt120IsAThousandFramesATickThoughThePeriodChanges) {
    open();
    listen();
    const auto begin = time_.on_a_frame(time_.now() + 200ms);
    for (int i = 0; i < 96; ++i) send(kMidiClock, begin + Nanos{i * 62'500'000LL / 3});
    auto lead = port_->sink().lead();
    for (const std::uint32_t period : {512U, 64U, 1024U, 128U}) {
        peer_->set_period(period);
        ASSERT_TRUE(peer_->until([&] { return port_->sink().lead() != lead; }));
        lead = port_->sink().lead();
        EXPECT_GE(lead, Nanos{period * 1'000'000'000LL / 48000});
        ASSERT_TRUE(peer_->cycles(10));
    }
    ASSERT_TRUE(hears(96));
    const auto heard = peer_->heard_notes();
    for (std::size_t i = 1; i < 96; ++i) EXPECT_EQ(heard[i].frame - heard[i - 1].frame, 1000U);
}

TEST_F(JackMidiTest, AMessageOfThePastComesAtOnceAndIsCounted) {
    open();
    listen();
    const auto due = time_.now() + 20ms;
    send(on(60), due);
    ASSERT_TRUE(hears(1));
    const auto late_before = port_->counters().late;
    send(on(61), due);
    ASSERT_TRUE(hears(2));
    const auto heard = peer_->heard_notes();
    EXPECT_GT(heard[1].frame, heard[0].frame);
    EXPECT_EQ(heard[1].frame % 128, 0U);  // at the first of the next period
    EXPECT_EQ(port_->counters().late, late_before + 1);
    EXPECT_GE(port_->counters().most_late, heard[1].frame - heard[0].frame);
}

TEST_F(JackMidiTest, WhereAPeriodHasNoRoomMessagesWaitAndStayInOrder) {
    open();
    listen();
    JackPeer flooder{"flooder"};
    ASSERT_TRUE(flooder.connect("flooder:out", "fusiond:in"));
    port_->thru(Thru::on);
    ASSERT_TRUE(flooder.cycles(2));
    // Our own come in each period in which the flood may come.
    std::size_t sent = 0;
    auto due = time_.now();
    const auto flood_until = [&](std::uint32_t offset, std::uint64_t PortCounters::*counter) {
        for (int i = 0; i < 400 && port_->counters().*counter == 0; ++i) {
            due = std::max(due, time_.now() + port_->sink().lead());
            for (int n = 0; n < 10; ++n) send(on(static_cast<int>(sent++ % 128)), due += 1ms);
            EXPECT_GT(flooder.flood(offset), 100U);
        }
        return port_->counters().*counter > 0;
    };
    EXPECT_TRUE(flood_until(0, &PortCounters::kept_over));     // before ours: they wait
    EXPECT_TRUE(flood_until(127, &PortCounters::not_passed));  // after ours: some of it is lost
    const auto own = [this] {
        auto heard = peer_->heard_notes();
        std::erase_if(heard, [](const auto& h) { return (h.bytes[0] & 0x0F) != kChannel.count(); });
        return heard;
    };
    ASSERT_TRUE(peer_->until([&] { return own().size() >= sent; }));
    const auto heard = own();
    for (std::size_t i = 0; i < sent; ++i) ASSERT_EQ(heard[i].bytes[1], i % 128);
}

TEST_F(JackMidiTest, WhatComesInGoesThroughAtItsFrameAndIsStampedWithIt) {
    open();
    listen();
    JackPeer sender{"sender"};
    ASSERT_TRUE(sender.connect("sender:out", "fusiond:in"));
    sender.send({{3, {0x90, 1, 1}}});  // thru is off
    ASSERT_TRUE(sender.cycles(2));
    port_->thru(Thru::on);
    ASSERT_TRUE(sender.cycles(2));
    sender.send({{0, {0x90, 60, 1}}, {7, {0xB0, 20, 5}}, {8, {0xF2, 1, 1}}, {127, {0x80, 60, 0}}});
    ASSERT_TRUE(hears(3));
    const auto heard = peer_->heard_notes();
    ASSERT_EQ(heard.size(), 3U);
    EXPECT_EQ(heard[0].frame, sender.sent_at());
    EXPECT_EQ(heard[1].frame, sender.sent_at() + 7);
    EXPECT_EQ(heard[1].bytes, (std::array<std::uint8_t, 3>{0xB0, 20, 5}));
    EXPECT_EQ(heard[2].frame, sender.sent_at() + 127);

    io_.poll();
    ASSERT_EQ(came_in_.size(), 4U);
    EXPECT_EQ(frames(came_in_[2].deadline - came_in_[1].deadline), 7);
    EXPECT_EQ(frames(came_in_[3].deadline - came_in_[1].deadline), 127);
    EXPECT_EQ(time_.on_a_frame(came_in_[2].deadline), came_in_[2].deadline);
    auto sync = inbox_->sync_messages();
    TimedMessage position;
    ASSERT_TRUE(sync.try_pop(position));
    EXPECT_EQ(frames(position.deadline - came_in_[1].deadline), 8);

    // Both directions count the same frames.
    send(on(61), came_in_[1].deadline + 1s);
    ASSERT_TRUE(hears(4));
    EXPECT_EQ(peer_->heard_notes()[3].frame - sender.sent_at(), 48'000U);
}

TEST_F(JackMidiTest, NotesThatPassThroughEndWhenThruIsTurnedOff) {
    open();
    listen();
    JackPeer sender{"sender"};
    ASSERT_TRUE(sender.connect("sender:out", "fusiond:in"));
    port_->thru(Thru::on);
    ASSERT_TRUE(sender.cycles(2));
    sender.send({{0, {0x95, 60, 1}}});
    ASSERT_TRUE(hears(1));
    port_->thru(Thru::off);
    ASSERT_TRUE(hears(2));
    EXPECT_EQ(peer_->heard_notes()[1].bytes[0], 0x85);
}

TEST_F(JackMidiTest, AServerThatReturnsIsGivenNoteOffsAndNothingThatIsOld) {
    open();
    listen();
    send(on(60), time_.now() + 10ms);
    ASSERT_TRUE(hears(1));
    send(on(61), time_.now() + 10s);  // queued when the server goes
    peer_.reset();
    server_.stop();
    const auto gone = time_.now();
    // Looked at as the daemon does, only faster.
    for (int i = 0; i < 2000 && port_->describe() != "JACK, waiting for the server"; ++i) {
        real_.sleep_until(real_.now() + 5ms);
        port_->look_after();
    }
    ASSERT_EQ(port_->describe(), "JACK, waiting for the server");
    send(on(62), time_.now());
    send(off(60), time_.now());
    EXPECT_EQ(port_->counters().unsent, 3U);

    ASSERT_EQ(server_.start(), "");
    port_->look_after();
    ASSERT_THAT(port_->describe(), HasSubstr("fusiond:out"));
    EXPECT_GE(time_.now(), gone);
    peer_.emplace("peer");
    ASSERT_TRUE(peer_->connect("fusiond:out", "peer:in"));
    send(on(63), time_.now() + 20ms);
    ASSERT_TRUE(hears(2));
    EXPECT_THAT(pitches_heard(), ElementsAre(60, 63));
    const auto heard = peer_->heard();
    ASSERT_EQ(heard.size(), 5U);
    EXPECT_EQ(heard[0].bytes[0], 0x82);
    // The one channel that was used, no other.
    for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(heard[i].bytes[0], 0xB2);
    EXPECT_THAT(std::vector({heard[1].bytes[1], heard[2].bytes[1], heard[3].bytes[1]}),
                ElementsAre(64, 123, 120));
}

TEST_F(JackMidiTest, AStandstillMovesNoMessageFromItsFrame) {
    open();
    listen();
    const auto begin = time_.on_a_frame(time_.now() + 50ms);
    send(on(60), begin);
    ASSERT_TRUE(hears(1));
    server_.halt();
    peer_->until_the_server_stands();
    for (int i = 1; i <= 50; ++i) send(on(70), begin + i * 10ms);
    time_.sleep_until(begin + 400ms);
    server_.go_on();
    ASSERT_TRUE(hears(51));
    const auto heard = peer_->heard_notes();
    for (std::size_t i = 0; i < 51; ++i) EXPECT_EQ(heard[i].frame - heard[0].frame, 480 * i);
    EXPECT_EQ(port_->counters().late, 0U);
}

TEST_F(JackMidiTest, AServerThatStoodStillForLongIsNotGivenABurstOfOldNotes) {
    open();
    listen();
    send(on(60), time_.now() + 10ms);
    ASSERT_TRUE(hears(1));
    server_.halt();
    peer_->until_the_server_stands();
    const auto begin = time_.now();
    for (int i = 0; i < 50; ++i) send(on(70), begin + i * 2ms);
    send(off(60), begin + 100ms);
    time_.sleep_until(begin + FrameTime::kMostBehind + 100ms);
    server_.go_on();
    send(on(63), time_.now() + 50ms);
    ASSERT_TRUE(peer_->until([this] { return pitches_heard().back() == 63; }));
    EXPECT_THAT(pitches_heard(), ElementsAre(60, 60, 63));
    EXPECT_EQ(port_->counters().too_late, 50U);
    EXPECT_EQ(time_.steps(), 1U);
}

TEST_F(JackMidiTest, NamedPortsAreConnectedWheneverTheyComeAndAreWaitedFor) {
    open({.out = "synth:*", .ins = {"keys:out"}});
    EXPECT_THAT(port_->describe(), HasSubstr("waiting for 'synth:*'"));
    for (int i = 0; i < 2; ++i) {
        JackPeer synth{"synth"};
        JackPeer keys{"keys"};
        ASSERT_TRUE(keys.until([&] {
            port_->look_after();
            return port_->describe() == "JACK port fusiond:out at synth:in" &&
                   port_->describe_input() == "JACK port fusiond:in at keys:out";
        }));
        ASSERT_TRUE(synth.cycles(2));
        ASSERT_TRUE(port_->sink().send({on(60), time_.now()}));
        ASSERT_TRUE(synth.until([&] { return synth.heard_notes().size() == 1; }));
        keys.send({{0, {0xB0, 20, 1}}});
        ASSERT_TRUE(synth.until([&] {
            io_.poll();
            return came_in_.size() == static_cast<std::size_t>(i) + 1;
        }));
        ASSERT_TRUE(port_->sink().send({off(60), time_.now()}));
        ASSERT_TRUE(synth.until([&] { return synth.heard_notes().size() == 2; }));
    }
}

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
    for (const auto& came : came_in_) sources.emplace_back(came.source, came.message.bytes[1]);
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
    auto sync = inbox_->sync_messages();
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
    EXPECT_EQ(position.message.bytes[1], 2);
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
    ASSERT_TRUE(port_->feed_back({{0xC3, 5, 0}, 2}));
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

TEST_F(JackMidiTest, ClosingSendsWhatIsQueuedFirst) {
    open();
    listen();
    const auto now = time_.now();
    send(on(60), now);
    send(off(60), now + port_->sink().lead());
    send(control_change(kChannel, 7, 1), now + port_->sink().lead());
    port_->close();
    EXPECT_EQ(peer_->heard_notes().size(), 3U);
    EXPECT_EQ(port_->counters().unsent, 0U);
}

TEST_F(JackMidiTest, WithoutAServerOpeningSaysSo) {
    server_.stop();
    const auto opened = JackMidi::open({}, time_, *inbox_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Error::Code::not_found);
}

}  // namespace
}  // namespace fusion
