// fusionctl against a server of this process, over loopback.
#include "osc/ctl/command_line.hpp"

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <sstream>
#include <thread>

#include <sys/wait.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "osc/ctl/completion.hpp"
#include "osc/server.hpp"

namespace fusion {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using ctl::Exit;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

// The daemon's side: everything on a thread of its own.
class Daemon {
public:
    explicit Daemon(std::uint16_t port = 0) {
        for (const auto action : {ActionId::scene_save, ActionId::scene_recall, ActionId::learn})
            actions_.assign(action, [this, action](const ActionCall& call) -> Status {
                if (call.text == "gone") return fail(Error::Code::not_found, "no scene 'gone'");
                const std::scoped_lock lock{mutex_};
                calls_.push_back(fmt::format("{} '{}' {}", spec(action).name, call.text,
                                             call.number ? fmt::format("{}", *call.number) : "-"));
                return {};
            });
        auto opened =
            OscServer::open(io_, "127.0.0.1", port, "1.2.3", params_, actions_, meters_, time_);
        EXPECT_TRUE(opened) << opened.error().message;
        server_ = std::move(*opened);
        server_->names().add_verb(
            "/fusiond/scene/list", [](const OscMessage&, const OscReply& reply) {
                reply({"/fusiond/scene/list.reply",
                       {std::string{"Strophe 2"}, std::string{"chorus"}, std::string{"ü"}}});
            });
        params_.on_change([this](const ParamSnapshot&) { server_->publish_changes(); });
        turn();
        thread_ = std::thread{[this] { io_.run(); }};
    }
    ~Daemon() {
        io_.stop();
        thread_.join();
    }
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    std::vector<std::string> calls() {
        const std::scoped_lock lock{mutex_};
        return calls_;
    }

private:
    void turn() {
        timer_.expires_after(10ms);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (error) return;
            server_->turn();
            turn();
        });
    }

    asio::io_context io_;
    asio::steady_timer timer_{io_};
    MonotonicTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk actions_{params_};
    EngineMeters meters_;
    std::unique_ptr<OscServer> server_;
    std::mutex mutex_;
    std::vector<std::string> calls_;
    std::thread thread_;
};

class Ctl : public testing::Test {
protected:
    Exit run(
        std::vector<std::string> words,
        const ctl::Commands::Stopped& stopped = [] { return true; }) {
        out_.str("");
        problems_.str("");
        return run_at(port_, std::move(words), {out_, problems_}, stopped);
    }
    static Exit run_at(std::uint16_t port, std::vector<std::string> words,
                       ctl::Commands::Streams streams, const ctl::Commands::Stopped& stopped) {
        // Generous: the machine may be busy, and no test but one waits it out.
        const std::vector<std::string> head{"fusionctl", "--timeout", "30", "--port",
                                            std::to_string(port)};
        if (words.empty() || words[0] != "complete")
            words.insert(words.begin(), head.begin() + 1, head.end());
        std::vector<const char*> argv{"fusionctl"};
        for (const auto& word : words) argv.push_back(word.c_str());
        return ctl::run(static_cast<int>(argv.size()), argv.data(), streams, stopped);
    }
    [[nodiscard]] std::string said() const { return out_.str(); }
    [[nodiscard]] std::string problems() const { return problems_.str(); }
    std::string got(const std::string& path) {
        EXPECT_EQ(run({"get", path}), Exit::ok) << problems();
        return said();
    }

    std::unique_ptr<Daemon> daemon_ = std::make_unique<Daemon>();
    std::uint16_t port_ = daemon_->port();
    std::ostringstream out_, problems_;
};

