#include "engine/params/tonality.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/params/names.hpp"
#include "engine/params/table.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

// "C#", "C# dorian"
std::string in_words(const Tonality& tonality) {
    std::string text{spec(ParamId::key).words[static_cast<std::size_t>(tonality.key)]};
    if (tonality.scale)
        text.append(" ").append(
            spec(ParamId::scale).words[static_cast<std::size_t>(*tonality.scale)]);
    return text;
}

struct Written {
    const char* text;
    const char* meant;
};

TEST(Tonality, AKeyIsReadInEveryUsualSpelling) {
    for (const auto& [text, meant] :
         {Written{"C", "C"}, {"c", "C"},   {"Db", "C#"},       {"DB", "C#"},
          {"db", "C#"},      {"C#", "C#"}, {"c sharp", "C#"},  {"C-Sharp", "C#"},
          {"Csharp", "C#"},  {"D♭", "C#"}, {"C♯", "C#"},       {"D flat", "C#"},
          {"D#", "Eb"},      {"E♮", "E"},  {"E natural", "E"}, {"E#", "F"},
          {"Fb", "E"},       {"Gb", "F#"}, {"G#", "Ab"},       {"a", "A"},
          {"A#", "Bb"},      {"bb", "Bb"}, {"Bb", "Bb"},       {"b", "B"},
          {"B", "B"},        {"Cb", "B"},  {"B#", "C"},        {"b flat", "Bb"},
          {"F_sharp", "F#"}}) {
        const auto read = read_tonality(text);
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(in_words(*read), meant) << text;
    }
}

TEST(Tonality, AScaleMayFollowTheKey) {
    for (const auto& [text, meant] : {Written{"Am", "A minor"},
                                      {"am", "A minor"},
                                      {"Bm", "B minor"},
                                      {"bm", "B minor"},
                                      {"Bbm", "Bb minor"},
                                      {"bbm", "Bb minor"},
                                      {"F#m", "F# minor"},
                                      {"C sharp minor", "C# minor"},
                                      {"Amin", "A minor"},
                                      {"A MINOR", "A minor"},
                                      {"Cmaj", "C major"},
                                      {"c major", "C major"},
                                      {"D dorian", "D dorian"},
                                      {"Ddorian", "D dorian"},
                                      {"d-Dorian", "D dorian"},
                                      {"Eb lydian", "Eb lydian"},
                                      {"E lydian", "E lydian"},
                                      {"B blues", "B blues"},
                                      {"Bblues", "B blues"},
                                      {"Bb blues", "Bb blues"},
                                      {"A harmonic minor", "A harmonic_minor"},
                                      {"A_minor_pentatonic", "A minor_pentatonic"},
                                      {"G Aeolian", "G minor"},
                                      {"C ionian", "C major"},
                                      {"F major pentatonic", "F pentatonic"},
                                      {"C whole tone", "C whole_tone"},
                                      {"G off", "G off"}}) {
        const auto read = read_tonality(text);
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(in_words(*read), meant) << text;
    }
}

TEST(Tonality, EveryKeyOfTheTableReadsAsItself) {
    for (const auto key : spec(ParamId::key).words)
        for (const auto scale : spec(ParamId::scale).words) {
            const auto text = std::string{key} + ' ' + std::string{scale};
            const auto read = read_tonality(text);
            ASSERT_TRUE(read) << read.error().message;
            EXPECT_EQ(in_words(*read), text);
        }
}

TEST(Tonality, WhatMayMeanTwoThingsIsRefusedWithBoth) {
    for (const auto& [text, hint] : {Written{"H", "write B for it, and Bb for the German B"},
                                     {"hm", "write B"},
                                     {"As", "Ab to some and Bb to others"},
                                     {"Es", "Eb to some and F to others"},
                                     {"Fis", "German: write F#"},
                                     {"Des", "German: write C#"},
                                     {"Cs", "write C#"},
                                     {"AM", "write m for minor, or maj"},
                                     {"F#M", "write m for minor, or maj"}}) {
        const auto read = read_tonality(text);
        ASSERT_FALSE(read) << text;
        EXPECT_THAT(read.error().message, HasSubstr(hint)) << text;
    }
}

TEST(Tonality, WhatIsNoKeyIsRefusedWithTheKeysThereAre) {
    for (const std::string text :
         {"", "-", " ", "X", "C##", "Cbb", "bbb", "C b", "C7", "Cmaj7", "C-", "dorian", "D mixed",
          "Am7", "\xFF", "♭", "C\xE2\x99", "42"}) {
        const auto read = read_tonality(text);
        ASSERT_FALSE(read) << text;
        EXPECT_THAT(read.error().message, HasSubstr("C, C#, D, Eb, E, F, F#, G, Ab, A, Bb or B"));
    }
    EXPECT_LT(read_tonality(std::string(60'000, 'C')).error().message.size(), 300U);
}

}  // namespace
}  // namespace fusion
