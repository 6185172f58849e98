// A native JACK port in a server of its own, with a peer that hears it and faders that hear its
// feedback.
#pragma once

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include "daemon/midi/jack_midi.hpp"
#include "tests/daemon/midi/jack_rig.hpp"

namespace fusion {

inline constexpr Channel kChannel{2};

inline MidiMessage on(int pitch) {
    return note_on(kChannel, Pitch{static_cast<std::uint8_t>(pitch)}, Velocity{99});
}
inline MidiMessage off(int pitch) {
    return note_off(kChannel, Pitch{static_cast<std::uint8_t>(pitch)});
}

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

}  // namespace fusion
