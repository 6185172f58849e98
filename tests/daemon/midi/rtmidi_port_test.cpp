#include "daemon/midi/rtmidi_port.hpp"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include "tests/daemon/midi/jack_rig.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// Over RtMidi's JACK, which can be had without a sound card.
class RtMidiPortTest : public testing::Test {
protected:
    void SetUp() override {
        if (const auto reason = server_.start(); !reason.empty())
            GTEST_SKIP() << "no JACK server can be started here: " << reason;
        inbox_ = std::move(*MidiInbox::open(io_));
        inbox_->deliver_to([this](const ArrivedMessage& message) { came_in_.push_back(message); });
        peer_.emplace("peer");
    }
    void open(const PortNames& names) {
        auto opened = RtMidiPort::open({MidiApi::jack, "fusiond", names, 0}, time_, *inbox_);
        ASSERT_TRUE(opened) << opened.error().message;
        port_ = std::move(*opened);
    }
    bool has_come_in(std::size_t count) {
        return peer_->until([&] {
            io_.poll();
            return came_in_.size() == count;
        });
    }

    JackServer server_;
    boost::asio::io_context io_;
    MonotonicTime time_;
    std::unique_ptr<MidiInbox> inbox_;
    std::vector<ArrivedMessage> came_in_;
    std::unique_ptr<RtMidiPort> port_;
    std::optional<JackPeer> peer_;
};

TEST_F(RtMidiPortTest, WhatComesInIsStampedAndGoesThroughWhereThruIsOn) {
    open({.out = "", .ins = {""}});
    ASSERT_TRUE(peer_->connect("fusiond:out", "peer:in"));
    ASSERT_TRUE(peer_->connect("peer:out", "fusiond in:in"));
    const auto before = time_.now();
    peer_->send({{0, {0xB0, 20, 1}}});
    ASSERT_TRUE(has_come_in(1));
    EXPECT_GE(came_in_[0].deadline, before);
    EXPECT_LE(came_in_[0].deadline, time_.now());
    port_->thru(Thru::on);
    peer_->send({{0, {0xB0, 20, 2}}});
    ASSERT_TRUE(port_->sink().send({note_on(Channel{0}, Pitch{60}, Velocity{1}), time_.now()}));
    ASSERT_TRUE(peer_->until([this] { return peer_->heard_notes().size() == 2; }));
    ASSERT_TRUE(has_come_in(2));
    port_->close();
}

TEST_F(RtMidiPortTest, MalformedBytesAtTheInputAreLeftOutAndWhatComesAfterThemPasses) {
    open({.out = "", .ins = {""}});
    EXPECT_THAT(port_->how_to_connect(), HasSubstr("jack_connect fusiond:out "));
    ASSERT_TRUE(peer_->connect("fusiond:out", "peer:in"));
    ASSERT_TRUE(peer_->connect("peer:out", "fusiond in:in"));
    port_->thru(Thru::on);
    peer_->send({{0, {0x90, 0xFF, 0x40}}, {1, {0x90}}, {2, {0x90, 60}}, {3, {0x90, 62, 1}}});
    ASSERT_TRUE(peer_->until([this] { return !peer_->heard_notes().empty(); }));
    ASSERT_TRUE(peer_->cycles(4));
    const auto heard = peer_->heard_notes();
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].bytes, (std::array<std::uint8_t, 3>{0x90, 62, 1}));
    io_.poll();
    EXPECT_EQ(came_in_.size(), 1U);
    EXPECT_EQ(inbox_->malformed(), 3U);
    port_->close();
}

// ALSA's way, shown with JACK's ports: who is connected is asked, not told.
TEST_F(RtMidiPortTest, TheFirstWhoIsConnectedToAPortOfOurOwnIsGreetedThen) {
    int receivers = 0;
    auto opened = RtMidiPort::open({.api = MidiApi::jack,
                                    .client = "fusiond",
                                    .names = {.out = "", .ins = {}, .feedback = {}},
                                    .priority = 0,
                                    .receivers = [&receivers] { return receivers; }},
                                   time_, *inbox_);
    ASSERT_TRUE(opened) << opened.error().message;
    port_ = std::move(*opened);
    port_->look_after();
    ASSERT_TRUE(peer_->cycles(8));  // what it says when it is opened, nobody hears
    ASSERT_TRUE(peer_->connect("fusiond:out", "peer:in"));
    ASSERT_TRUE(peer_->cycles(8));
    ASSERT_TRUE(peer_->heard().empty());
    const auto connections = port_->output_connections();
    receivers = 1;
    port_->look_after();
    EXPECT_TRUE(peer_->until([this] { return peer_->heard().size() >= 48; }));
    EXPECT_EQ(port_->output_connections(), connections + 1);
    receivers = 2;
    port_->look_after();
    ASSERT_TRUE(peer_->cycles(8));
    EXPECT_EQ(peer_->heard().size(), 48U);
    port_->close();
}

