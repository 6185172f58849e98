// What the shell offers.
#include "osc/ctl/completion.hpp"

#include <array>
#include <cstdio>

#include <sys/wait.h>

#include "tests/osc/ctl_rig.hpp"

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

std::vector<std::string> completed(const std::vector<std::string>& words) {
    return ctl::completions(words, {{"jazz", "pop"}, {"Strophe 2", "chorus"}});
}

TEST(CtlCompletion, OffersWhatMayStandThere) {
    EXPECT_THAT(completed({"s"}), ElementsAre("set", "status", "scene", "stop"));
    EXPECT_THAT(completed({"get", "weight"}), ElementsAre("weights", "weight/jazz", "weight/pop"));
    EXPECT_THAT(completed({"get", "tempo", "part/"}), ElementsAre("part/jazz", "part/pop"));
    EXPECT_THAT(completed({"get", "/fusiond/temp"}),
                ElementsAre("/fusiond/tempo", "/fusiond/temperature"));
    EXPECT_THAT(completed({"set", "scale", "d"}), ElementsAre("dorian"));
    EXPECT_THAT(completed({"set", "mute", ""}), ElementsAre("on", "off"));
    EXPECT_THAT(completed({"set", "tempo", ""}), IsEmpty());
    EXPECT_THAT(completed({"do", "re"}), ElementsAre("restart"));
    EXPECT_THAT(completed({"do", "scene/recall", "S"}), ElementsAre("Strophe 2"));
    EXPECT_THAT(completed({"scene", ""}), ElementsAre("save", "recall", "delete", "list"));
    EXPECT_THAT(completed({"scene", "recall", ""}), ElementsAre("Strophe 2", "chorus"));
    EXPECT_THAT(completed({"scene", "list", ""}), IsEmpty());
    EXPECT_THAT(completed({"learn", "scene/c"}), ElementsAre("scene/chorus"));
    EXPECT_THAT(completed({"learn", "pa"}), IsSupersetOf({"panic", "part/jazz"}));
}

TEST(CtlCompletion, StepsOverOptionsAndCompletesThem) {
    EXPECT_THAT(completed({"--port", "9700", "get", "temp"}), ElementsAre("tempo", "temperature"));
    EXPECT_THAT(completed({"--port", "=", "9700", "get", "temp"}),
                ElementsAre("tempo", "temperature"));
    EXPECT_THAT(completed({"--json", "get", "tempo", "sw"}), ElementsAre("swing", "swing_grid"));
    EXPECT_THAT(completed({"--h"}), ElementsAre("--host", "--help"));
    EXPECT_THAT(completed({"scene", "recall", "--b"}), ElementsAre("--beats"));
    EXPECT_THAT(completed({"watch", "--streams", "note,be"}), ElementsAre("note,beat"));
    EXPECT_THAT(completed({"get", "--port", "9"}), IsEmpty());
}

TEST_F(Ctl, CompletionAsksTheDaemonForGenresAndScenes) {
    const auto port = std::to_string(port_);
    EXPECT_EQ(run({"complete", "--", "--port", port, "set", "weight/"}), Exit::ok);
    EXPECT_EQ(said(), "weight/jazz\nweight/pop\n");
    run({"complete", "--", "--port=" + port, "scene", "recall", ""});
    EXPECT_EQ(said(), "Strophe 2\nchorus\nü\n");
    daemon_.reset();
    EXPECT_EQ(run({"complete", "--", "--port", port, "set", "temp"}), Exit::ok);
    EXPECT_EQ(said(), "tempo\ntemperature\n") << "what the table knows";
    EXPECT_EQ(run({"complete", "--", "--port", port, "scene", "recall", ""}), Exit::ok);
    EXPECT_EQ(said() + problems(), "");
    EXPECT_EQ(run({"complete"}), Exit::ok);
}

#if defined(FUSION_CTL_PROGRAM) && defined(FUSION_CTL_COMPLETION)
class CtlBash : public Ctl {
protected:
    static std::string bash(const std::string& script) {
        const std::string line = "bash --norc -c " + quoted(script) + " 2>&1";
        // NOLINTNEXTLINE(bugprone-command-processor): a shell is what is tried
        FILE* pipe = ::popen(line.c_str(), "r");
        std::string said;
        std::array<char, 4096> buffer{};
        while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe))
            said.append(buffer.data(), size);
        const int status = ::pclose(pipe);
        EXPECT_EQ(WEXITSTATUS(status), 0) << said;
        return said;
    }
    static std::string quoted(const std::string& text) {
        std::string out{"'"};
        for (const char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
        return out + "'";
    }
    // What bash would offer after these words; the last is being written.
    [[nodiscard]] std::string offered(const std::string& words) const {
        return bash(
            fmt::format("export FUSIONCTL_PORT={} LC_ALL=C.UTF-8; source {}/fusionctl.bash; "
                        "COMP_WORDS=({} {}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); "
                        "_fusionctl; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
                        port_, FUSION_CTL_COMPLETION, FUSION_CTL_PROGRAM, words));
    }
};

TEST_F(CtlBash, TheScriptIsSoundAndRegistersItself) {
    EXPECT_EQ(bash(fmt::format("bash -n {}/fusionctl.bash", FUSION_CTL_COMPLETION)), "");
    EXPECT_EQ(
        bash(fmt::format("source {}/fusionctl.bash; complete -p fusionctl", FUSION_CTL_COMPLETION)),
        "complete -F _fusionctl fusionctl\n");
}

TEST_F(CtlBash, OffersTheDaemonsGenresAndScenes) {
    EXPECT_EQ(offered("set weight/"), "weight/jazz\nweight/pop\n");
    EXPECT_EQ(offered("set scale pe"), "pentatonic\n");
    EXPECT_EQ(offered("scene recall ''"), "Strophe\\ 2\nchorus\nü\n") << "escaped for the shell";
    EXPECT_EQ(offered(R"(scene recall '"Str')"), "Strophe 2\n") << "within quotes as it is";
    EXPECT_EQ(offered(R"(scene recall 'Strophe\ ')"), "Strophe\\ 2\n");
    EXPECT_EQ(offered("get zzz"), "\n");
}
#endif

}  // namespace
}  // namespace fusion
