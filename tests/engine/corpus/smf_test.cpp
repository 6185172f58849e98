#include "engine/corpus/smf.hpp"

#include <random>

#include <gmock/gmock.h>

#include "engine/corpus/extract.hpp"
#include "tests/engine/corpus/midi_in_memory.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

const std::vector<TuneNote> kScale{{60, 12}, {62, 12}, {64, 6}, {65, 6}, {67, 24}, {69, 3},
                                   {71, 9},  {72, 12}, {71, 4}, {69, 8}, {67, 12}, {65, 12},
                                   {64, 12}, {62, 12}, {60, 6}, {59, 6}, {60, 48}};

// Reads and uses everything: whatever the bytes, it must come back.
void survive(std::span<const std::uint8_t> bytes) {
    const auto smf = read_smf(bytes, "hostile");
    if (!smf) {
        EXPECT_FALSE(smf.error().message.empty());
        return;
    }
    EXPECT_GT(smf->ticks_per_beat, 0);
    for (const auto& track : smf->tracks) {
        for (const auto& note : notes_of(track)) {
            EXPECT_LT(note.onset, note.end);
            EXPECT_LT(note.pitch.count(), 128);
        }
    }
    const auto lines = extract_from(bytes, nullptr, FurtherLines::take);
    EXPECT_TRUE(lines || !lines.error().message.empty());
}

TEST(Smf, ReadsBackWhatWasWritten) {
    const auto smf = read_smf(tune_file(kScale, {3, 4}, "Lead"), "scale");
    ASSERT_TRUE(smf) << smf.error().message;
    EXPECT_THAT(smf->mends, testing::IsEmpty());
    EXPECT_EQ(smf->format, 0);
    EXPECT_EQ(smf->ticks_per_beat, 960);
    ASSERT_EQ(smf->tracks.size(), 1U);
    const auto& track = smf->tracks.front();
    EXPECT_EQ(track.name, "Lead");
    EXPECT_EQ(smf->meters_of(0), (std::vector<SmfMeter>{{0, {3, 4}}}));
    ASSERT_EQ(track.tempi.size(), 1U);
    EXPECT_NEAR(track.tempi[0].tempo.count(), 120.0, 1e-3);

    const auto notes = notes_of(track);
    ASSERT_EQ(notes.size(), kScale.size());
    SmfTime at = 0;
    for (std::size_t i = 0; i < notes.size(); ++i) {
        EXPECT_EQ(notes[i].onset, at);
        EXPECT_EQ(notes[i].pitch.count(), kScale[i].pitch);
        EXPECT_EQ(notes[i].end, at + kScale[i].cells * 72);
        at += kScale[i].cells * 80;
    }
    EXPECT_EQ(track.end, at);
}

TEST(Smf, MarkersStandBeforeTheNotesOfTheirTimeAndAreReadBack) {
    SmfWriter writer;
    writer.message(Ticks{960}, note_on(Channel{0}, Pitch{60}, Velocity{1}));
    writer.marker(Ticks{1920}, "chord:G7");
    writer.marker(Ticks{960}, "chord:Dm7");
    writer.marker(Ticks{5000}, std::string(300, 'x'));
    const auto smf = read_smf(writer.bytes(Ticks{0}), "markers");
    ASSERT_TRUE(smf) << smf.error().message;
    EXPECT_THAT(smf->mends, testing::IsEmpty());
    EXPECT_EQ(
        smf->markers_of(0),
        (std::vector<SmfMarker>{
            {960, "chord:Dm7"}, {1920, "chord:G7"}, {5000, std::string(kMaxSmfNameBytes, 'x')}}));
    ASSERT_EQ(smf->tracks[0].messages.size(), 1U);
    EXPECT_EQ(smf->tracks[0].messages[0].at, 960);
    EXPECT_EQ(smf->tracks[0].end, 5000);
}

TEST(Smf, TheSameMessagesGiveTheSameBytes) { EXPECT_EQ(tune_file(kScale), tune_file(kScale)); }