TEST_F(RtMidiPortTest, AnOutputUnpluggedWhilePlayingIsSilencedAndPlayedIntoWhenItIsBack) {
    std::optional<JackPeer> synth{"synth"};
    open({.out = "synth:in", .ins = {}});
    const auto play = [this](const MidiMessage& message) {
        ASSERT_TRUE(port_->sink().send({message, time_.now()}));
    };
    play(note_on(Channel{2}, Pitch{60}, Velocity{1}));
    ASSERT_TRUE(synth->until([&] { return synth->heard_notes().size() == 1; }));
    synth.reset();
    const auto looks_until = [this](const std::string& words) {
        return peer_->until([&] {
            port_->look_after();
            return port_->describe().find(words) != std::string::npos;
        });
    };
    ASSERT_TRUE(looks_until("waiting for a port"));
    play(note_on(Channel{2}, Pitch{61}, Velocity{1}));
    ASSERT_TRUE(peer_->until([this] { return port_->counters().unsent == 1; }));
    synth.emplace("synth");
    ASSERT_TRUE(looks_until("synth:in"));
    play(note_on(Channel{2}, Pitch{62}, Velocity{1}));
    ASSERT_TRUE(synth->until([&] { return synth->heard_notes().size() == 3; }));
    std::vector<std::pair<int, int>> heard;
    for (const auto& note : synth->heard_notes()) heard.emplace_back(note.bytes[0], note.bytes[1]);
    EXPECT_THAT(
        heard, testing::ElementsAre(std::pair{0x82, 60}, std::pair{0x82, 61}, std::pair{0x92, 62}));
    port_->close();
}

TEST_F(RtMidiPortTest, AnInputThatIsUnpluggedIsHeardAgainWhenItIsBack) {
    std::optional<JackPeer> knobs{"knobs"};
    open({.out = {}, .ins = {"knobs:out"}});
    for (std::size_t turn = 1; turn <= 2; ++turn) {
        ASSERT_TRUE(peer_->until([this] {
            port_->look_after();
            return port_->describe_input().find("knobs:out") != std::string::npos;
        }));
        ASSERT_TRUE(knobs->cycles(4));
        knobs->send({{0, {0xB0, 20, 1}}});
        ASSERT_TRUE(has_come_in(turn));
        knobs.reset();
        ASSERT_TRUE(peer_->until([this] {
            port_->look_after();
            return port_->describe_input().find("waiting for a port") != std::string::npos;
        }));
        knobs.emplace("knobs");
    }
    port_->close();
}

TEST_F(RtMidiPortTest, AnInputAloneHasNoOutput) {
    open({.out = {}, .ins = {"peer:out"}});
    EXPECT_EQ(port_->describe(), "");
    EXPECT_EQ(port_->how_to_connect(), "");
    EXPECT_THAT(port_->describe_input(), HasSubstr("peer:out"));
    ASSERT_TRUE(peer_->cycles(2));
    peer_->send({{0, {0xB0, 20, 1}}});
    EXPECT_TRUE(has_come_in(1));
    port_->look_after();
    port_->close();
}

TEST_F(RtMidiPortTest, InputsTellTheirSourcesApartAndAllGoThrough) {
    open({.out = "", .ins = {"", ""}});
    JackPeer second{"second"};
    ASSERT_TRUE(peer_->connect("fusiond:out", "peer:in"));
    ASSERT_TRUE(peer_->connect("peer:out", "fusiond in:in"));
    ASSERT_TRUE(second.connect("second:out", "fusiond in 2:in"));
    port_->thru(Thru::on);
    peer_->send({{0, {0xB0, 20, 1}}});
    ASSERT_TRUE(has_come_in(1));
    second.send({{0, {0xB0, 20, 2}}});
    ASSERT_TRUE(has_come_in(2));
    EXPECT_EQ(came_in_[0].source, 0);
    EXPECT_EQ(came_in_[1].source, 1);
    ASSERT_TRUE(peer_->until([this] { return peer_->heard_notes().size() == 2; }));
    port_->close();
}

TEST_F(RtMidiPortTest, FeedbackHasAPortOfItsOwnWithoutAGreeting) {
    open({.out = "", .ins = {}, .feedback = "peer:in"});
    EXPECT_THAT(port_->describe_feedback(), HasSubstr("peer:in"));
    EXPECT_EQ(port_->feedback_connections(), 1U);
    ASSERT_TRUE(peer_->cycles(4));
    std::vector<int> taken;
    for (int i = 0; i < 1000; ++i)
        if (port_->feed_back(control_change(Channel{1}, static_cast<unsigned>(i / 128),
                                            static_cast<unsigned>(i % 128))))
            taken.push_back(i);
    EXPECT_EQ(taken.size() + port_->counters().feedback_lost, 1000U);
    ASSERT_TRUE(peer_->until([&] { return peer_->heard().size() >= taken.size(); }));
    ASSERT_TRUE(peer_->cycles(4));
    std::vector<int> heard;
    for (const auto& message : peer_->heard())
        heard.push_back(message.bytes[1] * 128 + message.bytes[2]);
    EXPECT_EQ(heard, taken);
    port_->close();
}

TEST_F(RtMidiPortTest, AFeedbackPortThatComesLaterIsConnectedAndGrowsTheCounter) {
    open({.out = {}, .ins = {}, .feedback = "motors:in"});
    EXPECT_EQ(port_->feedback_connections(), 0U);
    ASSERT_TRUE(port_->feed_back(control_change(Channel{0}, 1, 1)));
    ASSERT_TRUE(peer_->until([this] { return port_->counters().feedback_lost == 1; }));
    JackPeer motors{"motors"};
    ASSERT_TRUE(motors.until([&] {
        port_->look_after();
        return port_->feedback_connections() == 1;
    }));
    ASSERT_TRUE(motors.cycles(4));
    ASSERT_TRUE(port_->feed_back(control_change(Channel{0}, 1, 2)));
    ASSERT_TRUE(motors.until([&] { return motors.heard().size() == 1; }));
    port_->close();
}

}  // namespace
}  // namespace fusion
