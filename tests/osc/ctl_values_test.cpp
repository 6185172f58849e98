// Values that are asked for and set.
#include <array>

#include <nlohmann/json.hpp>

#include "tests/osc/ctl_rig.hpp"

namespace fusion {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(Ctl, GetsOneValueBare) {
    EXPECT_EQ(run({"get", "tempo"}), Exit::ok);
    EXPECT_EQ(said(), "120\n");
    EXPECT_EQ(got("/fusiond/swing_grid"), "16th\n");
    EXPECT_EQ(got("temperature"), "1\n") << "as short as a float is";
    EXPECT_EQ(got("weights"), "5 5\n");
}

TEST_F(Ctl, GetsSeveralWithTheirNames) {
    EXPECT_EQ(run({"get", "tempo", "weight/*"}), Exit::ok);
    EXPECT_EQ(said(), "tempo 120\nweight/jazz 5\nweight/pop 5\n");
    EXPECT_EQ(run({"get", "weight/j*"}), Exit::ok);
    EXPECT_EQ(said(), "weight/jazz 5\n");
}

TEST_F(Ctl, GetsJson) {
    EXPECT_EQ(run({"get", "tempo", "swing_grid", "temperature", "weights", "--json"}), Exit::ok);
    EXPECT_EQ(nlohmann::json::parse(said()),
              nlohmann::json::parse(
                  R"({"tempo": 120, "swing_grid": "16th", "temperature": 1, "weights": [5, 5]})"));
}

TEST_F(Ctl, WhatThereIsNotIsRefusedWithTheNearest) {
    EXPECT_EQ(run({"get", "temp"}), Exit::refused);
    EXPECT_THAT(problems(), AllOf(StartsWith("fusionctl: temp: unknown path"), HasSubstr("tempo")));
    EXPECT_EQ(said(), "");
}

TEST_F(Ctl, WhatWasUnderstoodIsPrintedWhereItWasWrittenOtherwise) {
    for (const auto& [words, printed] :
         std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"key", "Db"}, "key C#\n"},
             {{"key", "3"}, "key Eb\n"},
             {{"key", "c", "sharp"}, "key C#\n"},
             {{"key", "D dorian"}, "key D\nscale dorian\n"},
             {{"Key", "D", "Dorian"}, "key D\nscale dorian\n"},
             {{"scale", "Am"}, "scale minor\nkey A\n"},
             {{"scale", "minor"}, ""},
             {{"weight/Jazz/", "+2"}, ""},
             {{"/Fusiond/Tempo", "90"}, ""},
             {{"mute", "Yes"}, ""}}) {
        std::vector<std::string> line{"set"};
        line.insert(line.end(), words.begin(), words.end());
        EXPECT_EQ(run(line), Exit::ok) << problems();
        EXPECT_EQ(said(), printed) << words[0] << ' ' << words[1];
        EXPECT_EQ(problems(), "");
    }
    EXPECT_EQ(got("mute"), "1\n");
    EXPECT_EQ(got("Weight/Jazz"), "2\n");
    EXPECT_EQ(run({"set", "key", "H"}), Exit::refused);
    EXPECT_THAT(problems(), HasSubstr("German"));
    EXPECT_EQ(run({"set", "swing_grid", "16"}), Exit::refused) << "no place among the words";
    EXPECT_EQ(run({"do", "Nudge", "1,5"}), Exit::usage);
    EXPECT_THAT(problems(), HasSubstr("write 1.5"));
}

TEST_F(Ctl, SetsNumbersWordsAndSwitchesAndPrintsNothing) {
    for (const auto& [path, value, after] :
         std::vector<std::array<std::string, 3>>{{"tempo", "96.5", "96.5\n"},
                                                 {"transpose", "-12", "-12\n"},
                                                 {"scale", "dorian", "dorian\n"},
                                                 {"scale", "off", "off\n"},
                                                 {"key", "Eb", "Eb\n"},
                                                 {"mute", "on", "1\n"},
                                                 {"part/jazz", "true", "1\n"},
                                                 {"part/jazz", "off", "0\n"},
                                                 {"weight/jazz", "7.25", "7.25\n"},
                                                 {"/fusiond/seed", "2147483647", "2147483647\n"}}) {
        EXPECT_EQ(run({"set", path, value}), Exit::ok) << path;
        EXPECT_EQ(said(), "") << path;
        EXPECT_EQ(problems(), "") << path;
        EXPECT_EQ(got(path), after);
    }
}

TEST_F(Ctl, SetsAllThatAPatternReachesAndAllWeightsAtOnce) {
    EXPECT_EQ(run({"set", "weight/*", "0"}), Exit::ok) << problems();
    EXPECT_EQ(got("weights"), "0 0\n");
    EXPECT_EQ(run({"set", "weights", "1", "9"}), Exit::ok) << problems();
    EXPECT_EQ(got("weights"), "1 9\n");
}

TEST_F(Ctl, AWeightTakesBeats) {
    EXPECT_EQ(run({"set", "weight/jazz", "10", "8"}), Exit::ok) << problems();
    EXPECT_EQ(run({"set", "tempo", "90", "8"}), Exit::usage);
    EXPECT_EQ(run({"set", "weight/jazz", "10", "soon"}), Exit::usage);
}

TEST_F(Ctl, AClampIsAWarningAndDoneAllTheSame) {
    EXPECT_EQ(run({"set", "tempo", "9999"}), Exit::ok);
    EXPECT_THAT(problems(), HasSubstr("clamped to 400"));
    EXPECT_EQ(got("tempo"), "400\n");
}

TEST_F(Ctl, WhatTheDaemonRefusesIsToldAndEndsWithOne) {
    EXPECT_EQ(run({"set", "tempo", "fast"}), Exit::refused);
    EXPECT_THAT(problems(), StartsWith("fusionctl: tempo: "));
    EXPECT_EQ(run({"set", "scale", "klingon"}), Exit::refused);
    EXPECT_THAT(problems(), HasSubstr("dorian"));
    EXPECT_EQ(run({"set", "meter_denominator", "3"}), Exit::refused);
    EXPECT_EQ(run({"set", "tempo", "nan"}), Exit::refused) << "a word, not a number";
    EXPECT_EQ(got("tempo"), "120\n");
}

}  // namespace
}  // namespace fusion