TEST_F(Ctl, GetsOneValueBare) {
    EXPECT_EQ(run({"get", "tempo"}), Exit::ok);
    EXPECT_EQ(said(), "120\n");
    EXPECT_EQ(got("/fusiond/swing_grid"), "16th\n");
    EXPECT_EQ(got("temperature"), "1.1\n") << "as short as a float is";
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
    EXPECT_EQ(
        nlohmann::json::parse(said()),
        nlohmann::json::parse(
            R"({"tempo": 120, "swing_grid": "16th", "temperature": 1.1, "weights": [5, 5]})"));
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

TEST_F(Ctl, WatchesUntilItIsStopped) {
    std::ostringstream other_out, other_problems;
    const auto turn_knob = [&, n = 0]() mutable {
        for (const auto& [path, value] :
             {std::pair{"tempo", 60 + ++n}, {"weight/jazz", n % 2 == 0 ? 1 : 2}})
            run_at(port_, {"set", path, std::to_string(value)}, {other_out, other_problems}, {});
        return said().find("jazz 1") != std::string::npos;
    };
    EXPECT_EQ(run({"watch", "weight/*", "--streams", "changes,beat"}, turn_knob), Exit::ok);
    EXPECT_THAT(said(), AllOf(HasSubstr("weight/jazz 1\n"), Not(HasSubstr("tempo"))));
    EXPECT_EQ(other_problems.str(), "");
    EXPECT_EQ(run({"watch", "--streams", "gossip"}), Exit::refused);
    EXPECT_THAT(problems(), HasSubstr("note, beat"));
}

TEST_F(Ctl, WatchingGoesOnWhenTheDaemonComesBack) {
    std::ostringstream other_out, other_problems;
    int asked = 0;
    const auto stopped = [&] {
        if (++asked == 1) daemon_.reset();
        const bool missed = problems().find("nothing listens") != std::string::npos;
        if (missed && !daemon_) daemon_ = std::make_unique<Daemon>(port_);
        if (daemon_)
            run_at(port_, {"set", "tempo", std::to_string(60 + asked % 100)},
                   {other_out, other_problems}, {});
        return asked > 2000 || said().find("tempo") != std::string::npos;
    };
    EXPECT_EQ(run({"watch"}, stopped), Exit::ok);
    EXPECT_THAT(said(), HasSubstr("tempo "));
    EXPECT_THAT(problems(), HasSubstr("is back"));
}

TEST_F(Ctl, WhereNobodyListensItSaysWhatToLookAt) {
    daemon_.reset();
    for (const std::vector<std::string>& words : {std::vector<std::string>{"get", "tempo"},
                                                  {"set", "tempo", "90"},
                                                  {"panic"},
                                                  {"status"},
                                                  {"list"},
                                                  {"watch"},
                                                  {"scene", "list"}}) {
        EXPECT_EQ(run(words), Exit::no_answer) << words[0];
        EXPECT_THAT(problems(),
                    AllOf(HasSubstr("Is fusiond running"), HasSubstr("FUSIONCTL_PORT")));
    }
}

TEST_F(Ctl, WhereNobodyAnswersItWaitsNoLongerThanTold) {
    asio::io_context io;
    const udp::socket deaf{io, {asio::ip::make_address("127.0.0.1"), 0}};
    port_ = deaf.local_endpoint().port();
    EXPECT_EQ(run({"get", "tempo", "--timeout", "0.05"}), Exit::no_answer);
    EXPECT_THAT(problems(), HasSubstr("no answer from 127.0.0.1"));
    EXPECT_EQ(run({"get", "tempo", "--host", "no.such.host.invalid"}), Exit::no_answer);
    EXPECT_THAT(problems(), HasSubstr("no such host"));
}

TEST_F(Ctl, AnswersThatMakeNoSenseEndNothing) {
    asio::io_context io;
    udp::socket odd{io, {asio::ip::make_address("127.0.0.1"), 0}};
    port_ = odd.local_endpoint().port();
    std::thread peer{[&] {
        std::array<std::uint8_t, 65536> buffer{};
        udp::endpoint from;
        const auto size = odd.receive_from(asio::buffer(buffer), from);
        const auto asked = decode_osc(std::span{buffer}.first(size));
        const auto answer = [&](const OscMessage& message) {
            odd.send_to(asio::buffer(encode_osc(message)), from);
        };
        odd.send_to(asio::buffer(std::string{"\xff\xff\xff"}), from);
        answer({"/fail", {std::int32_t{1}}});
        answer({"/status.reply", {std::string{"\xff\xfe"}, 1.0F}});
        answer({"/version.reply", {}});
        answer({"/synced", {std::int32_t{-5}}});
        answer({"/synced", asked->back().args});
    }};
    EXPECT_EQ(run({"status", "--json"}), Exit::refused);
    EXPECT_TRUE(nlohmann::json::accept(said()));
    peer.join();
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

// --- Completion ---

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
