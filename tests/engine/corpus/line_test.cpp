#include <array>
#include <set>

#include <gmock/gmock.h>

#include "engine/corpus/extract.hpp"
#include "engine/corpus/grid.hpp"
#include "engine/corpus/home_shift.hpp"
#include "engine/corpus/key.hpp"
#include "engine/corpus/melody.hpp"
#include "tests/engine/corpus/midi_in_memory.hpp"

namespace fusion {
namespace {

SmfNote note(SmfTime onset, SmfTime end, int pitch) {
    return {onset, end, Channel{0}, Pitch{static_cast<std::uint8_t>(pitch)}, Velocity{80}};
}

std::vector<std::int64_t> cells_of(const std::vector<SmfNote>& notes) {
    std::vector<std::int64_t> cells;
    for (const auto& each : quantise(notes, 120).notes) cells.push_back(each.cell);
    return cells;
}

// "60:12" for a note, "-:6" for a rest, "@18" where it begins in the bar.
std::string text_of(const std::vector<LineEvent>& events) {
    std::string text;
    for (const auto& each : events) {
        text += each.event.is_rest() ? "-" : std::to_string(int{each.event.pitch->count()});
        text += ':' + std::to_string(each.event.duration.count()) + '@' +
                std::to_string(int{each.position}) + ' ';
    }
    return text;
}

std::string chain(const std::vector<GridNote>& notes, Meter meter = {}) {
    const SmfMeter change{0, meter};
    return text_of(chain_events(notes, BarLines{std::span{&change, 1}, 12}).events);
}

GridNote at(std::int64_t cell, std::int64_t end, int pitch = 60) {
    return {cell, end, Pitch{static_cast<std::uint8_t>(pitch)}, Velocity{80}};
}

TEST(Grid, SixteenthsAndTripletsEachGetTheirBeat) {
    // 120 ticks a beat: sixteenths at 30, triplets at 40.
    EXPECT_THAT(cells_of({note(0, 30, 60), note(30, 60, 61), note(60, 90, 62), note(90, 120, 63),
                          note(120, 160, 64), note(160, 200, 65), note(200, 240, 66)}),
                testing::ElementsAre(0, 3, 6, 9, 12, 16, 20));
}

TEST(Grid, APlayersPushAndDragDoesNotBecomeNotesOfOneCell) {
    EXPECT_THAT(cells_of({note(3, 30, 60), note(36, 60, 61), note(57, 90, 62), note(86, 118, 63),
                          note(117, 160, 64), note(165, 200, 65), note(196, 240, 66)}),
                testing::ElementsAre(0, 3, 6, 9, 12, 16, 20));
}

TEST(Grid, FastNotesKeepTheirOrderOnAFinerGrid) {
    std::vector<SmfNote> run;
    for (int i = 0; i < 7; ++i) run.push_back(note(i * 20, i * 20 + 20, 60 + i));
    EXPECT_THAT(cells_of(run), testing::ElementsAre(0, 2, 4, 6, 8, 10, 12));
}

TEST(Grid, NoiseMeasuresAsFarFromTheGrid) {
    std::vector<SmfNote> noise;
    for (int i = 0; i < 200; ++i) noise.push_back(note(i * 137, i * 137 + 60, 60 + i % 7));
    EXPECT_GT(quantise(noise, 120).mean_error, kLargestGridError);
}

std::vector<SmfNote> steps(std::initializer_list<SmfTime> lengths) {
    std::vector<SmfNote> line;
    SmfTime at = 0;
    for (int i = 0; i < 40; ++i) {
        const auto length = lengths.begin()[static_cast<std::size_t>(i) % lengths.size()];
        line.push_back(note(at, at + length, 60 + i % 5));
        at += length;
    }
    return line;
}

TEST(Grid, TheBeatOfDoubleTimeIsHalvedAndThatOfAFewFastNotesIsNot) {
    EXPECT_EQ(beat_halvings(steps({120, 60}), 120), 0);
    EXPECT_EQ(beat_halvings(steps({30, 40}), 120), 0) << "sixteenths and triplets fit";
    EXPECT_EQ(beat_halvings(steps({120, 15, 15, 60, 90}), 120), 1);
    EXPECT_EQ(beat_halvings(steps({120, 15, 60, 90, 60}), 120), 0) << "ornaments";
    EXPECT_EQ(beat_halvings(steps({15}), 120), 1);
    EXPECT_EQ(beat_halvings(steps({5}), 120), 2);
    EXPECT_EQ(beat_halvings(steps({5}), 15), 0);
    EXPECT_EQ(beat_halvings(steps({2}), 15), 0) << "half a tick there is not";
    EXPECT_EQ(beat_halvings({}, 120), 0);
}

TEST(Chain, ShortGapsBelongToTheNoteAndLongOnesAreRests) {
    EXPECT_EQ(chain({at(0, 10), at(12, 15), at(18, 24), at(36, 48)}),
              "60:12@0 60:6@12 60:6@18 -:12@24 60:12@36 ");
}

TEST(Chain, ADurationThatIsNoClassGoesOnAsARest) {
    EXPECT_EQ(chain({at(0, 15), at(15, 27)}), "60:12@0 -:3@12 60:12@15 ");
    EXPECT_EQ(chain({at(0, 72), at(72, 84)}), "60:48@0 -:24@0 60:12@24 ");
}

TEST(Chain, OnsetsStayOnTheirCellsWhateverTheGaps) {
    for (std::int64_t whole = 1; whole <= 96; ++whole) {
        for (std::int64_t sounds = 1; sounds <= whole; ++sounds) {
            const std::vector notes{at(0, sounds), at(whole, whole + 3, 62)};
            const SmfMeter four{0, {}};
            std::int64_t sum = 0;
            for (const auto& each : chain_events(notes, BarLines{std::span{&four, 1}, 12}).events) {
                if (each.event.pitch == Pitch{62}) {
                    EXPECT_EQ(sum, whole);
                }
                EXPECT_EQ(each.position, sum % 48);
                EXPECT_THAT(duration_classes(), testing::Contains(each.event.duration));
                sum += each.event.duration.count();
            }
        }
    }
}

TEST(Chain, ARestOfManyBarsIsCutToOneAndKeepsThePlaceInTheBar) {
    EXPECT_EQ(chain({at(0, 24), at(48 * 9 + 12, 48 * 9 + 24)}),
              "60:24@0 -:24@24 -:48@0 -:12@0 60:12@12 ");
    EXPECT_EQ(
        chain({at(0, 36), at(std::int64_t{36} << 40U, (std::int64_t{36} << 40U) + 12)}, {3, 4}),
        "60:36@0 -:36@0 60:12@0 ");
}

TEST(Chain, EachEventKnowsItsMetre) {
    const std::vector<SmfMeter> changes{{0, {3, 4}}, {36, {6, 8}}};
    const std::vector notes{at(0, 36), at(36, 54), at(54, 72), at(72, 90)};
    const auto events = chain_events(notes, BarLines{changes, 12}).events;
    ASSERT_EQ(events.size(), 4U);
    EXPECT_EQ(events[0].meter, MeterClass::triple);
    EXPECT_EQ(events[2].meter, MeterClass::compound);
    EXPECT_EQ(events[2].position, 18);
    EXPECT_EQ(events[3].position, 0);
}

TEST(Skyline, KeepsTheHighestOfAChordAndDropsWhatLiesUnderAHeldNote) {
    const auto line = skyline({note(0, 480, 48), note(0, 480, 64), note(2, 480, 72),
                               note(240, 480, 60), note(480, 600, 71), note(590, 720, 69)},
                              480);
    ASSERT_EQ(line.size(), 3U);
    EXPECT_EQ(line[0], note(0, 480, 72));
    EXPECT_EQ(line[1], note(480, 590, 71)) << "legato is no chord";
    EXPECT_EQ(line[2].pitch, Pitch{69});
}

Bytes events_on(int channel, int pitch, int step, const std::string& name) {
    Bytes track;
    append(track, {0, 0xFF, 3, static_cast<std::uint8_t>(name.size())});
    for (const char c : name) track.push_back(static_cast<std::uint8_t>(c));
    for (int i = 0; i < 20; ++i) {
        const auto key = static_cast<std::uint8_t>(pitch + i * step % 13);
        const auto on = static_cast<std::uint8_t>(0x90 + channel);
        const auto off = static_cast<std::uint8_t>(0x80 + channel);
        append(track, {0, on, key, 90, 96, off, key, 0});
    }
    return track;
}

TEST(Melody, IsTheTrackThatSaysSoEvenWhereAnotherIsHigher) {
    const auto smf =
        read_smf(raw_file(1, 96,
                          {events_on(0, 72, 5, "strings"), events_on(1, 60, 5, "Lead Vocals"),
                           events_on(2, 74, 5, "backing vocals")}),
                 "named");
    EXPECT_EQ(find_melody(*smf)->track, 1U);
}

TEST(Melody, IsElseTheMostMelodicAndNeverTheDrums) {
    const auto smf = read_smf(raw_file(1, 96,
                                       {events_on(9, 70, 5, "melody"), events_on(0, 30, 5, ""),
                                        events_on(1, 65, 5, ""), events_on(2, 70, 0, "")}),
                              "unnamed");
    EXPECT_EQ(find_melody(*smf)->track, 2U);
    const auto drums = read_smf(raw_file(1, 96, {events_on(9, 40, 5, "")}), "drums");
    EXPECT_EQ(find_melody(*drums).error().code, Error::Code::not_found);
}

TEST(Melody, IsNoRepeatedNoteHoweverItIsNamed) {
    const auto bytes = raw_file(
        1, 96, {events_on(0, 60, 0, "Lead"), events_on(1, 55, 5, ""), events_on(2, 67, 13, "")});
    const auto smf = read_smf(bytes, "drum");
    EXPECT_EQ(find_melody(*smf)->track, 1U);
    const IndexEntry entry{"0", {}, ""};
    const auto lines = extract_from(bytes, &entry, FurtherLines::take);
    ASSERT_TRUE(lines) << lines.error().message;
    std::set<Event> events;
    for (const auto& each : lines->front().events) events.insert(each.event);
    EXPECT_GT(events.size(), 5U);

    const auto only_drums =
        extract_from(raw_file(1, 96, {events_on(0, 60, 0, "Lead")}), &entry, FurtherLines::take);
    ASSERT_FALSE(only_drums);
    EXPECT_THAT(only_drums.error().message, testing::StartsWith("monotone: "));
}

TEST(Melody, OnePitchInFiveMayDiffer) {
    std::vector<SmfNote> notes(80, note(0, 10, 60));
    for (int i = 0; i < 19; ++i) notes.push_back(note(0, 10, 61 + i));
    EXPECT_TRUE(is_monotone(notes));
    notes.push_back(note(0, 10, 62));
    EXPECT_FALSE(is_monotone(notes));
}

TEST(Melody, TheIndexNamesAChunkOrAChannelCountedFromOne) {
    const auto smf =
        read_smf(raw_file(1, 96, {events_on(3, 60, 5, "a"), events_on(9, 60, 5, "b")}), "x");
    EXPECT_EQ(voice_by_reference(*smf, "0")->notes.size(), 20U);
    EXPECT_EQ(voice_by_reference(*smf, "ch4")->track, 0U);
    for (const auto* wrong :
         {"1", "2", "ch10", "ch0", "ch17", "", "ch", "-1", "1x", "99999999999999999999"})
        EXPECT_FALSE(voice_by_reference(*smf, wrong)) << wrong;
}

PitchClassWeights scale_on(int tonic, std::initializer_list<int> degrees) {
    PitchClassWeights weights{};
    for (const int degree : degrees) weights[static_cast<std::size_t>((tonic + degree) % 12)] += 1;
    weights[static_cast<std::size_t>(tonic)] += 2;
    weights[static_cast<std::size_t>((tonic + 7) % 12)] += 1;
    return weights;
}

TEST(Key, IsFoundOnEveryTonicInBothModes) {
    for (std::uint8_t tonic = 0; tonic < 12; ++tonic) {
        EXPECT_EQ(estimate_key(scale_on(tonic, {0, 2, 4, 5, 7, 9, 11})), (Key{tonic, Mode::major}));
        EXPECT_EQ(estimate_key(scale_on(tonic, {0, 2, 3, 5, 7, 8, 11})), (Key{tonic, Mode::minor}));
    }
}

TEST(Key, ATuneThatDwellsOnTheDominantKeepsItsTonic) {
    // C, D, E, F, G, A, B: probe-tone ratings take this for G major.
    EXPECT_EQ(estimate_key({2, 0, 3, 0, 2.5, 1, 0, 5, 0, 1.5, 0, 2.5}), (Key{0, Mode::major}));
}

TEST(Key, SilenceAndNoiseAreCMajor) {
    EXPECT_EQ(estimate_key({}), Key{});
    PitchClassWeights equal{};
    equal.fill(3.0);
    EXPECT_EQ(estimate_key(equal), Key{});
}

TEST(Key, TheWholeAndTheLineWeighTheSameAndSilenceNothing) {
    PitchClassWeights loud{};
    loud[0] = 100.0;
    PitchClassWeights soft{};
    soft[7] = 1.0;
    const auto both = in_equal_parts(loud, soft);
    EXPECT_EQ(both[0], 1.0);
    EXPECT_EQ(both[7], 1.0);
    EXPECT_EQ(in_equal_parts(loud, {})[0], 1.0);
    EXPECT_EQ(share_at_home(both, 6), 0.0) << "F sharp and C sharp";
    EXPECT_EQ(share_at_home(both, 5), 1.0);
    EXPECT_EQ(share_at_home(both, -1), 0.5) << "B and F sharp";
}

TEST(Key, TheShiftHomeIsTheSmallest) {
    EXPECT_EQ(shift_to_c_or_a({7, Mode::major}), 5);
    EXPECT_EQ(shift_to_c_or_a({5, Mode::major}), -5);
    EXPECT_EQ(shift_to_c_or_a({6, Mode::major}), 6);
    EXPECT_EQ(shift_to_c_or_a({4, Mode::minor}), 5);
    EXPECT_EQ(shift_to_c_or_a({9, Mode::minor}), 0);
}

TEST(Key, PitchesFoldIntoTheRangeByOctaves) {
    for (int pitch = 0; pitch < 128; ++pitch) {
        const auto folded = shifted_pitch(Pitch{static_cast<std::uint8_t>(pitch)}, 0);
        EXPECT_GE(folded, kLowestLinePitch);
        EXPECT_LE(folded, kHighestLinePitch);
        EXPECT_EQ(folded.count() % 12, pitch % 12);
    }
    EXPECT_EQ(octave_shift(60.0), 0);
    EXPECT_EQ(octave_shift(40.0), 24);
    EXPECT_EQ(octave_shift(90.0), -12);
}

// "Ah vous dirai-je, maman", the first eight bars.
const std::vector<TuneNote> kMaman{{0, 12}, {0, 12}, {7, 12}, {7, 12}, {9, 12}, {9, 12},
                                   {7, 24}, {5, 12}, {5, 12}, {4, 12}, {4, 12}, {2, 9},
                                   {2, 3},  {2, 6},  {4, 6},  {0, 24}, {7, 12}, {7, 12},
                                   {5, 12}, {5, 12}, {4, 12}, {4, 12}, {2, 24}};

TEST(Extract, AKnownTuneBecomesItsEventsFromAnyKey) {
    std::string first;
    for (const int tonic : {60, 62, 65, 55, 57, 64}) {
        auto tune = kMaman;
        for (auto& each : tune) each.pitch += tonic;
        const auto lines = extract_from(tune_file(tune), nullptr, FurtherLines::take);
        ASSERT_TRUE(lines) << lines.error().message;
        ASSERT_EQ(lines->size(), 1U);
        const auto text = text_of(lines->front().events);
        if (first.empty()) first = text;
        EXPECT_EQ(text, first) << "from tonic " << tonic;
    }
    EXPECT_EQ(first.substr(0, 66),
              "60:12@0 60:12@12 67:12@24 67:12@36 69:12@0 69:12@12 67:24@24 65:12");
}

Smf with_signatures(const std::vector<TuneNote>& tune, std::vector<SmfSignature> signatures) {
    auto smf = read_smf(tune_file(tune), "made");
    smf->tracks.front().signatures = std::move(signatures);
    return std::move(*smf);
}

std::vector<HomeShift> shifts_of(const Smf& smf) { return home_shifts(smf, *find_melody(smf)); }

std::vector<TuneNote> maman_on(int tonic) {
    auto tune = kMaman;
    for (auto& each : tune) each.pitch += tonic;
    return tune;
}

TEST(HomeShift, ChangesWithTheSignatureWhereThePieceDoes) {
    auto tune = maman_on(62);
    const auto second = maman_on(65);
    tune.insert(tune.end(), second.begin(), second.end());
    SmfTime half = 0;
    for (const auto& each : second) half += to_ticks(Cells{each.cells}).count();
    const auto smf = with_signatures(tune, {{0, 2}, {half, -1}, {half + 10, -1}});
    const auto shifts = shifts_of(smf);
    EXPECT_THAT(shifts, testing::ElementsAre(HomeShift{0, -2}, HomeShift{half, -5}));
    EXPECT_EQ(shift_at(shifts, half - 1), -2);
    EXPECT_EQ(shift_at(shifts, half), -5);
    EXPECT_EQ(shift_at(shifts, -1), -2);
}

TEST(HomeShift, ASignatureThatIsWrongOrSaysNothingIsNotBelieved) {
    EXPECT_THAT(shifts_of(with_signatures(maman_on(66), {{0, -1}})),
                testing::ElementsAre(HomeShift{0, 6}));
    EXPECT_THAT(shifts_of(with_signatures(maman_on(67), {{0, 0}})),
                testing::ElementsAre(HomeShift{0, 5}));
}

TEST(HomeShift, ASignatureDecidesBetweenKeysThatTheNotesLeaveOpen) {
    // The notes C, D, E, G, A lie in C, F and G major alike.
    std::vector<TuneNote> tune;
    for (int i = 0; i < 24; ++i) tune.push_back({std::array{60, 62, 64, 67, 69}[i * 2 % 5], 12});
    EXPECT_THAT(shifts_of(with_signatures(tune, {{0, 1}})), testing::ElementsAre(HomeShift{0, 5}));
    EXPECT_THAT(shifts_of(with_signatures(tune, {{0, -1}})),
                testing::ElementsAre(HomeShift{0, -5}));
}

TEST(Extract, EachStretchComesHomeByItsOwnSignature) {
    Bytes track{0, 0xFF, 0x59, 2, 3, 0};  // A major, then E flat
    for (const int tonic : {57, 63}) {
        if (tonic == 63) append(track, {0, 0xFF, 0x59, 2, 0xFD, 0});
        for (const int degree : {0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 0, 4, 2, 7, 5, 11}) {
            const auto key = static_cast<std::uint8_t>(tonic + degree);
            append(track, {0, 0x90, key, 90, 96, 0x80, key, 0});
        }
    }
    const auto lines = extract_from(raw_file(1, 96, {track}), nullptr, FurtherLines::take);
    ASSERT_TRUE(lines) << lines.error().message;
    const auto& events = lines->front().events;
    ASSERT_EQ(events.size(), 32U);
    for (std::size_t i = 0; i < 16; ++i)
        EXPECT_EQ(events[i].event.pitch, events[i + 16].event.pitch) << i;
    EXPECT_EQ(events[0].event.pitch->count() % 12, 0);
}

TEST(Extract, ThirtySecondsBecomeSixteenthsOfHalvedBeats) {
    Bytes track;
    for (int i = 0; i < 64; ++i) {
        const auto key = static_cast<std::uint8_t>(60 + i * 5 % 12);
        append(track, {0, 0x90, key, 90, 12, 0x80, key, 0});
    }
    const auto lines = extract_from(raw_file(1, 96, {track}), nullptr, FurtherLines::take);
    ASSERT_TRUE(lines) << lines.error().message;
    for (std::size_t i = 0; i < 64; ++i) {
        EXPECT_EQ(lines->front().events[i].event.duration, Cells{3});
        EXPECT_EQ(lines->front().events[i].position, i * 3 % 48);
    }
}

TEST(Extract, TooFewNotesAreToldAsSuch) {
    std::vector<TuneNote> tune;
    for (int i = 0; i < 10; ++i) tune.push_back({60 + i, 12});
    const auto lines = extract_from(tune_file(tune), nullptr, FurtherLines::take);
    ASSERT_FALSE(lines);
    EXPECT_THAT(lines.error().message, testing::StartsWith("too short: 10 notes"));
}

}  // namespace
}  // namespace fusion
