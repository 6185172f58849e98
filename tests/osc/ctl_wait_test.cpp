// What comes late, not at all, or makes no sense.
#include <array>
#include <thread>

#include <boost/asio/ip/udp.hpp>
#include <nlohmann/json.hpp>

#include "osc/ctl/client.hpp"
#include "tests/osc/ctl_rig.hpp"

namespace fusion {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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

TEST_F(Ctl, ADaemonOfAnotherMachineIsShownThatItsAnswersArrive) {
    Daemon other{0, {.lets_in = {}, .is_own = [](const auto&) { return false; }}};
    const auto answers = [&](OscClient::Hello hello, const char* path) {
        auto client = OscClient::open("127.0.0.1", other.port(), hello);
        if (!client) return std::size_t{0};
        const auto said = client->ask({{path, {}}}, std::chrono::seconds{30});
        return said ? said->size() : std::size_t{0};
    };
    EXPECT_EQ(answers(OscClient::Hello::to_other_machines, "/status"), 0U) << "it is only asked";
    EXPECT_EQ(answers(OscClient::Hello::always, "/status"), 1U);
    EXPECT_GT(answers(OscClient::Hello::always, "/fusiond/help"), 50U);
    auto client = OscClient::open("127.0.0.1", other.port());
    ASSERT_TRUE(client);
    const auto subscribed = client->ask({{"/fusiond/subscribe", {60}}}, std::chrono::seconds{30});
    ASSERT_TRUE(subscribed);
    const auto done = client->receive(OscClient::Clock::now() + std::chrono::seconds{30});
    ASSERT_TRUE(done && *done);
    EXPECT_EQ((*done)->path, "/done") << "a stream begins when the question was answered";
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

}  // namespace
}  // namespace fusion
