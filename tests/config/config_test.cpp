#include "config/config.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string error_of(std::string_view text) {
    const auto config = parse_config(text, "stage.toml");
    return config ? "(no error)" : config.error().message;
}

TEST(Config, TheShippedFileLoadsAndIsTheDefaults) {
    const auto shipped = load_config(FUSION_SHIPPED_CONFIG);
    ASSERT_TRUE(shipped) << shipped.error().message;
    EXPECT_EQ(*shipped, Config{});
}

TEST(Config, TheShippedFileNamesEveryParameter) {
    std::ifstream in{FUSION_SHIPPED_CONFIG};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    for (const auto& row : param_table()) {
        const auto member = member_name(row.name);
        const auto section = fmt::format("\n[{}]\n", member ? member->family : "parameters");
        const auto begins = text.find(section);
        ASSERT_NE(begins, std::string::npos) << section;
        const auto ends = text.find("\n[", begins + section.size());
        EXPECT_THAT(text.substr(begins, ends - begins),
                    HasSubstr(fmt::format("\n{} = ", member ? member->genre : row.name)));
    }
}

TEST(Config, APartOfTheBandHasASectionAndItsWeightsAnother) {
    const auto config =
        parse_config("[bass]\nplays = \"on\"\nlevel = 0.5\n[bass_weights]\njazz = 7\n", "b.toml");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->parameters[static_cast<std::size_t>(ParamId::bass_plays)], 2.0);
    EXPECT_EQ(config->parameters[static_cast<std::size_t>(ParamId::bass_level)], 0.5);
    EXPECT_EQ(config->of(FamilyId::bass_weight).at("jazz"), 7.0);
    const auto wrong = parse_config("[bass]\nlevl = 1\n", "b.toml");
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("level"));
}

TEST(Config, AnEmptyTextIsTheDefaults) {
    const auto config = parse_config("", "stage.toml");
    ASSERT_TRUE(config);
    EXPECT_EQ(*config, Config{});
}

TEST(Config, EveryKindOfSettingIsRead) {
    const auto config = parse_config(R"(
[midi]
output = "jack"
port = "synth*"
[osc]
port = 0
[device]
kind = "cpu"
[parameters]
tempo = 90
playing = false
velocity = 64
[weights]
jazz = 10
[parts]
pop = true
[part_channels]
pop = 9
[oscquery]
on = false
[state]
resume = true
[cc]
21 = ""
30 = "weight/jazz"
)",
                                     "stage.toml");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->midi.outputs, Outputs{OutputKind::jack});
    EXPECT_EQ(config->midi.port, "synth*");
    EXPECT_EQ(config->osc.port, 0);
    EXPECT_EQ(config->device, DeviceKind::cpu);
    EXPECT_EQ(config->parameters[static_cast<std::size_t>(ParamId::tempo)], 90.0);
    EXPECT_EQ(config->parameters[static_cast<std::size_t>(ParamId::playing)], 0.0);
    EXPECT_EQ(config->of(FamilyId::weight).at("jazz"), 10.0);
    EXPECT_EQ(config->of(FamilyId::part).at("pop"), 1.0);
    EXPECT_EQ(config->of(FamilyId::part_channel).at("pop"), 9.0);
    EXPECT_FALSE(config->oscquery.on);
    EXPECT_TRUE(config->state.resume);
    EXPECT_EQ(config->cc.count(21), 0U);
    EXPECT_EQ(config->cc.at(30), "weight/jazz");
    EXPECT_EQ(config->cc.at(20), "weight/1") << "what is not named keeps its default";
}

