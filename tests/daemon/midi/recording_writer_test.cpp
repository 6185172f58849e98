#include "daemon/midi/recording_writer.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "tests/daemon/midi/recording_rig.hpp"

namespace fusion {
namespace {

using namespace test;

class RecordingWriterTest : public RecordingRig {};

TEST_F(RecordingWriterTest, WhatIsTakenStandsInTheFileAtItsPlace) {
    RecordingWriter writer{options_};
    writer.take(at(0s, kOn));
    writer.take(at(500ms, kOff));
    writer.finish(kStart + 1s);
    const auto track = track_of(wanted_);
    ASSERT_EQ(track.messages.size(), 2U);
    EXPECT_EQ(track.messages[0], (SmfMessage{0, kOn}));
    EXPECT_EQ(track.messages[1], (SmfMessage{960, kOff}));
    EXPECT_EQ(writer.written(), std::filesystem::file_size(wanted_) + 4);
}

TEST_F(RecordingWriterTest, AMarkerStandsInTheFileAtItsPlace) {
    RecordingWriter writer{options_};
    writer.take({kStart - 1s, std::string{"chord:Am"}});
    play_note(writer, 0s);
    writer.take({kStart + 200ms, std::string{"chord:Dm7"}});
    writer.finish(kStart + 1s);
    EXPECT_EQ(track_of(wanted_).markers,
              (std::vector<SmfMarker>{{0, "chord:Am"}, {384, "chord:Dm7"}}));
}

TEST_F(RecordingWriterTest, AChangeOfTempoStandsInTheFileAndMovesWhatComesAfter) {
    RecordingWriter writer{options_};
    writer.take(at(0s, kOn));
    writer.take(at(2s, kOff));  // told before the tempo, and after it in time
    writer.take({kStart + 1s, Bpm{60.0}});
    writer.finish(kStart + 3s);
    const auto track = track_of(wanted_);
    ASSERT_EQ(track.tempi.size(), 2U);
    EXPECT_EQ(track.tempi[1].at, 1920);
    EXPECT_NEAR(track.tempi[1].tempo.count(), 60.0, 0.001);
    EXPECT_EQ(track.messages[1].at, 1920 + 960);
}

TEST_F(RecordingWriterTest, WithinASecondItIsInTheFileAndNothingIsHeldBack) {
    RecordingWriter writer{options_};
    play_note(writer, 0s);
    for (auto now = 0ms; now <= 1000ms; now += 100ms) writer.turn(kStart + now);
    const auto smf = read(wanted_);
    EXPECT_EQ(notes_of(smf.tracks.front()).size(), 1U);
}

TEST_F(RecordingWriterTest, AFileBeginsWithANoteAndWithWhatHolds) {
    RecordingWriter writer{options_};
    const auto program = program_change(Channel{2}, 40);
    writer.take(at(0s, program));
    writer.take({kStart, Bpm{90.0}});
    writer.take({kStart, std::string{"chord:C"}});
    writer.finish(kStart + 10s);
    EXPECT_TRUE(files().empty()) << "nothing was played";
    play_note(writer, 20s);
    writer.finish(kStart + 30s);
    const auto track = track_of(wanted_);
    EXPECT_NEAR(track.tempi.at(0).tempo.count(), 90.0, 0.001);
    EXPECT_EQ(track.messages.at(0), (SmfMessage{0, program}));
    EXPECT_EQ(track.markers.at(0), (SmfMarker{0, "chord:C"}));
    EXPECT_EQ(track.messages.at(1), (SmfMessage{0, kOn}));
}

TEST_F(RecordingWriterTest, WhatSoundsAtItsEndIsEndedThere) {
    RecordingWriter writer{options_};
    writer.take(at(0s, kOn));
    writer.finish(kStart + 1s);
    EXPECT_EQ(track_of(wanted_).messages.back().message.status(), 0x80U);
}

TEST_F(RecordingWriterTest, ALongOneGoesOnInTheNextFileWhereNothingSounds) {
    options_.segment_length = 60s;
    RecordingWriter writer{options_};
    constexpr int kNotes = 300;  // one each half second
    for (int i = 0; i < kNotes; ++i) {
        play_note(writer, i * 500ms);
        writer.turn(kStart + i * 500ms + 400ms);
    }
    writer.finish(kStart + 200s);
    EXPECT_EQ(files(),
              (std::vector<std::string>{"set of may-2.mid", "set of may-3.mid", "set of may.mid"}));
    std::size_t notes = 0;
    for (const auto& name : files()) notes += notes_in(named(name));
    EXPECT_EQ(notes, kNotes) << "none twice, none lost";
    // It goes on where the bar would have: on the same beat.
    EXPECT_EQ(track_of(named("set of may-2.mid")).messages.front().at % 960, 0);
}

TEST_F(RecordingWriterTest, ALargeOneGoesOnInTheNextFile) {
    options_.segment_bytes = 1000;
    RecordingWriter writer{options_};
    for (int i = 0; i < 1000; ++i) {
        play_note(writer, i * 500ms);
        writer.turn(kStart + i * 500ms + 400ms);
    }
    writer.finish(kStart + 600s);
    EXPECT_GT(files().size(), 5U);
    for (const auto& name : files()) EXPECT_LT(std::filesystem::file_size(named(name)), 1200U);
}

TEST_F(RecordingWriterTest, ANoteThatNeverEndsHoldsUpTheNextFileForFourSeconds) {
    RecordingWriter writer{options_};
    writer.take(at(0s, note_on(Channel{3}, Pitch{40}, Velocity{50})));
    for (int i = 0; i < 20; ++i) {
        play_note(writer, i * 500ms);
        writer.turn(kStart + i * 500ms + 400ms);
        if (i == 2) writer.split(kStart + i * 500ms + 400ms);
    }
    writer.finish(kStart + 20s);
    EXPECT_EQ(files().size(), 2U);
    EXPECT_EQ(notes_in(wanted_) + notes_in(named("set of may-2.mid")), 21U);
}

TEST_F(RecordingWriterTest, AskedForItMakesAWholeFileOfWhatThereIs) {
    RecordingWriter writer{options_};
    play_note(writer, 0s);
    writer.turn(kStart + 1s);
    EXPECT_TRUE(writer.writing());
    writer.split(kStart + 1s);
    writer.turn(kStart + 1100ms);
    EXPECT_FALSE(writer.writing());
    EXPECT_EQ(writer.whole_file(), wanted_);
    EXPECT_EQ(notes_in(wanted_), 1U);
}

TEST_F(RecordingWriterTest, OthersMayNotReadIt) {
    const auto before = ::umask(0);
    RecordingWriter writer{options_};
    play_note(writer, 0s);
    writer.finish(kStart + 1s);
    ::umask(before);
    struct stat about {};
    ASSERT_EQ(::stat(wanted_.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07777U, 0640U);
}

TEST_F(RecordingWriterTest, AFolderThatComesBackIsWrittenToAgainAndWhatWasLostIsCounted) {
    wanted_ = folder_.path() / "away" / "set.mid";
    RecordingWriter writer{options_};
    play_note(writer, 0s);
    writer.turn(kStart + 1s);
    EXPECT_NE(writer.trouble().find("set.mid"), std::string::npos) << writer.trouble();
    EXPECT_EQ(writer.lost(), 1U);
    std::filesystem::create_directory(wanted_.parent_path());
    play_note(writer, 8s);
    writer.turn(kStart + 9s);
    writer.turn(kStart + 10s);
    EXPECT_EQ(writer.trouble(), "");
    writer.finish(kStart + 11s);
    EXPECT_EQ(notes_in(wanted_), 1U);
}

// A file size limit is as near to a full disk as a test comes everywhere.
TEST_F(RecordingWriterTest, AFullDiskCostsNoMoreThanWhatHasNoRoom) {
    ::signal(SIGXFSZ, SIG_IGN);
    struct rlimit before {};
    ::getrlimit(RLIMIT_FSIZE, &before);
    RecordingWriter writer{options_};
    const rlimit full{400, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
    for (int i = 0; i < 200; ++i) {
        play_note(writer, i * 500ms);
        writer.turn(kStart + i * 500ms + 400ms);
    }
    EXPECT_NE(writer.trouble(), "");
    EXPECT_EQ(writer.lost(), 0U) << "it is kept for when there is room";
    ::setrlimit(RLIMIT_FSIZE, &before);
    writer.turn(kStart + 110s);
    EXPECT_EQ(writer.trouble(), "");
    writer.finish(kStart + 111s);
    EXPECT_EQ(notes_in(wanted_), 200U);
}

TEST_F(RecordingWriterTest, TheOldestGoWhereThereIsTooMuch) {
    options_.segment_length = 10s;
    options_.kept.bytes = 600;
    folder_.put("set of june.mid", std::vector<std::uint8_t>(2000, 1));
    RecordingWriter writer{options_};
    for (int i = 0; i < 400; ++i) {
        play_note(writer, i * 500ms);
        writer.turn(kStart + i * 500ms + 400ms);
    }
    writer.finish(kStart + 300s);
    EXPECT_GT(writer.segments(), 10U);
    std::uint64_t all = 0;
    for (const auto& name : files())
        if (name != "set of june.mid") all += std::filesystem::file_size(named(name));
    EXPECT_LE(all, 600U);
    EXPECT_TRUE(std::filesystem::exists(writer.whole_file())) << "the last one stays";
    EXPECT_TRUE(std::filesystem::exists(named("set of june.mid"))) << "it is somebody else's";
}

}  // namespace
}  // namespace fusion