TEST(Smf, ASilenceLongerThanOneDeltaKeepsItsLength) {
    const std::int64_t far = std::int64_t{3} << 28U;
    SmfWriter writer;
    writer.message(Ticks{far}, note_on(Channel{0}, Pitch{60}, Velocity{1}));
    const auto smf = read_smf(writer.bytes(Ticks{0}), "far");
    ASSERT_TRUE(smf);
    ASSERT_EQ(smf->tracks[0].messages.size(), 1U);
    EXPECT_EQ(smf->tracks[0].messages[0].at, far);
}

TEST(Smf, KeySignaturesAreReadWhereTheyChangeAndAreKeys) {
    // Two sharps, again in another track, then three flats; eight sharps are no signature.
    const Bytes first{0, 0xFF, 0x59, 2, 2, 0, 96, 0xFF, 0x59, 2, 0xFD, 1, 9, 0xFF, 0x59, 2, 8, 0};
    const Bytes second{0, 0xFF, 0x59, 2, 2, 0, 0, 0xFF, 0x59, 0};
    for (const auto format : {std::uint16_t{1}, std::uint16_t{2}}) {
        const auto smf = read_smf(raw_file(format, 96, {first, second}), "keys");
        ASSERT_TRUE(smf) << smf.error().message;
        EXPECT_THAT(smf->signatures_of(0),
                    testing::ElementsAre(SmfSignature{0, 2}, SmfSignature{96, -3}));
        EXPECT_EQ(smf->signatures_of(1).size(), format == 2 ? 1U : 2U);
    }
}

TEST(Smf, FollowsRunningStatusPastSysexAndMeta) {
    const Bytes track{0,  0x90, 60, 100, 10, 62,   100,          // running status
                      0,  0xF0, 3,  1,   2,  0xF7,               // sysex ends it
                      0,  0x90, 64, 100, 0,  0xFF, 1,   1, 'x',  // so does a text
                      10, 0x90, 60, 0,   0,  62,   0,   0, 64,  0, 0, 0xFF, 0x2F, 0};
    const auto smf = read_smf(raw_file(1, 96, {track}), "running");
    ASSERT_TRUE(smf);
    EXPECT_THAT(smf->mends, testing::IsEmpty());
    const auto notes = notes_of(smf->tracks[0]);
    ASSERT_EQ(notes.size(), 3U);
    EXPECT_EQ(notes[2], (SmfNote{10, 20, Channel{0}, Pitch{64}, Velocity{100}}));
}

TEST(Smf, DoesWithoutAnEndOfTrack) {
    const auto smf = read_smf(raw_file(0, 96, {{0, 0x90, 60, 100, 20, 0x80, 60, 0}}), "open");
    ASSERT_TRUE(smf);
    EXPECT_EQ(notes_of(smf->tracks[0]).size(), 1U);
}

TEST(Smf, ANoteStruckAgainEndsAndOneNeverReleasedEndsWithTheTrack) {
    const Bytes track{0, 0x90, 60, 100, 10, 60, 90, 30, 0xFF, 0x2F, 0};
    const auto notes = notes_of(read_smf(raw_file(0, 96, {track}), "again")->tracks[0]);
    EXPECT_EQ(notes, (std::vector<SmfNote>{{0, 10, Channel{0}, Pitch{60}, Velocity{100}},
                                           {10, 40, Channel{0}, Pitch{60}, Velocity{90}}}));
}

TEST(Smf, TracksOfFormat2KeepTheirOwnMetre) {
    const Bytes waltz{0, 0xFF, 0x58, 4, 3, 2, 24, 8, 0, 0xFF, 0x2F, 0};
    const Bytes march{0, 0xFF, 0x58, 4, 2, 2, 24, 8, 0, 0xFF, 0x2F, 0};
    const auto apart = read_smf(raw_file(2, 96, {waltz, march}), "suite");
    EXPECT_EQ(apart->meters_of(1), (std::vector<SmfMeter>{{0, {2, 4}}}));
    const auto together = read_smf(raw_file(1, 96, {waltz, march}), "score");
    EXPECT_EQ(together->meters_of(1), (std::vector<SmfMeter>{{0, {3, 4}}}));
}

