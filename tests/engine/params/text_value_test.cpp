#include "engine/params/text_value.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using testing::HasSubstr;
using testing::Not;

Result<TextValue> read(ParamId id, std::string_view text) {
    return read_value(shape_of(spec(id)), text);
}

struct Said {
    ParamId id;
    const char* text;
    double value;
};

TEST(TextValue, ANumberIsReadHoweverItIsWritten) {
    for (const auto& [text, value] : {std::pair{"96", 96.0},
                                      {"96.5", 96.5},
                                      {" 96 ", 96.0},
                                      {"\t96\r\n", 96.0},
                                      {"+96", 96.0},
                                      {"-3", -3.0},
                                      {"096", 96.0},
                                      {".5", 0.5},
                                      {"5.", 5.0},
                                      {"9.6e1", 96.0},
                                      {"-0", 0.0}}) {
        const auto number = read_number(text);
        ASSERT_TRUE(number) << number.error().message;
        EXPECT_EQ(*number, value) << text;
    }
}

TEST(TextValue, WhatIsNoNumberIsRefused) {
    for (const char* text :
         {"",    " ", "fast", "nan", "NaN",  "inf",   "-inf", "Infinity", "1e999", "0x10", "+-5",
          "--5", "+", "-",    ".",   "+inf", "1 000", "9 6",  "1e",       "½",     "\xFF"})
        EXPECT_FALSE(read_number(text)) << text;
    EXPECT_LT(read_number(std::string(60'000, '9') + "x").error().message.size(), 300U);
}

TEST(TextValue, ARefusalSaysWhatWouldBeUnderstood) {
    EXPECT_THAT(read_number("96,5").error().message, HasSubstr("point: write 96.5"));
    EXPECT_THAT(read_number("1,200").error().message, HasSubstr("write 1.200 or 1200"));
    EXPECT_THAT(read_number("96 bpm").error().message, HasSubstr("write 96 alone"));
    EXPECT_THAT(read_number("-50%").error().message, HasSubstr("write -50 alone"));
    EXPECT_THAT(read_number("9 6").error().message, Not(HasSubstr("write")));
    EXPECT_THAT(read(ParamId::tempo, "fast").error().message,
                HasSubstr("'fast' is no number; from 10 to 400"));
    EXPECT_THAT(read(ParamId::mute, "maybe").error().message,
                HasSubstr("'maybe' is neither on nor off"));
}

TEST(TextValue, EachKindIsReadFromItsWordsAndFromANumber) {
    using enum ParamId;
    for (const auto& [id, text, value] : {Said{tempo, "96.5", 96.5},
                                          {tempo, "9999", 9999},
                                          {transpose, "-12", -12},
                                          {mute, "on", 1},
                                          {mute, "ON", 1},
                                          {mute, "True", 1},
                                          {mute, "yes", 1},
                                          {mute, "1", 1},
                                          {mute, " off\n", 0},
                                          {mute, "false", 0},
                                          {mute, "No", 0},
                                          {mute, "0", 0},
                                          {sync, "link", 2},
                                          {sync, "Link", 2},
                                          {sync, "2", 2},
                                          {sync, "0", 0},
                                          {scale, "Dorian", 3},
                                          {scale, "harmonic minor", 8},
                                          {scale, "Harmonic-Minor", 8},
                                          {scale, "aeolian", 2},
                                          {scale, "ionian", 1},
                                          {scale, "off", 0},
                                          {scale, "3", 3},
                                          {swing_grid, "16TH", 1},
                                          {swing_grid, "1", 1},
                                          {key, "Db", 1},
                                          {key, "11", 11}}) {
        const auto read_back = read(id, text);
        ASSERT_TRUE(read_back) << read_back.error().message;
        EXPECT_EQ(*read_back, (TextValue{value, {}})) << text;
    }
}

TEST(TextValue, KeyAndScaleAreReadAtOnceByEither) {
    const TextValue key{2.0, TextValue::Other{ParamId::scale, 3.0}};
    const TextValue scale{3.0, TextValue::Other{ParamId::key, 2.0}};
    EXPECT_EQ(read(ParamId::key, "D dorian"), key);
    EXPECT_EQ(read(ParamId::scale, "D dorian"), scale);
    EXPECT_EQ(read(ParamId::key, " Am ")->other->value, 2.0);
    EXPECT_FALSE(read(ParamId::key, "dorian"));
    EXPECT_FALSE(read(ParamId::scale, "D")) << "a key alone is no scale";
    EXPECT_FALSE(read(ParamId::sync, "D dorian"));
}

TEST(TextValue, ANumberThatIsNoPlaceAmongTheWordsIsNotTakenForTheLast) {
    EXPECT_THAT(read(ParamId::swing_grid, "16").error().message,
                HasSubstr("'16' is not 8th or 16th"));
    EXPECT_FALSE(read(ParamId::swing_grid, "8"));
    EXPECT_FALSE(read(ParamId::key, "12"));
    EXPECT_FALSE(read(ParamId::scale, "-1"));
    EXPECT_FALSE(read(ParamId::scale, "1.5"));
}

TEST(TextValue, ANoteIsANumberSinceOctavesAreCountedInTwoWays) {
    EXPECT_EQ(read(ParamId::lowest, "60"), (TextValue{60.0, {}}));
    EXPECT_FALSE(read(ParamId::lowest, "C4"));
    EXPECT_FALSE(read(ParamId::lowest, "C3"));
}

TEST(TextValue, EveryWordOfTheTableReadsAsItselfInAnyCase) {
    for (const auto& row : param_table())
        for (std::size_t i = 0; i < row.words.size(); ++i) {
            std::string loud{row.words[i]};
            for (auto& c : loud) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
            for (const auto& text : {std::string{row.words[i]}, loud})
                EXPECT_EQ(read_value(shape_of(row), text), (TextValue{static_cast<double>(i), {}}))
                    << row.name << ' ' << text;
        }
}

}  // namespace
}  // namespace fusion
