// A file as it is played: what of it, in which order, when.
#include "daemon/tape/tape.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/corpus/midi_in_memory.hpp"

namespace fusion {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Channel kFirst{0};
constexpr Velocity kLoud{100};
constexpr std::uint16_t kDivision = 96;

// 96 ticks a beat, 120 beats a minute unless it says otherwise: a tick is 5.208 ms.
Tape tape_of(const Smf& smf) {
    auto tape = make_tape(smf, "made.mid");
    EXPECT_TRUE(tape) << tape.error().message;
    return tape ? std::move(*tape) : Tape{};
}
SmfTrack track_of(std::vector<SmfMessage> messages, SmfTime end) {
    SmfTrack track;
    track.messages = std::move(messages);
    track.end = end;
    return track;
}
Smf smf_of(std::vector<SmfTrack> tracks, std::uint16_t format = 1) {
    Smf smf;
    smf.format = format;
    smf.ticks_per_beat = kDivision;
    smf.tracks = std::move(tracks);
    return smf;
}
SmfMessage on(SmfTime at, unsigned pitch, Channel channel = kFirst) {
    return {at, note_on(channel, Pitch{static_cast<std::uint8_t>(pitch)}, kLoud)};
}
SmfMessage off(SmfTime at, unsigned pitch, Channel channel = kFirst) {
    return {at, note_off(channel, Pitch{static_cast<std::uint8_t>(pitch)})};
}
// "+60 0" a beginning at 0 ms, "-60 500" an end.
std::vector<std::string> in_words(const Tape& tape) {
    std::vector<std::string> words;
    for (const auto& [at, message] : tape.moments()) {
        const auto ms = std::chrono::round<milliseconds>(at).count();
        const auto kind = message.is_note_on() ? "+" : message.is_note_off() ? "-" : "c";
        words.push_back(fmt::format("{}{} {}", kind, message.bytes()[1], ms));
    }
    return words;
}

TEST(Tape, HasTheMessagesOfAllTracksByTime) {
    const auto tape = tape_of(
        smf_of({track_of({on(0, 60), off(96, 60)}, 96),
                track_of({{0, program_change(kFirst, 5)}, on(48, 64), off(144, 64)}, 144)}));
    EXPECT_THAT(in_words(tape), ElementsAre("c5 0", "+60 0", "+64 250", "-60 500", "-64 750"));
    EXPECT_EQ(tape.notes(), 2U);
    EXPECT_EQ(tape.length(), milliseconds{750});
    EXPECT_EQ(tape.beats(), Ticks{1440});
}

TEST(Tape, EndsAKeyBeforeItIsStruckAgain) {
    const auto tape =
        tape_of(smf_of({track_of({on(0, 60), off(96, 60)}, 96),
                        track_of({on(48, 60), off(144, 60), on(144, 60), off(192, 60)}, 192)}));
    EXPECT_THAT(in_words(tape),
                ElementsAre("+60 0", "-60 250", "+60 250", "-60 750", "+60 750", "-60 1000"));
}

TEST(Tape, SoundsAKeyOnceThatTwoTracksStrikeTogether) {
    const auto tape = tape_of(
        smf_of({track_of({on(0, 60), off(48, 60)}, 48), track_of({on(0, 60), off(96, 60)}, 96)}));
    EXPECT_THAT(in_words(tape), ElementsAre("+60 0", "-60 500"));
}

TEST(Tape, EndsWithItsTrackWhatNobodyEnds) {
    const auto tape = tape_of(smf_of({track_of({on(0, 60), on(96, 64)}, 192)}));
    EXPECT_THAT(in_words(tape), ElementsAre("+60 0", "+64 500", "-60 1000", "-64 1000"));
}

TEST(Tape, ObeysEveryTempoOfEveryTrack) {
    auto conductor = track_of({}, 384);
    conductor.tempi = {{0, Bpm{60}}, {192, Bpm{240}}};
    auto other = track_of(
        {on(0, 60), off(96, 60), on(192, 62), off(288, 62), on(288, 64), off(384, 64)}, 384);
    other.tempi = {{288, Bpm{30}}};
    const auto tape = tape_of(smf_of({conductor, other}));
    EXPECT_THAT(in_words(tape),
                ElementsAre("+60 0", "-60 1000", "+62 2000", "-62 2250", "+64 2250", "-64 4250"));
    EXPECT_EQ(tape.time_at(beats(1)), seconds{1});
    EXPECT_EQ(tape.time_at(Ticks{2400}), milliseconds{2125});
    EXPECT_EQ(tape.time_at(beats(1000)), tape.length());
    EXPECT_EQ(tape.ticks_at(milliseconds{2125}), Ticks{2400});
    EXPECT_EQ(tape.ticks_at(seconds{1000}), beats(4));
    EXPECT_EQ(tape.ticks_at(seconds{-1}), Ticks{0});
    for (std::int64_t tick = 0; tick <= beats(4).count(); tick += 7)
        EXPECT_EQ(tape.ticks_at(tape.time_at(Ticks{tick})), Ticks{tick});
}

TEST(Tape, PlaysThePiecesOfFormat2OneAfterTheOther) {
    auto second = track_of({on(0, 62), off(96, 62)}, 96);
    second.tempi = {{0, Bpm{60}}};
    const auto tape = tape_of(smf_of({track_of({on(0, 60), off(96, 60)}, 192), second}, 2));
    EXPECT_THAT(in_words(tape), ElementsAre("+60 0", "-60 500", "+62 1000", "-62 2000"));
}

TEST(Tape, TellsWhoComesLaterWhatHolds) {
    const auto tape = tape_of(smf_of({track_of({{0, control_change(kFirst, 7, 90)},
                                                {0, program_change(kFirst, 5)},
                                                {0, control_change(kFirst, 0, 1)},
                                                {0, control_change(kFirst, 38, 2)},
                                                {0, control_change(kFirst, 101, 0)},
                                                {0, pitch_bend(kFirst, 9000)},
                                                on(0, 60),
                                                off(48, 60),
                                                {96, control_change(kFirst, 7, 30)},
                                                {96, control_change(kFirst, kAllNotesOff, 0)},
                                                {96, program_change(Channel{9}, 1)},
                                                on(192, 62),
                                                off(240, 62),
                                                {288, program_change(kFirst, 8)}},
                                               288)}));
    const auto told = tape.told_before(tape.first_at(tape.time_at(beats(2))));
    EXPECT_THAT(told, ElementsAre(control_change(kFirst, 0, 1), program_change(kFirst, 5),
                                  control_change(kFirst, 101, 0), control_change(kFirst, 38, 2),
                                  control_change(kFirst, 7, 30), pitch_bend(kFirst, 9000),
                                  program_change(Channel{9}, 1)));
    EXPECT_THAT(tape.told_before(0), IsEmpty());
}

TEST(Tape, IsNoFileWithoutANote) {
    const auto silent =
        make_tape(smf_of({track_of({{0, program_change(kFirst, 5)}}, 96)}), "x.mid");
    ASSERT_FALSE(silent);
    EXPECT_THAT(silent.error().message, HasSubstr("x.mid: there is no note in it"));
    EXPECT_FALSE(make_tape(smf_of({}), "x.mid"));
}

TEST(Tape, IsNoFileOfMoreThanADayOrHalfAMillionMessages) {
    auto slow = track_of({on(0, 60), off(SmfTime{1} << 40, 60)}, SmfTime{1} << 40);
    const auto long_one = make_tape(smf_of({slow}), "x.mid");
    ASSERT_FALSE(long_one);
    EXPECT_THAT(long_one.error().message, HasSubstr("longer than 24 hours"));
    std::vector<SmfMessage> many;
    for (SmfTime at = 0; many.size() <= kMostTapeMessages; at += 2) {
        many.push_back(on(at, 60));
        many.push_back(off(at + 1, 60));
    }
    const auto end = many.back().at;
    const auto large = make_tape(smf_of({track_of(std::move(many), end)}), "x.mid");
    ASSERT_FALSE(large);
    EXPECT_THAT(large.error().message, HasSubstr("messages; a tape has"));
}

TEST(Tape, IsReadFromBytesWithWhatHadToBeMended) {
    const auto whole = tune_file({{60, 12}, {62, 12}, {64, 12}});
    const auto tape = read_tape(whole, "tune.mid");
    ASSERT_TRUE(tape);
    EXPECT_EQ(tape->notes(), 3U);
    EXPECT_EQ(tape->mends(), "");
    const auto cut = read_tape(std::span{whole}.first(whole.size() - 14), "cut.mid");
    ASSERT_TRUE(cut) << cut.error().message;
    EXPECT_LT(cut->notes(), 4U);
    EXPECT_NE(cut->mends(), "");
    const std::string text = "this is no MIDI file";
    const auto none = read_tape(std::vector<std::uint8_t>{text.begin(), text.end()}, "text.mid");
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().message, HasSubstr("text.mid"));
}

}  // namespace
}  // namespace fusion