TEST(Smf, RefusesWhatHasNoTrackAndSaysSo) {
    const auto refusal = [](const Bytes& bytes) {
        const auto smf = read_smf(bytes, "x.mid");
        return smf ? std::string{"accepted"} : smf.error().message;
    };
    EXPECT_THAT(refusal({}), HasSubstr("x.mid: no Standard MIDI File"));
    EXPECT_THAT(refusal(Bytes(100, 'R')), HasSubstr("no Standard MIDI File"));
    EXPECT_THAT(refusal(raw_file(1, 96, {})), HasSubstr("no track in it"));
    EXPECT_THAT(refusal(Bytes(kMaxSmfBytes + 1)), HasSubstr("larger than 16 MiB"));
}

TEST(Smf, SurvivesBeingCutAtEveryByte) {
    const auto whole = tune_file(kScale);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::span cut{whole.data(), size};
        survive(cut);
        const auto smf = read_smf(cut, "cut");
        EXPECT_TRUE(!smf || !smf->mends.empty()) << "cut at " << size << " and not noticed";
    }
}

TEST(Smf, SurvivesEveryFlippedBit) {
    auto bytes = tune_file(kScale);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
        bytes[bit / 8] ^= mask;
        survive(bytes);
        bytes[bit / 8] ^= mask;
    }
}

TEST(Smf, SurvivesRandomTracks) {
    std::mt19937 random{7};
    for (int round = 0; round < 2000; ++round) {
        Bytes track(random() % 300);
        for (auto& byte : track) byte = static_cast<std::uint8_t>(random() >> 8U);
        survive(raw_file(static_cast<std::uint16_t>(random() % 3),
                         static_cast<std::uint16_t>(1 + random() % 2000), {track, track}));
    }
}

TEST(Smf, AbsurdTimesGiveALineOfOrdinaryLength) {
    Bytes track;
    for (int i = 0; i < 40; ++i) {
        const auto pitch = static_cast<std::uint8_t>(60 + i % 12);
        track.insert(track.end(), {0, 0x90, pitch, 90, 0xFF, 0xFF, 0xFF, 0x7F, 0x80, pitch, 0});
        track.insert(track.end(), {0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 1, 0});
    }
    const auto lines = extract_from(raw_file(0, 1, {track}), nullptr, FurtherLines::take);
    ASSERT_TRUE(lines) << lines.error().message;
    EXPECT_LT(lines->front().events.size(), 40U * 12U);
}

TEST(SmfWriter, AChannelThatIsNamedHasATrackOfItsOwnWhereItHasMessages) {
    SmfWriter writer;
    writer.name("line");
    writer.track(Channel{10}, "bass");
    writer.track(Channel{9}, "drums");
    writer.tempo(Ticks{0}, Bpm{90.0});
    writer.marker(Ticks{0}, "chord:C");
    writer.message(Ticks{0}, note_on(Channel{0}, Pitch{60}, Velocity{90}));
    const auto alone = read_smf(writer.bytes(Ticks{1920}), "alone");
    ASSERT_TRUE(alone);
    EXPECT_EQ(alone->format, 0) << "nothing on the named channels";
    writer.message(Ticks{960}, note_on(Channel{10}, Pitch{40}, Velocity{90}));
    writer.message(Ticks{480}, program_change(Channel{10}, 33));
    const auto both = read_smf(writer.bytes(Ticks{1920}), "both");
    ASSERT_TRUE(both);
    EXPECT_TRUE(both->mends.empty());
    EXPECT_EQ(both->format, 1);
    ASSERT_EQ(both->tracks.size(), 2U);
    EXPECT_EQ(both->tracks[0].name, "line");
    EXPECT_EQ(both->tracks[0].messages.size(), 1U);
    EXPECT_EQ(both->tracks[0].tempi.size(), 1U);
    EXPECT_EQ(both->tracks[1].name, "bass");
    ASSERT_EQ(both->tracks[1].messages.size(), 2U);
    EXPECT_EQ(both->tracks[1].messages[0].at, 480);
    EXPECT_EQ(both->tracks[0].end, both->tracks[1].end);
}

}  // namespace
}  // namespace fusion
