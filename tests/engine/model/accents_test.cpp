#include "engine/model/accents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/model/generator.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

constexpr auto kBar = MeterClass::quadruple;

Event note(int pitch, int cells) { return {Pitch{static_cast<std::uint8_t>(pitch)}, Cells{cells}}; }
Event rest(int cells) { return {std::nullopt, Cells{cells}}; }

Blend blend(float first, float second = 0.0F) {
    Blend made;
    made.share[0] = first;
    made.share[1] = second;
    return made;
}

int velocity(const AccentModel& model, const AccentContext& at, const Blend& shares) {
    return velocity_of(model, at, shares).count();
}

// Every value another, so that one read from the wrong place shows.
GenreAccents filled(Thousandths first) {
    GenreAccents genre;
    Thousandths next = first;
    const auto fill = [&](auto& table) {
        for (auto& value : table) value = next++;
    };
    genre.mean_pitch = Pitch{71};
    genre.base = next++;
    genre.by_octave = next++;
    fill(genre.by_place);
    fill(genre.by_duration);
    fill(genre.after_note);
    fill(genre.after_rest);
    fill(genre.by_interval);
    return genre;
}

TEST(Accents, AreNoneWithoutAModel) {
    const auto loud = note(60, 12);
    EXPECT_EQ(velocity({}, {loud, nullptr, 0, kBar}, blend(1.0F)), 96);
}

TEST(Accents, ShareOutWhatIsLouderThanTheLevel) {
    GenreAccents genre;
    genre.base = 125;
    EXPECT_EQ(velocity({{genre}}, {note(67, 12), nullptr, 0, kBar}, blend(1.0F)), 108);
    genre.base = -125;
    EXPECT_EQ(velocity({{genre}}, {note(67, 12), nullptr, 0, kBar}, blend(1.0F)), 84);
}

TEST(Accents, AddUpWhatPlaceLengthNeighbourAndHeightSay) {
    GenreAccents genre;
    const auto before = note(60, 6);
    const auto silence = rest(24);
    const auto now = note(67, 12);
    const AccentContext inside{now, &before, 36, MeterClass::triple};
    const AccentContext after_silence{now, &silence, 36, MeterClass::triple};
    EXPECT_FLOAT_EQ(accent_of(genre, inside), 0.0F);

    genre.by_place[1 * kBarPositions + 36] = 1;
    EXPECT_FLOAT_EQ(accent_of(genre, inside), 0.001F);
    genre.by_duration[7] = 20;  // 12 cells
    EXPECT_FLOAT_EQ(accent_of(genre, inside), 0.021F);
    genre.after_note[4] = 300;  // 6 cells
    EXPECT_FLOAT_EQ(accent_of(genre, inside), 0.321F);
    genre.by_interval[7] = 100;  // up by 5 to 7
    EXPECT_FLOAT_EQ(accent_of(genre, inside), 0.421F);
    EXPECT_FLOAT_EQ(accent_of(genre, after_silence), 0.021F);
    genre.after_rest[10] = -10;  // 24 cells
    EXPECT_FLOAT_EQ(accent_of(genre, after_silence), 0.011F);
    EXPECT_FLOAT_EQ(accent_of(genre, inside), 0.421F);
    genre.mean_pitch = Pitch{61};
    genre.by_octave = 50;
    EXPECT_FLOAT_EQ(accent_of(genre, inside), 0.446F);
}

TEST(Accents, TakeTheStartOfALineForTheEndOfALongRest) {
    GenreAccents genre;
    genre.after_rest.back() = 70;
    EXPECT_FLOAT_EQ(accent_of(genre, {note(60, 6), nullptr, 0, kBar}), 0.07F);
}

TEST(Accents, OfHeightEndAnOctaveAndAHalfFromTheMean) {
    GenreAccents genre;
    genre.by_octave = 100;
    genre.mean_pitch = Pitch{60};
    EXPECT_FLOAT_EQ(accent_of(genre, {note(78, 6), nullptr, 0, kBar}), 0.15F);
    EXPECT_FLOAT_EQ(accent_of(genre, {note(96, 6), nullptr, 0, kBar}), 0.15F);
    EXPECT_FLOAT_EQ(accent_of(genre, {note(20, 6), nullptr, 0, kBar}), -0.15F);
}

TEST(Accents, MixByTheBlend) {
    GenreAccents loud;
    loud.base = 200;
    GenreAccents soft;
    soft.base = -100;
    const AccentModel model{{loud, soft}};
    const auto now = note(67, 12);
    const AccentContext at{now, nullptr, 0, kBar};
    EXPECT_EQ(velocity(model, at, blend(1.0F, 0.0F)), 115);
    EXPECT_EQ(velocity(model, at, blend(0.0F, 1.0F)), 86);
    EXPECT_EQ(velocity(model, at, blend(0.5F, 0.5F)), 101);
    EXPECT_EQ(velocity(model, at, blend(0.0F, 0.0F)), 96);
}

