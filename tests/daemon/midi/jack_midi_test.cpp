#include <algorithm>

#include "tests/daemon/midi/jack_midi_rig.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

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
    auto sync = inbox_->take_sync_messages();
    TimedMessage position;
    ASSERT_TRUE(sync.try_pop(position));
    EXPECT_EQ(frames(position.deadline - came_in_[1].deadline), 8);

    // Both directions count the same frames.
    send(on(61), came_in_[1].deadline + 1s);
    ASSERT_TRUE(hears(4));
    EXPECT_EQ(peer_->heard_notes()[3].frame - sender.sent_at(), 48'000U);
}

TEST_F(JackMidiTest, MalformedBytesAtTheInputAreLeftOutAndWhatComesAfterThemPasses) {
    open();
    listen();
    JackPeer sender{"sender"};
    ASSERT_TRUE(sender.connect("sender:out", "fusiond:in"));
    port_->thru(Thru::on);
    ASSERT_TRUE(sender.cycles(2));
    // A pitch that is none, pieces, two messages in one, a byte of the clock within a note.
    sender.send({{0, {0x90, 0xFF, 0x40}},
                 {1, {0x90}},
                 {2, {0x90, 60}},
                 {3, {0x90, 60, 1, 61, 1}},
                 {4, {0x90, 60, 1, 0}},
                 {5, {0x90, 0xF8, 60}},
                 {6, {60, 1}},
                 {7, {0xC0, 0x80}},
                 {9, {0x90, 62, 1}}});
    ASSERT_TRUE(hears(1));
    ASSERT_TRUE(peer_->cycles(2));
    EXPECT_THAT(pitches_heard(), ElementsAre(62));
    io_.poll();
    ASSERT_EQ(came_in_.size(), 1U);
    EXPECT_EQ(came_in_[0].message, note_on(Channel{0}, Pitch{62}, Velocity{1}));
    EXPECT_EQ(inbox_->malformed(), 8U);
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
    const auto heard = peer_->heard_once();
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

TEST_F(JackMidiTest, AfterALostCycleTheEndsOfTheLastPeriodsAreSaidAgain) {
    open();
    listen();
    const auto due = time_.now() + 20ms;
    send(on(60), due);
    send(off(60), due + 5ms);
    send(on(61), due + 6ms);
    ASSERT_TRUE(hears(3));
    const auto ends_of = [this](unsigned pitch) {
        const auto heard = peer_->heard();
        return std::count_if(heard.begin(), heard.end(), [&](const auto& h) {
            return h.bytes[0] == (0x80U | kChannel.count()) && h.bytes[1] == pitch;
        });
    };
    const auto before = ends_of(60);
    peer_->oversleep(20ms);
    ASSERT_TRUE(peer_->until([&] { return ends_of(60) > before; }));
    EXPECT_GE(port_->counters().again, 1U);
    EXPECT_EQ(ends_of(61), 0) << "it sounds";
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
    EXPECT_EQ(port_->how_to_connect(), port_->describe()) << "nobody needs to connect it";
    for (int i = 0; i < 2; ++i) {
        JackPeer synth{"synth"};
        JackPeer keys{"keys"};
        ASSERT_TRUE(keys.until([&] {
            port_->look_after();
            return port_->describe() == "JACK port fusiond:out at synth:in" &&
                   port_->describe_input() == "JACK port fusiond:in at keys:out";
        }));
        // Greeted: what is sent from now on is not cut by it.
        ASSERT_TRUE(synth.until(
            [&] { return port_->output_connections() == static_cast<unsigned>(i) + 1; }));
        // After a lost cycle an end of the round before may be said again ahead of the beginning.
        const auto hears_last = [&](const MidiMessage& message) {
            return synth.until([&] {
                const auto heard = synth.heard_notes();
                return !heard.empty() && std::ranges::equal(heard.back().bytes, message.span());
            });
        };
        ASSERT_TRUE(port_->sink().send({on(60), time_.now()}));
        ASSERT_TRUE(hears_last(on(60)));
        keys.send({{0, {0xB0, 20, 1}}});
        ASSERT_TRUE(synth.until([&] {
            io_.poll();
            return came_in_.size() == static_cast<std::size_t>(i) + 1;
        }));
        ASSERT_TRUE(port_->sink().send({off(60), time_.now()}));
        ASSERT_TRUE(hears_last(off(60)));
    }
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
