#include "daemon/cli.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using testing::HasSubstr;

Started<CommandLine> parse(std::vector<const char*> words) {
    words.insert(words.begin(), "fusiond");
    return parse_command_line(static_cast<int>(words.size()), words.data());
}

void expect_usage(const Started<CommandLine>& line, const std::string& what) {
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, ExitCode::usage);
    EXPECT_THAT(line.error().message, HasSubstr(what));
}

TEST(CommandLineTest, NothingSaidIsTheDefaults) {
    const auto line = parse({});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->command, CommandLine::Command::play);
    EXPECT_EQ(line->config, Config{});
    EXPECT_FALSE(line->run.open_panel) << "nothing opens uninvited";
    EXPECT_TRUE(parse({"--open"})->run.open_panel);
}

TEST(CommandLineTest, EveryFlagIsTaken) {
    const auto line = parse({"--output",   "file", "--device", "cpu",     "--seed",   "7",
                             "--tempo",    "90",   "--weight", "jazz=10", "--weight", "pop=0",
                             "--osc-port", "0",    "--file",   "x.mid",   "--bundle", "b",
                             "--seconds",  "2",    "--scene",  "verse",   "--state",  "s.toml"});
    ASSERT_TRUE(line) << line.error().message;
    EXPECT_EQ(line->config.midi.outputs, Outputs{OutputKind::file});
    EXPECT_EQ(line->config.device, DeviceKind::cpu);
    EXPECT_EQ(line->config.parameters[static_cast<std::size_t>(ParamId::seed)], 7.0);
    EXPECT_EQ(line->config.beginning.weights, (GenreValues{{"jazz", 10.0}, {"pop", 0.0}}));
    EXPECT_EQ(line->config.beginning.scene, "verse");
    EXPECT_EQ(line->config.state.path, "s.toml");
    EXPECT_EQ(line->config.osc.port, 0);
    EXPECT_EQ(line->config.file_path, "x.mid");
    ASSERT_TRUE(line->run.length);
    EXPECT_EQ(line->run.length->count(), 2.0);
}

TEST(CommandLineTest, OutputsAreAListAndOfPortsOne) {
    const auto outputs = [](const char* words) { return parse({"--output", words}); };
    const auto two = outputs("jack,synth");
    ASSERT_TRUE(two) << two.error().message;
    EXPECT_EQ(two->config.midi.outputs, (Outputs{OutputKind::jack, OutputKind::synth}));
    EXPECT_EQ(two->config.midi.outputs.port(), OutputKind::jack);
    EXPECT_EQ(to_string(two->config.midi.outputs), "jack,synth");
    const auto three = outputs("Synth, file,synth");
    ASSERT_TRUE(three) << three.error().message;
    EXPECT_EQ(three->config.midi.outputs, (Outputs{OutputKind::file, OutputKind::synth}));
    EXPECT_EQ(three->config.midi.outputs.port(), std::nullopt);
    expect_usage(outputs("jack,alsa"), "two ports");
    expect_usage(outputs("auto,jack"), "two ports");
    expect_usage(outputs("synht"), "did you mean 'synth'?");
    expect_usage(outputs("jack,"), "no output ''");
    EXPECT_TRUE(parse({})->config.synth.enabled);
    EXPECT_FALSE(parse({"--no-synth"})->config.synth.enabled);
}

TEST(CommandLineTest, RenderTakesItsChangesInAnyNumber) {
    const auto line = parse({"render", "--bars", "32", "--tempo", "120", "--seed", "3", "--weight",
                             "jazz=10", "--at", "16", "weight", "jazz=0", "--at", "8", "transpose",
                             "-12", "--out", "x.mid"});
    ASSERT_TRUE(line) << line.error().message;
    EXPECT_EQ(line->command, CommandLine::Command::render);
    EXPECT_EQ(line->render.bars, 32);
    ASSERT_EQ(line->render.changes.size(), 2U);
    EXPECT_EQ(line->render.changes[0].says.path, "/fusiond/weight/jazz");
    EXPECT_EQ(line->render.changes[0].at, SessionPlace{16});
    EXPECT_EQ(line->render.changes[1].says.args.at(0), OscArg{-12.0});
}

TEST(CommandLineTest, RenderTakesFilesOfSoundBesideTheMidiFileOrAlone) {
    const auto line = parse({"render", "--bars", "4", "--wav", "x.wav", "--ogg", "x.ogg"});
    ASSERT_TRUE(line) << line.error().message;
    EXPECT_TRUE(line->render.out.empty());
    ASSERT_EQ(line->render.sounds.size(), 2U);
    EXPECT_EQ(line->render.sounds[0].format, SoundFormat::wav);
    EXPECT_EQ(line->render.sounds[0].file, "x.wav");
    EXPECT_EQ(line->render.sounds[1].format, SoundFormat::ogg);
    const auto both = parse({"render", "--bars", "4", "--out", "x.mid", "--flac", "x.flac"});
    ASSERT_TRUE(both) << both.error().message;
    EXPECT_EQ(both->render.out, "x.mid");
    EXPECT_EQ(both->render.sounds.at(0).format, SoundFormat::flac);
}

