#include "daemon/midi/recording_place.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "daemon/midi/recorder.hpp"
#include "engine/music/midi_message.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion {
namespace {

class RecordingPlaceTest : public testing::Test {
protected:
    std::filesystem::path place() { return recording_place(wanted_).value(); }
    void write(const std::filesystem::path& file, std::string_view text) {
        std::ofstream{file} << text;
    }

    ScratchFolder folder_;
    std::filesystem::path wanted_ = folder_.path() / "set of may.mid";
};

TEST_F(RecordingPlaceTest, AFreeNameIsTakenAsItIs) { EXPECT_EQ(place(), wanted_); }

TEST_F(RecordingPlaceTest, WhatWasRecordedIsNotWrittenOver) {
    {
        auto recorder = Recorder::open(wanted_, Bpm{120}).value();
        ASSERT_TRUE(recorder->send({note_on(Channel{0}, Pitch{60}, Velocity{99}), TimePoint{}}));
        ASSERT_TRUE(recorder->send({note_off(Channel{0}, Pitch{60}), TimePoint{} + Nanos{1000}}));
        ASSERT_TRUE(recorder->write());
    }
    EXPECT_EQ(place().filename(), "set of may-2.mid");
    write(folder_.path() / "set of may-2.mid", "no MIDI, and somebody's");
    EXPECT_EQ(place().filename(), "set of may-3.mid");
}

TEST_F(RecordingPlaceTest, ARecordingWithoutANoteIsNothing) {
    ASSERT_TRUE(Recorder::open(wanted_, Bpm{97.5}));
    ASSERT_GT(std::filesystem::file_size(wanted_), 0U);
    EXPECT_EQ(place(), wanted_);
    write(wanted_, "");
    EXPECT_EQ(place(), wanted_);
}

TEST_F(RecordingPlaceTest, ANameWithoutAnEndingIsCountedAtItsEnd) {
    wanted_ = folder_.path() / "take";
    write(wanted_, "something");
    EXPECT_EQ(place().filename(), "take-2");
}

TEST_F(RecordingPlaceTest, WhatIsNoFileKeepsNothing) {
    wanted_ = "/dev/null";
    EXPECT_EQ(place(), wanted_);
    wanted_ = folder_.path() / "no folder" / "x.mid";
    EXPECT_EQ(place(), wanted_) << "the recorder says what is wrong with it";
}

}  // namespace
}  // namespace fusion
