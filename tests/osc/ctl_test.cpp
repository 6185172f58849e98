// What is done, what there is, and the command line itself.
#include <array>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "tests/osc/ctl_rig.hpp"

namespace fusion {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(Ctl, AnActionIsNeverDoneByAskingForItsValue) {
    for (const auto* path : {"stop", "Stop", "stop/", "/fusiond/stop", "/Fusiond/STOP/"}) {
        EXPECT_EQ(run({"get", path}), Exit::usage) << path;
        EXPECT_THAT(problems(), HasSubstr("fusionctl do "));
    }
    EXPECT_EQ(run({"set", "/fusiond/stop", "1"}), Exit::usage);
    EXPECT_EQ(got("playing"), "1\n");
}

TEST_F(Ctl, DoesActions) {
    EXPECT_EQ(run({"stop"}), Exit::ok) << problems();
    EXPECT_EQ(got("playing"), "0\n");
    EXPECT_EQ(run({"do", "play"}), Exit::ok) << problems();
    EXPECT_EQ(got("playing"), "1\n");
    EXPECT_EQ(run({"do", "nudge", "-20"}), Exit::ok) << problems();
    EXPECT_EQ(run({"panic"}), Exit::ok);
    EXPECT_EQ(run({"do", "nudge"}), Exit::refused);
    EXPECT_EQ(run({"do", "nudge", "soon"}), Exit::usage);
    EXPECT_EQ(run({"do", "nudge", "1", "2"}), Exit::usage);
    EXPECT_EQ(run({"do", "rstart"}), Exit::usage);
    EXPECT_THAT(problems(), HasSubstr("did you mean 'restart'?"));
}

TEST_F(Ctl, SavesAndRecallsScenesWhateverTheirNames) {
    EXPECT_EQ(run({"scene", "save", "Strophe 2"}), Exit::ok) << problems();
    EXPECT_EQ(run({"scene", "recall", "17", "--beats", "8"}), Exit::ok) << problems();
    EXPECT_EQ(run({"scene", "recall", "ü"}), Exit::ok) << problems();
    EXPECT_EQ(run({"do", "scene/recall", "verse", "4"}), Exit::ok) << problems();
    EXPECT_THAT(daemon_->calls(), ElementsAre("scene/save 'Strophe 2' -", "scene/recall '17' 8",
                                              "scene/recall 'ü' -", "scene/recall 'verse' 4"));
    EXPECT_EQ(run({"scene", "recall", "gone"}), Exit::refused);
    EXPECT_THAT(problems(), HasSubstr("no scene 'gone'"));
    EXPECT_EQ(run({"scene", "recall", "a", "--beats", "-1"}), Exit::usage);
    EXPECT_EQ(run({"scene"}), Exit::usage);
}

TEST_F(Ctl, ListsScenes) {
    EXPECT_EQ(run({"scene", "list"}), Exit::ok);
    EXPECT_EQ(said(), "Strophe 2\nchorus\nü\n");
    EXPECT_EQ(run({"scene", "list", "--json"}), Exit::ok);
    EXPECT_EQ(nlohmann::json::parse(said()), (nlohmann::json{"Strophe 2", "chorus", "ü"}));
}

TEST_F(Ctl, LearnsAPathOrNothingAfterAll) {
    EXPECT_EQ(run({"learn", "/fusiond/weight/jazz"}), Exit::ok) << problems();
    EXPECT_EQ(run({"learn"}), Exit::ok) << problems();
    EXPECT_THAT(daemon_->calls(), ElementsAre("learn 'weight/jazz' -", "learn '' -"));
}

TEST_F(Ctl, ListsWhatThereIs) {
    EXPECT_EQ(run({"list"}), Exit::ok);
    EXPECT_THAT(said(), AllOf(HasSubstr("weight/jazz"), HasSubstr("scene/recall"),
                              HasSubstr("10 to 400 bpm (120); Tempo in quarter notes")));
    EXPECT_EQ(run({"list", "weight/*"}), Exit::ok);
    EXPECT_THAT(said(), AllOf(StartsWith("weight/jazz"), Not(HasSubstr("tempo"))));
    EXPECT_EQ(run({"list", "meter"}), Exit::ok);
    EXPECT_THAT(said(), AllOf(HasSubstr("meter_numerator"), HasSubstr("meter_denominator")));
    EXPECT_EQ(run({"list", "xyz"}), Exit::refused);
    EXPECT_EQ(run({"list", "tempo", "--json"}), Exit::ok);
    EXPECT_EQ(nlohmann::json::parse(said()).at(0).at("range"), "10 to 400");
}

TEST_F(Ctl, SaysHowTheDaemonIs) {
    EXPECT_EQ(run({"status"}), Exit::ok);
    EXPECT_THAT(said(),
                AllOf(HasSubstr("version          1.2.3\n"), HasSubstr("playing          yes\n"),
                      HasSubstr("genres           jazz pop\n")));
    EXPECT_EQ(run({"--json", "status"}), Exit::ok);
    const auto json = nlohmann::json::parse(said());
    EXPECT_EQ(json.at("playing"), true);
    EXPECT_EQ(json.at("tempo"), 120);
    EXPECT_EQ(json.at("sync"), "internal");
    EXPECT_EQ(json.at("genres"), (nlohmann::json{"jazz", "pop"}));
}

TEST_F(Ctl, TheCommandLineIsLookedAt) {
    EXPECT_EQ(run({}), Exit::usage);
    EXPECT_EQ(run({"sett", "tempo", "90"}), Exit::usage);
    EXPECT_EQ(run({"set", "tempo"}), Exit::usage);
    EXPECT_EQ(run({"get", "tempo", "--port", "0"}), Exit::usage);
    EXPECT_EQ(run({"--help"}), Exit::ok);
    EXPECT_THAT(said(), AllOf(HasSubstr("Exit codes"), HasSubstr("FUSIONCTL_PORT")));
    EXPECT_EQ(run({"--version"}), Exit::ok);
}

TEST_F(Ctl, ThePortMayStandInTheEnvironment) {
    ::setenv("FUSIONCTL_PORT", std::to_string(port_).c_str(), 1);
    const std::array<const char*, 3> argv{"fusionctl", "get", "tempo"};
    EXPECT_EQ(ctl::run(3, argv.data(), {out_, problems_}, {}), Exit::ok) << problems();
    EXPECT_EQ(said(), "120\n");
    ::unsetenv("FUSIONCTL_PORT");
}

}  // namespace
}  // namespace fusion