TEST(CommandLineTest, RenderPlaysASessionAndSaysWhichOfItsLinesIsWrong) {
    const auto file =
        std::filesystem::temp_directory_path() / ("fusion-session-" + std::to_string(::getpid()));
    const auto render = [&](std::vector<const char*> more = {}) {
        std::vector<const char*> words{"render", "--session", file.c_str(), "--out", "x.mid"};
        words.insert(words.end(), more.begin(), more.end());
        return parse(words);
    };
    std::ofstream{file} << "4 tempo 90\n12 end\n";
    const auto line = render({"--at", "2", "panic", "1"});
    ASSERT_TRUE(line) << line.error().message;
    EXPECT_EQ(line->render.bars, 12);
    EXPECT_EQ(line->render.changes.size(), 2U);
    const auto longer = render({"--bars", "20"});
    ASSERT_TRUE(longer);
    EXPECT_EQ(longer->render.bars, 20);
    std::ofstream{file} << "4 tempo 90\n";
    expect_usage(render(), "--bars");
    std::ofstream{file} << "4 tempo 90\nfour tempo 90\n";
    expect_usage(render(), file.string() + ":2: 'four' is no place");
    std::filesystem::remove(file);
    const auto missing = render();
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ExitCode::not_found);
}

TEST(CommandLineTest, ValuesAreSpelledAsEverywhereElse) {
    const auto line =
        parse({"render", "--bars", "4", "--out", "x.mid", "--tempo", "+96.5", "--seed", " 7 ",
               "--weight", "jazz=+2", "--weight", "Jazz= 3.5", "--at", "2", "key", "D dorian"});
    ASSERT_TRUE(line) << line.error().message;
    EXPECT_EQ(line->config.parameters[static_cast<std::size_t>(ParamId::tempo)], 96.5);
    EXPECT_EQ(line->config.parameters[static_cast<std::size_t>(ParamId::seed)], 7.0);
    EXPECT_EQ(line->config.beginning.weights, (GenreValues{{"Jazz", 3.5}})) << "the last holds";
    EXPECT_EQ(line->render.changes.at(0).says,
              (OscMessage{"/fusiond/key", {std::string{"D dorian"}}}));
    expect_usage(parse({"--tempo", "96,5"}),
                 "--tempo: '96,5' is no number; decimals follow a point");
    expect_usage(parse({"--seed", "1.5"}), "1.5 is no whole number");
    expect_usage(parse({"--weight", "jazz=5,5"}), "write 5.5");
}

TEST(CommandLineTest, WhatIsWrongIsToldWithTheRightWay) {
    expect_usage(parse({"--output", "jakc"}), "did you mean 'jack'?");
    expect_usage(parse({"--device", "gpu"}), "auto, cpu, cuda");
    expect_usage(parse({"--weight", "jazz"}), "GENRE=W");
    expect_usage(parse({"--weight", "jazz=11"}), "0 to 10");
    expect_usage(parse({"--weight", "jazz=nan"}), "0 to 10");
    expect_usage(parse({"--tempo", "9000"}), "10 to 400");
    expect_usage(parse({"--seed", "-1"}), "--seed");
    expect_usage(parse({"--nonsense"}), "--nonsense");
    expect_usage(parse({"render", "--out", "x.mid"}), "--bars");
    expect_usage(parse({"render", "--bars", "4"}), "into what?");
}

TEST(CommandLineTest, HelpNamesTheExitCodesAndVersionTheVersion) {
    const auto help = parse({"--help"});
    ASSERT_FALSE(help);
    EXPECT_EQ(help.error().code, ExitCode::ok);
    for (const auto* flag : {"--config", "--check-config", "--list-ports", "--output", "--device",
                             "--seed", "render", "Exit codes"})
        EXPECT_THAT(help.error().message, HasSubstr(flag));
    const auto version = parse({"--version"});
    ASSERT_FALSE(version);
    EXPECT_THAT(version.error().message, HasSubstr("fusiond 0."));
}

TEST(CommandLineTest, AFlagGoesOverTheFileAndABadFileIsToldWithItsLine) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("fusion-cli-" + std::to_string(::getpid()) + ".toml");
    std::ofstream{file} << "[parameters]\ntempo = 90\nseed = 4\n";
    const auto line = parse({"--config", file.c_str(), "--tempo", "100"});
    ASSERT_TRUE(line) << line.error().message;
    EXPECT_EQ(line->config.parameters[static_cast<std::size_t>(ParamId::tempo)], 100.0);
    EXPECT_EQ(line->config.parameters[static_cast<std::size_t>(ParamId::seed)], 4.0);

    std::ofstream{file} << "[parameters]\ntmepo = 90\n";
    const auto bad = parse({"--check-config", file.c_str()});
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, ExitCode::config);
    EXPECT_THAT(bad.error().message, HasSubstr(file.string() + ":2:1:"));
    std::filesystem::remove(file);

    const auto missing = parse({"--config", file.c_str()});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ExitCode::not_found);
}

}  // namespace
}  // namespace fusion
