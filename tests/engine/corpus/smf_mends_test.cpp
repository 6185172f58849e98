// Files that are not as the standard has them and that other programs play. Each is the same tune;
// each must give its notes, and say what was mended.
#include <gmock/gmock.h>

#include "engine/base/whole_file.hpp"
#include "tests/engine/corpus/midi_in_memory.hpp"

namespace fusion {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint16_t kDivision = 480;

const Bytes kTempo{0, 0xFF, 0x51, 3, 0x07, 0xA1, 0x20};  // 120 BPM
const Bytes kEnd{0, 0xFF, 0x2F, 0};

Bytes operator+(Bytes first, const Bytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

Bytes letters(std::string_view text) { return {text.begin(), text.end()}; }

Bytes delta(int ticks) {
    if (ticks < 0x80) return {static_cast<std::uint8_t>(ticks)};
    return {static_cast<std::uint8_t>(0x80 | ticks >> 7), static_cast<std::uint8_t>(ticks & 0x7F)};
}

// Twenty quarter notes of `ticks` each, every one with `between` behind its note-on.
Bytes quarters(int ticks, const Bytes& between = {}) {
    Bytes events;
    for (int i = 0; i < 20; ++i) {
        const auto key = static_cast<std::uint8_t>(60 + i * 7 % 12);
        events = events + Bytes{0, 0x90, key, 80} + between + delta(ticks) + Bytes{0x80, key, 64};
    }
    return events;
}

const Bytes kTune = kTempo + quarters(kDivision) + kEnd;

Bytes with_size(Bytes file, std::size_t track_head, std::size_t size) {
    for (std::size_t i = 0; i < 4; ++i)
        file[track_head + 4 + i] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
    return file;
}

Bytes little_endian(std::size_t size) {
    Bytes bytes;
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
    return bytes;
}

Bytes in_riff(const Bytes& file, const Bytes& before, const Bytes& after) {
    const auto chunks =
        letters("RMID") + before + letters("data") + little_endian(file.size()) + file + after;
    return letters("RIFF") + little_endian(chunks.size()) + chunks;
}

struct InBeats {
    double onset;
    double length;
    int pitch;
};

std::vector<InBeats> notes_in_beats(const Smf& smf) {
    std::vector<InBeats> notes;
    for (const auto& track : smf.tracks)
        for (const auto& note : notes_of(track))
            notes.push_back({static_cast<double>(note.onset) / smf.ticks_per_beat,
                             static_cast<double>(note.end - note.onset) / smf.ticks_per_beat,
                             note.pitch.count()});
    return notes;
}

struct OddFile {
    std::string name;
    Bytes bytes;
    std::string kind;   // empty: nothing to tell
    std::string where;  // a part of it
};

std::ostream& operator<<(std::ostream& out, const OddFile& file) { return out << file.name; }

class Odd : public testing::TestWithParam<OddFile> {};

TEST_P(Odd, GivesTheSameNotesAndSaysWhatWasMended) {
    const auto plain = notes_in_beats(*read_smf(raw_file(0, kDivision, {kTune}), "plain"));
    ASSERT_EQ(plain.size(), 20U);
    const auto smf = read_smf(GetParam().bytes, "odd");
    ASSERT_TRUE(smf) << smf.error().message;
    const auto notes = notes_in_beats(*smf);
    ASSERT_EQ(notes.size(), plain.size());
    for (std::size_t i = 0; i < notes.size(); ++i) {
        EXPECT_NEAR(notes[i].onset, plain[i].onset, 0.001 * plain[i].onset + 1e-9) << i;
        EXPECT_NEAR(notes[i].length, plain[i].length, 0.002) << i;
        EXPECT_EQ(notes[i].pitch, plain[i].pitch) << i;
    }
    if (GetParam().kind.empty()) {
        EXPECT_THAT(smf->mends, IsEmpty());
        return;
    }
    EXPECT_THAT(smf->mends,
                Contains(testing::AllOf(Field(&SmfMend::kind, GetParam().kind),
                                        Field(&SmfMend::where, HasSubstr(GetParam().where)))));
}

std::vector<OddFile> odd_files() {
    const auto plain = raw_file(0, kDivision, {kTune});
    const auto second = raw_file(0, kDivision, {kTempo + quarters(100) + kEnd});
    const auto long_header = [&](std::uint8_t says) {
        auto file = plain;
        file[7] = says;
        file.insert(file.begin() + 14, {1, 2});
        return file;
    };
    const auto edited = [](Bytes file, std::size_t at, std::initializer_list<std::uint8_t> bytes) {
        std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
        return file;
    };
    const auto of_track = [](const Bytes& track) { return raw_file(0, kDivision, {track}); };
    const auto track_head = Bytes(plain.begin() + 14, plain.end());
    const Bytes text{0, 0xFF, 1, 1, 'x'};
    auto loud = kTune;
    for (std::size_t i = 0; i + 2 < loud.size(); ++i)
        if (loud[i] == 0x90) loud[i + 2] = 0xC8;

    return {
        // What counts the time.
        {"Frames25Of40", raw_file(0, 0xE728, {kTempo + quarters(500) + kEnd}),
         "timed in SMPTE frames", "25 frames of 40, beats at 120 BPM"},
        {"Frames30Of80", raw_file(0, 0xE250, {kTempo + quarters(1200) + kEnd}),
         "timed in SMPTE frames", "30 frames of 80"},
        {"Frames24Of100", raw_file(0, 0xE864, {kTempo + quarters(1200) + kEnd}),
         "timed in SMPTE frames", "24 frames of 100"},
        {"DropFrames29Of100", raw_file(0, 0xE364, {kTempo + quarters(1499) + kEnd}),
         "timed in SMPTE frames", "29.97 frames of 100"},
        {"FramesWithoutATempo", raw_file(0, 0xE728, {quarters(500) + kEnd}),
         "timed in SMPTE frames", "120 BPM"},
        {"FramesOfNoKnownRate", raw_file(0, 0xD890, {kTune}), "an unknown division",
         "D8 90 at byte 12, taken as 480 a beat"},
        {"FramesOfNothing", raw_file(0, 0xE700, {kTune}), "an unknown division", "E7 00"},
        {"ADivisionOfZero", raw_file(0, 0, {kTune}), "an unknown division", "00 00"},
        // What stands around the file.
        {"RiffWrapper", in_riff(plain, {}, {}), "in a RIFF wrapper", ""},
        {"RiffWithOtherChunks",
         in_riff(plain, letters("DISP") + little_endian(3) + letters("abc") + Bytes{0},
                 letters("DLS ") + little_endian(8) + letters("MTrk\xFF\xFF\xFF\xFF")),
         "in a RIFF wrapper", ""},
        {"RiffOfAWrongSize", edited(in_riff(plain, {}, {}), 16, {0, 0, 0, 0}), "in a RIFF wrapper",
         ""},
        {"ByteOrderMark", Bytes{0xEF, 0xBB, 0xBF} + plain, "bytes before the header", "3"},
        {"MacBinary", Bytes(128, 0) + plain + Bytes(100, 0), "bytes before the header", "128"},
        {"TextBeforeIt", letters("Subject: a tune\r\n\r\n") + plain, "bytes before the header",
         "19"},
        {"NoHeader", track_head, "no header", "byte 0"},
        {"JunkBehindIt", plain + Bytes(40, 0x1A), "bytes between the chunks", ""},
        {"ASecondFile", plain + second, "a second file after the first", "byte "},
        // The header.
        {"LongHeader", long_header(8), "", ""},
        {"HeaderLongerThanItSays", long_header(6), "bytes between the chunks", ""},
        {"HeaderOfNoSize", edited(plain, 4, {0, 0, 0, 0}), "bytes between the chunks", "0 bytes"},
        {"HeaderLongerThanTheFile", edited(plain, 4, {0x7F, 0xFF, 0xFF, 0xFF}),
         "bytes between the chunks", ""},
        {"UnknownFormat", raw_file(7, kDivision, {kTune}), "an unknown format", "byte 8"},
        {"Format0WithTwoTracks", raw_file(0, kDivision, {kTempo + kEnd, kTune}), "", ""},
        {"MoreTracksThanItSays", edited(raw_file(1, kDivision, {kTempo + kEnd, kTune}), 10, {0, 1}),
         "another number of tracks than it says", "2 of 1"},
        {"FewerTracksThanItSays", edited(plain, 10, {0, 3}),
         "another number of tracks than it says", "1 of 3"},
        // Chunks.
        {"UnknownChunks", edited(plain, 0, {}) + letters("XFIH") + Bytes{0, 0, 0, 2, 1, 2}, "", ""},
        {"JunkBetweenTracks",
         raw_file(1, kDivision, {kTempo + kEnd}) + Bytes{0, 0, 0, 1, 2, 3, 4, 5, 6} + track_head,
         "bytes between the chunks", ""},
        {"TrackLongerThanTheFile", with_size(plain, 14, kTune.size() + 22),
         "a track longer than the file", "track 0"},
        {"TrackOfTwoGigabytes", with_size(plain, 14, 0x7FFFFFFF), "a track longer than the file",
         ""},
        {"FirstTrackLongerThanTheFile",
         with_size(raw_file(1, kDivision, {kTempo + kEnd, kTune}), 14, 0xFFFFFFFF),
         "a track of another length than it says", "track 0"},
        {"TrackThatSwallowsTheNext",
         with_size(raw_file(1, kDivision, {kTempo + kEnd, kTune}), 14,
                   kTempo.size() + kEnd.size() + 8 + kTune.size()),
         "a track of another length than it says", "track 0"},
        {"TrackShorterThanItIs", with_size(plain, 14, kTune.size() / 2),
         "a track of another length than it says", "track 0"},
        {"FirstTrackShorterThanItIs",
         with_size(raw_file(1, kDivision, {kTune, kEnd}), 14, kTune.size() / 2),
         "a track of another length than it says", "track 0"},
        {"TrackOfNoSize", with_size(plain, 14, 0), "a track of another length than it says", ""},
        {"TrackWithoutAnEnd", of_track(kTempo + quarters(kDivision)), "a track without an end",
         "track 0"},
        {"EndOfTrackCutOff", of_track(kTempo + quarters(kDivision) + Bytes{0, 0xFF}), "cut off",
         "track 0"},
        {"LastEventCutOff", of_track(kTempo + quarters(kDivision) + Bytes{0, 0x90, 61}), "cut off",
         "track 0"},
        {"MetaLongerThanTheTrack",
         of_track(kTempo + quarters(kDivision) + Bytes{0, 0xFF, 1, 0x7F, 'x'}), "cut off", ""},
        // Events.
        {"ClockBetweenEvents", of_track(kTempo + quarters(kDivision, {0, 0xF8, 0, 0xFE}) + kEnd),
         "clock or system bytes in a track", "byte 34"},
        {"ClockWithinAnEvent",
         of_track(kTempo + Bytes{0, 0xB0, 0xF8, 7, 0xFE, 100} + quarters(kDivision) + kEnd),
         "clock or system bytes in a track", ""},
        {"SongPositionAndTuneRequest",
         of_track(kTempo + quarters(kDivision, {0, 0xF2, 0, 0, 0, 0xF3, 1, 0, 0xF6}) + kEnd),
         "clock or system bytes in a track", ""},
        {"RunningStatusPastAMeta",
         of_track(kTempo + Bytes{0, 0xB0, 7, 100} + text + Bytes{0, 7, 99} + quarters(kDivision) +
                  kEnd),
         "running status past a meta or sysex", "byte "},
        {"SysexWithoutALength",
         of_track(kTempo + quarters(kDivision) + Bytes{0, 0xF0, 0x43, 0x10, 0x4C, 0xF7} + kEnd),
         "a sysex without its length", "byte "},
        {"VelocitiesAbove127", of_track(loud), "a data byte above 127", "byte "},
        {"KeysBelowZero",
         of_track(kTempo + quarters(kDivision, {0, 0x93, 0xFD, 86, 0, 0x93, 0x8F, 0}) + kEnd),
         "a data byte above 127", "byte "},
        {"NumberOfFiveBytes", of_track(Bytes{0x80, 0x80, 0x80, 0x80} + kTune),
         "a number of more than four bytes", "byte 22"},
        {"DataWhereAnEventShouldBegin",
         of_track(kTempo + Bytes{0, 60, 61} + Bytes(kTune.begin() + 8, kTune.end())),
         "bytes that are no event", "byte 30"},
        {"AStatusTwice", of_track(kTempo + Bytes{0, 0x90} + Bytes(kTune.begin() + 8, kTune.end())),
         "bytes that are no event", ""},
        {"ForeignAndEmptyMetas",
         of_track(kTempo + Bytes{0, 0xFF, 0xE0, 1, 0, 0, 0xFF, 0x51, 0, 0, 0xFF, 0x58, 0} +
                  quarters(kDivision) + kEnd),
         "", ""},
    };
}

INSTANTIATE_TEST_SUITE_P(Smf, Odd, testing::ValuesIn(odd_files()),
                         [](const auto& about) { return about.param.name; });

TEST(SmfMends, FramesFollowEveryTempoOfTheFile) {
    const Bytes halved{0, 0xFF, 0x51, 3, 0x0F, 0x42, 0x40};  // 60 BPM
    // Ten quarters of half a second, then ten that fill a second each.
    const auto first = quarters(500);
    const Bytes half(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(first.size() / 2));
    const auto slow = quarters(1000);
    const Bytes rest(slow.begin() + static_cast<std::ptrdiff_t>(slow.size() / 2), slow.end());
    const auto notes = notes_in_beats(
        *read_smf(raw_file(0, 0xE728, {kTempo + half + halved + rest + kEnd}), "frames"));
    ASSERT_EQ(notes.size(), 20U);
    for (std::size_t i = 0; i < notes.size(); ++i) {
        EXPECT_NEAR(notes[i].onset, static_cast<double>(i), 0.002);
        EXPECT_NEAR(notes[i].length, 1.0, 0.002);
    }
    // In format 2 a track follows its own tempo only.
    const auto apart = notes_in_beats(
        *read_smf(raw_file(2, 0xE728, {halved + kEnd, kTempo + first + kEnd}), "apart"));
    ASSERT_EQ(apart.size(), 20U);
    EXPECT_NEAR(apart.back().onset, 19.0, 0.002);
}

TEST(SmfMends, ADivisionThatSaysNothingIsToldFromTheNotes) {
    const auto taken = [](std::uint16_t stands_there, const Bytes& notes) {
        const auto smf = read_smf(raw_file(0, stands_there, {notes + kEnd}), "told");
        return smf ? smf->ticks_per_beat : std::uint16_t{0};
    };
    EXPECT_EQ(taken(0, quarters(480)), 480);
    EXPECT_EQ(taken(0, quarters(24)), 96);
    EXPECT_EQ(taken(0, quarters(7)), 24);
    EXPECT_EQ(taken(0, {}), 480);
    // A number of many divisors, above what the standard has room for.
    Bytes eighths;
    for (std::uint8_t key = 60; key < 80; ++key)
        eighths = eighths + Bytes{0, 0x90, key, 80, 0x81, 0xD8, 0x48, 0x80, key, 64};
    EXPECT_EQ(taken(0xD890, eighths), 55440);
}

TEST(SmfMends, WhatWasLostEndsTheTrackAndLeavesWhatCameBefore) {
    // Nothing but data bytes and statuses without data: noise.
    Bytes noise;
    for (int i = 0; i < 100; ++i) noise = noise + Bytes{0, 0x90, 0x91, 0x92};
    const auto smf =
        read_smf(raw_file(1, kDivision, {kTempo + quarters(kDivision) + noise, kTune}), "noise");
    ASSERT_TRUE(smf);
    EXPECT_THAT(smf->tracks[0].messages,
                SizeIs(testing::AllOf(testing::Ge(40U), testing::Le(60U))));
    EXPECT_THAT(notes_of(smf->tracks[1]), SizeIs(20));
    EXPECT_THAT(smf->mends, Contains(Field(&SmfMend::kind, "bytes that are no event")));
}

TEST(SmfMends, EachKindIsToldOnceHoweverOftenItComes) {
    const auto smf =
        read_smf(raw_file(0, kDivision, {kTempo + quarters(kDivision, {0, 0xF8}) + kEnd}), "clock");
    ASSERT_TRUE(smf);
    EXPECT_THAT(smf->mends, SizeIs(1));
}

TEST(SmfMends, TracksAndMessagesAreBoundedWhateverTheFileHolds) {
    auto tracks = raw_file(1, kDivision, {});
    const auto empty = raw_file(1, kDivision, {kEnd});
    for (std::size_t i = 0; i < kMaxSmfTracks + 10; ++i)
        tracks.insert(tracks.end(), empty.begin() + 14, empty.end());
    const auto many = read_smf(tracks, "tracks");
    ASSERT_TRUE(many);
    EXPECT_THAT(many->tracks, SizeIs(kMaxSmfTracks));
    EXPECT_THAT(many->mends, Contains(Field(&SmfMend::kind, "too many tracks")));

    Bytes notes{0, 0x90, 60, 1};
    notes.reserve(kMaxSmfMessages * 3 + 100);
    for (std::size_t i = 0; i < kMaxSmfMessages + 10; ++i)
        notes.insert(notes.end(), {0, 61, static_cast<std::uint8_t>(i & 1U)});
    const auto full = read_smf(raw_file(0, kDivision, {notes}), "messages");
    ASSERT_TRUE(full);
    EXPECT_THAT(full->tracks[0].messages, SizeIs(kMaxSmfMessages));
    EXPECT_THAT(full->mends, Contains(Field(&SmfMend::kind, "too many messages")));
}

TEST(SmfMends, TheOddFilesThatWereMetAllGiveTheSameLine) {
    const std::filesystem::path folder = FUSION_SOURCE_DIR "/../shared/cases/smf";
    if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no odd files at " << folder;
    std::vector<LineEvent> first;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() != ".mid") continue;
        const auto bytes = read_file(entry.path(), kMaxSmfBytes);
        ASSERT_TRUE(bytes);
        const auto smf = read_smf(*bytes, entry.path().filename().string());
        ASSERT_TRUE(smf) << smf.error().message;
        EXPECT_THAT(smf->mends, SizeIs(1)) << entry.path();
        const auto lines = extract_lines(*smf, nullptr, FurtherLines::take);
        ASSERT_TRUE(lines) << entry.path() << ": " << lines.error().message;
        if (first.empty()) first = lines->front().events;
        EXPECT_TRUE(lines->front().events == first) << entry.path();
    }
    EXPECT_FALSE(first.empty());
}

}  // namespace
}  // namespace fusion