TEST(Config, OriginsAreOneOrSeveralAndLookAsABrowserSaysThem) {
    const auto origins_of = [](const std::string& text) {
        return parse_config("[oscquery]\norigins = " + text, "stage.toml")->oscquery.origins;
    };
    EXPECT_EQ(origins_of("[]").size(), 0U);
    EXPECT_EQ(origins_of(R"("http://a:1")"), std::vector<std::string>{"http://a:1"});
    EXPECT_EQ(origins_of(R"(["https://a.example", "null"])").size(), 2U);
    for (const auto* wrong : {R"("a.example")", R"(["http://a/"])", R"(["http://"])", "7", "[7]"})
        EXPECT_THAT(error_of(std::string{"[oscquery]\norigins = "} + wrong),
                    HasSubstr("oscquery.origins"))
            << wrong;
}

TEST(Config, TextIsReadAsItIsEverywhereElse) {
    const auto config = parse_config(R"(
[Parameters]
Tempo = "+96.5"
mute = "on"
channel = " 3 "
scale = "Am"
Swing_grid = "16TH"
[weights]
jazz = "2.5"
[parts]
pop = "yes"
[MIDI]
output = "JACK"
[cc]
30 = "Weight/Jazz"
[[controller]]
note = 36
target = "Mute"
press = "Momentary"
)",
                                     "stage.toml");
    ASSERT_TRUE(config) << config.error().message;
    const auto value = [&](ParamId id) { return config->parameters[static_cast<std::size_t>(id)]; };
    EXPECT_EQ(value(ParamId::tempo), 96.5);
    EXPECT_EQ(value(ParamId::mute), 1.0);
    EXPECT_EQ(value(ParamId::channel), 3.0);
    EXPECT_EQ(value(ParamId::key), 9.0);
    EXPECT_EQ(value(ParamId::scale), 2.0);
    EXPECT_EQ(value(ParamId::swing_grid), 1.0);
    EXPECT_EQ(config->of(FamilyId::weight).at("jazz"), 2.5);
    EXPECT_EQ(config->of(FamilyId::part).at("pop"), 1.0);
    EXPECT_EQ(config->midi.outputs, Outputs{OutputKind::jack});
    EXPECT_EQ(config->controllers.at(0).press, Press::momentary);
}

TEST(Config, OutputsAreTextOrAnArray) {
    const auto read = [](const std::string& value) {
        return parse_config("[midi]\noutput = " + value + "\n[synth]\ndriver = \"ALSA\"\n",
                            "stage.toml");
    };
    for (const auto* value : {R"("jack, synth")", R"(["synth", "jack"])"}) {
        const auto config = read(value);
        ASSERT_TRUE(config) << config.error().message;
        EXPECT_EQ(config->midi.outputs, (Outputs{OutputKind::jack, OutputKind::synth}));
        EXPECT_EQ(config->synth.driver, SynthDriver::alsa);
    }
    EXPECT_THAT(error_of("[midi]\noutput = [\"jack\", \"alsa\"]"), HasSubstr("two ports"));
    EXPECT_THAT(error_of("[midi]\noutput = []"), HasSubstr("stage.toml:2:10: midi.output"));
    EXPECT_THAT(error_of("[synth]\ndriver = \"oss\""), HasSubstr("pulseaudio"));
}

TEST(Config, TextThatIsNoValueIsToldWithWhatWouldBe) {
    EXPECT_THAT(error_of("[parameters]\ntempo = \"96,5\""),
                AllOf(HasSubstr("stage.toml:2:9: parameters.tempo"), HasSubstr("write 96.5")));
    EXPECT_THAT(error_of("[parameters]\ntempo = \"900\""), HasSubstr("from 10 to 400"));
    EXPECT_THAT(error_of("[parameters]\nchannel = \"2.5\""), HasSubstr("no whole number"));
    EXPECT_THAT(error_of("[parameters]\nkey = \"H\""), HasSubstr("German"));
    EXPECT_THAT(error_of("[parameters]\nkey = 3"), HasSubstr("in quotes"));
}

TEST(Config, WhatIsSaidTwiceIsToldAndNotGuessed) {
    EXPECT_THAT(error_of("[parameters]\ntempo = 90\nTempo = 100"),
                HasSubstr("parameters.tempo stands here twice"));
    EXPECT_THAT(error_of("[weights]\njazz = 1\n[Weights]\njazz = 2"),
                HasSubstr("weights.jazz stands here twice"));
    for (const auto* text :
         {"key = \"D dorian\"\nscale = \"off\"", "Scale = \"blues\"\nkey = \"D dorian\"",
          "key = \"D\"\nscale = \"Am\""})
        EXPECT_THAT(error_of(std::string{"[parameters]\n"} + text), HasSubstr("says both"));
}

TEST(Config, InputsAreOneNameSeveralOrNone) {
    const auto inputs = [](std::string_view text) {
        return parse_config(fmt::format("[midi]\ninput = {}\n", text), "stage.toml")->midi.inputs;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(inputs(R"("nano")"), (Names{"nano"}));
    EXPECT_EQ(inputs(R"("")"), (Names{""}));
    EXPECT_EQ(inputs(R"("off")"), (Names{}));
    EXPECT_EQ(inputs(R"(["nano*", "", "BCF"])"), (Names{"nano*", "", "BCF"}));
    EXPECT_THAT(error_of(R"([midi]
input = ["a", "b", "c", "d", "e"])"),
                HasSubstr("at most 4"));
    EXPECT_THAT(error_of("[midi]\ninput = [1]"), HasSubstr("must be text in quotes"));
}

TEST(Config, AnUnknownKeyIsToldWithFileLineAndTheNearestKey) {
    EXPECT_THAT(error_of("[parameters]\ntmepo = 90\n"),
                AllOf(HasSubstr("stage.toml:2:1:"), HasSubstr("tmepo"),
                      HasSubstr("did you mean 'tempo'?")));
}

TEST(Config, AnUnknownSectionIsToldWithTheNearestSection) {
    EXPECT_THAT(error_of("\n[mdi]\n"),
                AllOf(HasSubstr("stage.toml:2:"), HasSubstr("did you mean 'midi'?")));
}

TEST(Config, AWrongTypeIsToldWithFileLineAndWhatToWrite) {
    EXPECT_THAT(error_of("[parameters]\n\ntempo = \"fast\"\n"),
                AllOf(HasSubstr("stage.toml:3:9:"), HasSubstr("'fast' is no number")));
    EXPECT_THAT(error_of("[osc]\nport = 97.5"),
                AllOf(HasSubstr("stage.toml:2:"), HasSubstr("must be a whole number")));
    EXPECT_THAT(error_of("[midi]\nport = 3"),
                AllOf(HasSubstr("stage.toml:2:"), HasSubstr("must be text in quotes")));
    EXPECT_THAT(error_of("[parameters]\nplaying = 1"), HasSubstr("must be true or false"));
    EXPECT_THAT(error_of("midi = 3"), HasSubstr("write [midi] on a line"));
}

TEST(Config, ATableHeadThatBeginsWithNoKeyIsRefusedByItsPlace) {
    EXPECT_THAT(error_of("\n[=]\n"), HasSubstr("stage.toml:2:2:"));
    EXPECT_THAT(error_of("[[=]]\n"), HasSubstr("stage.toml:1:3:"));
}

TEST(Config, AValueOutOfRangeIsToldWithTheRange) {
    EXPECT_THAT(error_of("[parameters]\ntempo = 900"),
                AllOf(HasSubstr("stage.toml:2:9:"), HasSubstr("from 10 to 400")));
    EXPECT_THAT(error_of("[osc]\nport = 70000"), HasSubstr("from 0 to 65535"));
    EXPECT_THAT(error_of("[weights]\njazz = -1"), HasSubstr("from 0 to 10"));
    EXPECT_THAT(error_of("[parameters]\nmeter_denominator = 3"), HasSubstr("1, 2, 4, 8 or 16"));
}

TEST(Config, NotANumberAndInfinityAreRefused) {
    EXPECT_THAT(error_of("[parameters]\ntempo = nan"), HasSubstr("out of range"));
    EXPECT_THAT(error_of("[weights]\njazz = inf"), HasSubstr("out of range"));
}

TEST(Config, AWrongWordIsToldWithTheWordsThereAre) {
    EXPECT_THAT(
        error_of("[midi]\noutput = \"jakc\""),
        AllOf(HasSubstr("auto, alsa, jack, rtmidi-jack, file"), HasSubstr("did you mean 'jack'?")));
}

TEST(Config, AControllerMustBeANumberAndItsTargetAParameter) {
    EXPECT_THAT(error_of("[cc]\n200 = \"tempo\""),
                AllOf(HasSubstr("stage.toml:2:1:"), HasSubstr("0 to 119")));
    EXPECT_THAT(error_of("[cc]\n20 = \"tenpo\""), HasSubstr("did you mean 'tempo'?"));
}

TEST(Config, ASyntaxErrorIsToldWithItsPlace) {
    EXPECT_THAT(error_of("[midi]\noutput = \n"), HasSubstr("stage.toml:2:"));
}

TEST(Config, EverythingThatIsWrongIsToldAtOnce) {
    EXPECT_THAT(error_of("[osc]\nprot = 1\n[parameters]\ntempo = 1\n"),
                AllOf(HasSubstr("stage.toml:2:"), HasSubstr("stage.toml:4:")));
}

TEST(Config, AMissingFileIsNotFoundAndAFolderIsNotReadable) {
    const auto missing = load_config("/nonexistent/stage.toml");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Error::Code::not_found);
    EXPECT_THAT(missing.error().message, HasSubstr("/nonexistent/stage.toml"));
    const auto folder = load_config(std::filesystem::temp_directory_path());
    ASSERT_FALSE(folder);
    EXPECT_EQ(folder.error().code, Error::Code::io);
}

}  // namespace
}  // namespace fusion
