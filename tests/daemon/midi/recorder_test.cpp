#include "daemon/midi/recorder.hpp"

#include <unistd.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "daemon/midi/tee_sink.hpp"
#include "engine/base/whole_file.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;

const TimePoint kStart{100s};

TimedMessage at(Nanos since_start, const MidiMessage& message) {
    return {message, kStart + since_start};
}

class RecorderTest : public testing::Test {
protected:
    void TearDown() override { std::filesystem::remove(file_); }
    std::unique_ptr<Recorder> open() {
        auto opened = Recorder::open(file_, Bpm{120.0});
        EXPECT_TRUE(opened) << opened.error().message;
        return std::move(*opened);
    }
    [[nodiscard]] SmfTrack read() const {
        const auto bytes = read_file(file_, kMaxSmfBytes);
        const auto smf = read_smf(*bytes, file_.string());
        EXPECT_TRUE(smf);
        return smf->tracks.front();
    }

    std::filesystem::path file_ = std::filesystem::temp_directory_path() /
                                  ("fusion-recorder-" + std::to_string(::getpid()) + ".mid");
};

const MidiMessage kOn = note_on(Channel{0}, Pitch{60}, Velocity{96});
const MidiMessage kOff = note_off(Channel{0}, Pitch{60});

TEST_F(RecorderTest, WhatIsSentStandsInTheFileAtItsPlace) {
    auto recorder = open();
    ASSERT_TRUE(recorder->send(at(0s, kOn)));
    ASSERT_TRUE(recorder->send(at(500ms, kOff)));
    ASSERT_TRUE(recorder->write());
    const auto track = read();
    ASSERT_EQ(track.messages.size(), 2U);
    EXPECT_EQ(track.messages[0], (SmfMessage{0, kOn}));
    EXPECT_EQ(track.messages[1], (SmfMessage{960, kOff}));
}

TEST_F(RecorderTest, AMarkerStandsInTheFileAtItsPlace) {
    auto recorder = open();
    recorder->marker("chord:Am", kStart - 1s);
    ASSERT_TRUE(recorder->send(at(0s, kOn)));
    recorder->marker("chord:Dm7", kStart + 250ms);
    ASSERT_TRUE(recorder->write());
    EXPECT_EQ(read().markers, (std::vector<SmfMarker>{{0, "chord:Am"}, {480, "chord:Dm7"}}));
}

TEST_F(RecorderTest, AChangeOfTempoStandsInTheFileAndMovesWhatComesAfter) {
    auto recorder = open();
    ASSERT_TRUE(recorder->send(at(0s, kOn)));
    recorder->tempo(Bpm{60.0}, kStart + 1s);
    ASSERT_TRUE(recorder->send(at(2s, kOff)));
    ASSERT_TRUE(recorder->write());
    const auto track = read();
    ASSERT_EQ(track.tempi.size(), 2U);
    EXPECT_EQ(track.tempi[1].at, 1920);
    EXPECT_NEAR(track.tempi[1].tempo.count(), 60.0, 0.001);
    EXPECT_EQ(track.messages[1].at, 1920 + 960);
}

TEST_F(RecorderTest, AFullQueueRefusesAndCounts) {
    auto recorder = open();
    while (recorder->send(at(0s, kOn))) {
    }
    EXPECT_EQ(recorder->dropped(), 1U);
    recorder->drain();
    EXPECT_TRUE(recorder->send(at(0s, kOff)));
}

TEST_F(RecorderTest, AFileThatCannotBeWrittenIsKnownAtOnce) {
    const auto opened = Recorder::open("/nonexistent/session.mid", Bpm{120.0});
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().message.find("/nonexistent/session.mid"), std::string::npos);
}

TEST_F(RecorderTest, ATeeGivesBothTheSame) {
    auto first = open();
    auto second = open();
    TeeSink tee{*first, *second};
    ASSERT_TRUE(tee.send(at(0s, kOn)));
    ASSERT_TRUE(first->write());
    EXPECT_EQ(read().messages.size(), 1U);
    std::filesystem::remove(file_);
    ASSERT_TRUE(second->write());
    EXPECT_EQ(read().messages.size(), 1U);
}

}  // namespace
}  // namespace fusion
