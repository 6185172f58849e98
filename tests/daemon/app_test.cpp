// What stops a start, and what does not; the daemon itself into a file.
#include "daemon/app.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include "daemon/output.hpp"
#include "daemon/starting_values.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"
#include "osc/udp_port.hpp"
#include "tests/daemon/synthetic_bundle.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

class AppTest : public testing::Test {
protected:
    void SetUp() override {
        // No JACK server of this name runs, whatever the machine has.
        ::setenv("JACK_DEFAULT_SERVER", "fusiond-test-none", 1);
        std::filesystem::create_directories(folder_);
        ASSERT_TRUE(
            save_bundle(test::synthetic_bundle(), folder_ / "test.bundle", TensorPrecision::f32));
        config_.bundle_path = folder_ / "test.bundle";
        config_.file_path = folder_ / "session.mid";
        config_.midi.outputs = Outputs{OutputKind::file};
        config_.midi.inputs.clear();
        config_.osc.port = 0;
        config_.oscquery.port = 0;
        config_.state.path = folder_ / "state.toml";
        config_.clock.priority = 0;
        config_.parameters[static_cast<std::size_t>(ParamId::tempo)] = 400;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void expect_refusal(ExitCode code, const std::string& what) {
        const auto app = App::make(config_, {});
        ASSERT_FALSE(app);
        EXPECT_EQ(app.error().code, code);
        EXPECT_THAT(app.error().message, HasSubstr(what));
    }

    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("fusion-app-" + std::to_string(::getpid()));
    Config config_;
};

TEST_F(AppTest, AGenreIsNamedInAnyCaseAndOnce) {
    SimulatedTime time;
    ParamStore params{{"jazz", "Pop"}, time};
    config_.of(FamilyId::weight) = {{"JAZZ", 1.0}, {"pop", 2.0}};
    const auto applied = apply_config(config_, params);
    ASSERT_TRUE(applied) << applied.error().message;
    EXPECT_EQ(params.current().weights.value[0], 1.0F);
    EXPECT_EQ(params.current().weights.value[1], 2.0F);
    config_.of(FamilyId::weight) = {{"JAZZ", 1.0}, {"jazz", 2.0}};
    EXPECT_THAT(apply_config(config_, params).error().message,
                HasSubstr("weight/jazz is said twice"));
    config_.of(FamilyId::weight) = {{"jaz", 1.0}};
    EXPECT_THAT(apply_config(config_, params).error().message, HasSubstr("did you mean 'jazz'?"));
}

TEST_F(AppTest, BeginsInTheBlendOfTheBundleAndTheConfigurationGoesOverIt) {
    SimulatedTime time;
    ParamStore params{{"jazz", "pop", "folk"}, time};
    begin_in_blend({}, params);
    EXPECT_EQ(params.current().weights.value[2], 5.0F) << "a bundle that names none";
    begin_in_blend({10.0F, 5.0F, 0.0F}, params);
    config_.of(FamilyId::weight) = {{"pop", 1.0}};
    ASSERT_TRUE(apply_config(config_, params));
    EXPECT_EQ(params.current().weights.value[0], 10.0F);
    EXPECT_EQ(params.current().weights.value[1], 1.0F);
    EXPECT_EQ(params.current().weights.value[2], 0.0F);
}

TEST_F(AppTest, WeightsThatTheCommandLineNamesLeaveNothingToTheOthers) {
    SimulatedTime time;
    ParamStore params{{"jazz", "pop", "folk"}, time};
    config_.of(FamilyId::weight) = {{"jazz", 9.0}};
    ASSERT_TRUE(apply_config(config_, params));
    const auto weights = [&] {
        const auto& value = params.current().weights.value;
        return std::array{value[0], value[1], value[2]};
    };
    SceneDesk scenes{params,
                     [] { return 0.0; },
                     {{}, {{"verse", {{"tempo", 77.0}, {"weight/pop", 3.0}}}}, {}},
                     [](const std::string&) {}};
    const auto begin = [&] { return begin_as_said(config_.beginning, scenes, params); };
    ASSERT_TRUE(begin());
    EXPECT_EQ(weights(), (std::array{9.0F, 5.0F, 5.0F})) << "nothing was named";
    config_.beginning.scene = "verse";
    ASSERT_TRUE(begin());
    EXPECT_EQ(weights(), (std::array{9.0F, 3.0F, 5.0F}));
    config_.beginning.weights = {{"FOLK", 10.0}};
    ASSERT_TRUE(begin());
    EXPECT_EQ(weights(), (std::array{0.0F, 0.0F, 10.0F}));
    EXPECT_EQ(params.current().real(ParamId::tempo), 77.0) << "the rest of the scene holds";
    config_.beginning.weights = {{"jazz", 0.0}};
    ASSERT_TRUE(begin());
    EXPECT_EQ(weights(), (std::array{0.0F, 0.0F, 0.0F}));
}

TEST_F(AppTest, WhatTheCommandLineCallsByNameIsThereOrIsTold) {
    config_.beginning.weights = {{"jaz", 3.0}};
    expect_refusal(ExitCode::usage,
                   "--weight jaz: no genre 'jaz'; this bundle has jazz, pop, folk (did you mean "
                   "'jazz'?)");
    config_.beginning = {"jaz", {}};
    expect_refusal(ExitCode::usage, "--scene: no scene 'jaz' (did you mean 'jazz'?)");
}

TEST_F(AppTest, PlaysIntoAFileAndEveryNoteEnds) {
    auto app = App::make(config_, {std::chrono::duration<double>{1.0}});
    ASSERT_TRUE(app) << app.error().message;
    EXPECT_EQ((*app)->run(), ExitCode::ok);
    const auto bytes = read_file(config_.file_path, kMaxSmfBytes);
    ASSERT_TRUE(bytes);
    const auto smf = read_smf(*bytes, "session");
    ASSERT_TRUE(smf);
    std::size_t ons = 0, offs = 0;
    for (const auto& [at, message] : smf->tracks.front().messages) {
        if (message.is_note_on()) ++ons;
        if (message.is_note_off()) ++offs;
    }
    EXPECT_GT(ons, 0U);
    EXPECT_EQ(ons, offs);
}

TEST_F(AppTest, GoesOnWithTheValuesOfTheLastRunWhereItIsToldTo) {
    config_.state.resume = true;
    config_.parameters[static_cast<std::size_t>(ParamId::gate)] = 0.25;
    config_.of(FamilyId::weight)["jazz"] = 7.25;
    const RunOptions brief{std::chrono::duration<double>{0.2}};
    {
        auto app = App::make(config_, brief);
        ASSERT_TRUE(app) << app.error().message;
        EXPECT_EQ((*app)->run(), ExitCode::ok);
    }
    std::ifstream in{config_.state.path};
    const std::string saved{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_THAT(saved, HasSubstr("gate = 0.25"));
    EXPECT_THAT(saved, HasSubstr("\"weight/jazz\" = 7.25"));
    config_.parameters[static_cast<std::size_t>(ParamId::gate)] = 0.5;
    config_.parameters[static_cast<std::size_t>(ParamId::tempo)] = 60;
    auto again = App::make(config_, brief);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ((*again)->run(), ExitCode::ok);
    const auto bytes = read_file(folder_ / "session-2.mid", kMaxSmfBytes);
    ASSERT_TRUE(bytes);
    const auto smf = read_smf(*bytes, "session");
    ASSERT_TRUE(smf);
    const auto& tempi = smf->tracks.front().tempi;
    ASSERT_FALSE(tempi.empty());
    EXPECT_NEAR(tempi.back().tempo.count(), 400.0, 0.01) << "the recording is of what is played";
    EXPECT_EQ(tempi.back().at, tempi.front().at) << "from its beginning on";
    std::ifstream after{config_.state.path};
    EXPECT_THAT((std::string{std::istreambuf_iterator<char>{after}, {}}), HasSubstr("gate = 0.25"));
}

TEST_F(AppTest, NamedWeightsGoOverThoseOfTheLastRun) {
    config_.state.resume = true;
    std::ofstream{config_.state.path}
        << "version = 1\n[now]\ngate = 0.25\n\"weight/jazz\" = 7.25\n";
    config_.beginning.weights = {{"pop", 4.0}};
    {
        auto app = App::make(config_, {std::chrono::duration<double>{0.2}});
        ASSERT_TRUE(app) << app.error().message;
        EXPECT_EQ((*app)->run(), ExitCode::ok);
    }
    std::ifstream after{config_.state.path};
    const std::string saved{std::istreambuf_iterator<char>{after}, {}};
    for (const auto* line :
         {"gate = 0.25", "\"weight/jazz\" = 0\n", "\"weight/pop\" = 4\n", "\"weight/folk\" = 0\n"})
        EXPECT_THAT(saved, HasSubstr(line));
}

TEST_F(AppTest, AMissingBundleIsTold) {
    config_.bundle_path = folder_ / "none.bundle";
    expect_refusal(ExitCode::not_found, "none.bundle");
}

TEST_F(AppTest, ATruncatedBundleAndAForeignFileAreTold) {
    std::filesystem::resize_file(config_.bundle_path, 200);
    expect_refusal(ExitCode::bundle, "test.bundle");
    std::ofstream{config_.bundle_path} << "MThd is no bundle, whatever its name says";
    expect_refusal(ExitCode::bundle, "test.bundle");
}

TEST_F(AppTest, AGenreThatTheBundleLacksIsToldWithThoseItHas) {
    config_.of(FamilyId::weight)["jaz"] = 3;
    expect_refusal(ExitCode::config, "did you mean 'jazz'?");
}

TEST_F(AppTest, AnOscPortThatIsTakenIsTold) {
    boost::asio::io_context io;
    const auto taken = UdpPort::open(io, "127.0.0.1", 0);
    ASSERT_TRUE(taken);
    config_.osc.port = (*taken)->port();
    expect_refusal(ExitCode::unavailable, "--osc-port");
}

TEST_F(AppTest, AnOutputFileThatCannotBeWrittenIsTold) {
    config_.file_path = "/nonexistent/session.mid";
    expect_refusal(ExitCode::cannot_write, "/nonexistent/session.mid");
}

TEST_F(AppTest, APortThatIsNotThereIsWaitedForWhileTheMusicGoesOn) {
    std::vector<OutputKind> kinds{OutputKind::jack, OutputKind::rtmidi_jack};
    if (!midi_api_runs(MidiApi::alsa)) kinds.push_back(OutputKind::alsa);
    for (const auto kind : kinds) {
        config_.midi.outputs = Outputs{kind};
        config_.file_path = folder_ / fmt::format("{}.mid", static_cast<int>(kind));
        auto app = App::make(config_, {std::chrono::duration<double>{1.0}});
        ASSERT_TRUE(app) << app.error().message;
        EXPECT_EQ((*app)->run(), ExitCode::ok);
        EXPECT_GT(std::filesystem::file_size(config_.file_path), 200U);
    }
}

TEST_F(AppTest, TheSynthAloneWithTheSynthOffIsToldAndWithoutADeviceItPlaysOn) {
    config_.midi.outputs = Outputs{OutputKind::synth};
    config_.file_path.clear();
    config_.synth.enabled = false;
    expect_refusal(ExitCode::usage, "nothing is left to play into");
    config_.synth.enabled = true;
    config_.synth.font = "/nonexistent.sf2";
    auto app = App::make(config_, {std::chrono::duration<double>{0.3}});
    ASSERT_TRUE(app) << app.error().message;
    EXPECT_EQ((*app)->run(), ExitCode::ok);
}

TEST_F(AppTest, AutoWithoutAnyMidiSystemRecordsToAFile) {
    if (midi_api_runs(MidiApi::alsa)) GTEST_SKIP() << "this machine has an ALSA sequencer";
    ::setenv("STATE_DIRECTORY", folder_.c_str(), 1);
    config_.midi.outputs = Outputs{OutputKind::automatic};
    config_.file_path.clear();
    boost::asio::io_context io;
    MonotonicTime monotonic;
    FrameTime time{monotonic};
    const auto inbox = MidiInbox::open(io);
    ASSERT_TRUE(inbox) << inbox.error().message;
    const auto output = open_output(config_, {}, time, **inbox);
    ::unsetenv("STATE_DIRECTORY");
    ASSERT_TRUE(output) << output.error().message;
    ASSERT_NE(output->port, nullptr);
    EXPECT_FALSE(output->port->is_open());  // it is looked for as long as the program runs
    EXPECT_TRUE(output->into_a_file);
    EXPECT_TRUE(output->recorder->state().on);
    EXPECT_EQ(output->recorder->state().file.parent_path(), folder_);
}

}  // namespace
}  // namespace fusion