TEST(Accents, StayWithinWhatAnInstrumentAnswersTo) {
    GenreAccents genre;
    const auto now = note(67, 12);
    genre.base = kLargestAccent;
    EXPECT_EQ(velocity({{genre}}, {now, nullptr, 0, kBar}, blend(1.0F)), 127);
    genre.base = -kLargestAccent;
    EXPECT_EQ(velocity({{genre}}, {now, nullptr, 0, kBar}, blend(1.0F)), 40);
}

TEST(Accents, LeaveRestsLevel) {
    EXPECT_EQ(velocity({{filled(100)}}, {rest(12), nullptr, 0, kBar}, blend(1.0F)), 96);
}

TEST(Accents, GoByTheVocabularysNumbersToo) {
    const auto vocabulary = *Vocabulary::make({rest(6), note(60, 6), note(72, 12)});
    const AccentModel model{{filled(-100)}};
    StepRequest request;
    request.position = 18;
    request.meter = MeterClass::compound;
    request.blend = blend(1.0F);
    const auto by_number = [&](EventId event, EventId before) {
        return velocity_of(model, vocabulary, event, before, request);
    };
    const auto first = vocabulary[1];
    const auto second = vocabulary[2];
    EXPECT_EQ(by_number(2, 1), velocity_of(model, {second, &first, 18, request.meter}, blend(1)));
    EXPECT_EQ(by_number(1, 3), velocity_of(model, {first, nullptr, 18, request.meter}, blend(1)));
    EXPECT_NE(by_number(2, 1), by_number(2, 3));
}

TEST(Accents, CountAnOddLengthAsTheNextShorterClass) {
    const auto classes = duration_classes();
    for (std::size_t i = 0; i < classes.size(); ++i) EXPECT_EQ(duration_class(classes[i]), i);
    EXPECT_EQ(duration_class(Cells{5}), duration_class(Cells{4}));
    EXPECT_EQ(duration_class(Cells{47}), duration_class(Cells{36}));
}

TEST(Accents, TellLeapsFromStepsAndUpFromDown) {
    const auto of = [](int semitones) {
        return interval_class(Pitch{60}, Pitch{static_cast<std::uint8_t>(60 + semitones)});
    };
    EXPECT_EQ(of(0), 4U);
    EXPECT_EQ(of(2), 5U);
    EXPECT_EQ(of(3), 6U);
    EXPECT_EQ(of(7), 7U);
    EXPECT_EQ(of(8), 8U);
    EXPECT_EQ(of(40), 8U);
    for (int semitones = 1; semitones < 30; ++semitones)
        EXPECT_EQ(of(semitones) + of(-semitones), 8U) << semitones;
}

// --- Bytes ---

std::vector<std::uint8_t> bytes_of(const AccentModel& model) {
    std::vector<std::uint8_t> bytes;
    serialise_accents(model, bytes);
    return bytes;
}

TEST(AccentBytes, ComeBackWhole) {
    const AccentModel model{{filled(-120), filled(33)}};
    const auto again = parse_accents(bytes_of(model));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, model);
}

TEST(AccentBytes, AreAsManyAsTheHeaderSays) {
    EXPECT_EQ(bytes_of({{filled(0)}}).size(), 1U + 485U);
}

TEST(AccentBytes, AreRefusedAtEveryShorterLength) {
    const auto bytes = bytes_of({{filled(-120), filled(33)}});
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_FALSE(parse_accents({bytes.data(), length})) << length;
}

TEST(AccentBytes, AreRefusedWithMoreAtTheirEnd) {
    auto bytes = bytes_of({{filled(1)}});
    bytes.push_back(0);
    EXPECT_FALSE(parse_accents(bytes));
}

TEST(AccentBytes, AreRefusedWithAnAccentBeyondAllMeasure) {
    auto genre = filled(1);
    genre.by_interval.back() = kLargestAccent;
    EXPECT_TRUE(parse_accents(bytes_of({{genre}})));
    genre.by_interval.back() = kLargestAccent + 1;
    const auto read = parse_accents(bytes_of({{genre}}));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Error::Code::malformed);
    EXPECT_THAT(read.error().message, HasSubstr("beyond"));
    genre = filled(1);
    genre.mean_pitch = Pitch{128};
    EXPECT_FALSE(parse_accents(bytes_of({{genre}})));
}

TEST(AccentBytes, AreRefusedForMoreGenresThanThereMayBe) {
    AccentModel model;
    model.genres.resize(kMaxGenres);
    EXPECT_TRUE(parse_accents(bytes_of(model)));
    model.genres.resize(kMaxGenres + 1);
    EXPECT_FALSE(parse_accents(bytes_of(model)));
}

}  // namespace
}  // namespace fusion
