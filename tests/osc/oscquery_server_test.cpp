// Against Beast's own WebSocket client, and against bytes by hand where a client would not send
// them.
#include "osc/oscquery_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/time_source.hpp"
#include "tests/osc/websocket_client.hpp"
#include "tests/support/eventually.hpp"

namespace fusion {
namespace {

namespace http = boost::beast::http;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Client = WebSocketClient;

class OscQueryServing : public testing::Test {
protected:
    void SetUp() override { open(); }
    void open(HttpLimits limits = {}) {
        auto opened =
            OscQueryServer::open(io_, "127.0.0.1", 0, {"fusiond on test", "1.2.3", "0.0.0.0", 9700},
                                 params_, names_, limits);
        ASSERT_TRUE(opened) << opened.error().message;
        server_ = std::move(*opened);
    }
    // Sockets must not outlive what they are called back through.
    ~OscQueryServing() override {
        server_.reset();
        for (auto& client : clients_) client.stream().next_layer().close();
        io_.restart();
        io_.run_for(1s);
    }

    template <class Condition>
    void until(Condition&& condition) {
        ASSERT_TRUE(test::eventually(condition, [this] {
            io_.restart();
            io_.run_for(1ms);
            if (server_ != nullptr) server_->turn();
        }));
    }

    Client& connect(Client::Ear ear = Client::Ear::open) {
        clients_.emplace_back(io_, server_->port(), ear);
        auto& client = clients_.back();
        until([&] { return client.shaken; });
        return client;
    }

    // All that a client said so far is done and all that it is to hear has come: /sync keeps the
    // order, and what a turn sends goes ahead of it.
    void settle(Client& client) {
        until([&] { return client.all_is_sent(); });
        io_.restart();
        io_.run_for(2ms);
        server_->turn();
        const auto mark = fmt::format("/synced {}", ++syncs_);
        client.osc({"/sync", {syncs_}});
        until([&] {
            return client.closed || (!client.heard.empty() && client.heard.back() == mark);
        });
        if (!client.closed) client.heard.pop_back();
    }

    http::response<http::string_body> get(const std::string& target) {
        tcp::socket socket{io_};
        socket.connect({boost::asio::ip::make_address("127.0.0.1"), server_->port()});
        http::request<http::empty_body> request{http::verb::get, target, 11};
        request.set(http::field::host, "localhost");
        http::write(socket, request);
        http::response<http::string_body> response;
        boost::beast::flat_buffer buffer;
        bool done = false;
        http::async_read(socket, buffer, response, [&](const error_code& error, std::size_t) {
            EXPECT_FALSE(error) << error.message();
            done = true;
        });
        until([&] { return done; });
        return response;
    }

    boost::asio::io_context io_;
    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk actions_{params_};
    OscNamespace names_{params_, actions_};
    std::unique_ptr<OscQueryServer> server_;
    std::deque<Client> clients_;
    std::int32_t syncs_ = 0;

    OscQueryServing() {
        names_.add_verb("/sync", [](const OscMessage& message, const OscReply& reply) {
            reply({"/synced", message.args});
        });
        params_.on_change([this](const ParamSnapshot&) {
            if (server_ != nullptr) server_->publish_changes();
        });
    }
};

TEST_F(OscQueryServing, ServesTheTreeToAnyPage) {
    const auto response = get("/fusiond/tempo?VALUE");
    EXPECT_EQ(response.result_int(), 200U);
    EXPECT_EQ(response.body(), R"({"VALUE":[120.0]})");
    EXPECT_EQ(response[http::field::content_type], "application/json");
    EXPECT_EQ(response[http::field::access_control_allow_origin], "*");
    EXPECT_EQ(get("/nonsense").result_int(), 404U);
    const auto none = get("/fusiond/play?VALUE");
    EXPECT_EQ(none.result_int(), 204U);
    EXPECT_EQ(none.find(http::field::content_length), none.end());
}

TEST_F(OscQueryServing, HostInfoSaysWhereOscAndWebSocketAre) {
    const auto info = json::parse(get("/anything/at/all?HOST_INFO").body());
    EXPECT_EQ(info.at("NAME"), "fusiond on test");
    EXPECT_EQ(info.at("OSC_IP"), "127.0.0.1");
    EXPECT_EQ(info.at("OSC_PORT"), 9700);
    EXPECT_EQ(info.at("WS_PORT"), server_->port());
}

TEST_F(OscQueryServing, ListenBringsTheValueAndThenEachChange) {
    auto& client = connect();
    client.command("LISTEN", "/fusiond/tempo");
    settle(client);
    EXPECT_THAT(client.heard, ElementsAre("/fusiond/tempo 120"));
    params_.set("tempo", 93.0);
    params_.set("weight/jazz", 1.0);
    settle(client);
    EXPECT_THAT(client.heard, ElementsAre("/fusiond/tempo 120", "/fusiond/tempo 93"));
    client.command("IGNORE", "/fusiond/tempo");
    settle(client);
    params_.set("tempo", 94.0);
    settle(client);
    EXPECT_EQ(client.heard.size(), 2U);
}

TEST_F(OscQueryServing, AChangeGoesToAllWhoListenAndToNobodyElse) {
    auto& one = connect();
    auto& two = connect();
    auto& other = connect();
    one.command("LISTEN", "/fusiond/scale");
    two.command("LISTEN", "/fusiond/scale");
    other.command("LISTEN", "/fusiond/key");
    for (auto* client : {&one, &two, &other}) {
        settle(*client);
        client->heard.clear();
    }
    params_.set(ParamId::scale, *find_word(spec(ParamId::scale).words, "dorian"));
    for (auto* client : {&one, &two, &other}) settle(*client);
    EXPECT_THAT(one.heard, ElementsAre("/fusiond/scale dorian"));
    EXPECT_THAT(two.heard, ElementsAre("/fusiond/scale dorian"));
    EXPECT_THAT(other.heard, IsEmpty());
}

TEST_F(OscQueryServing, OscOverTheSocketIsDoneAndAnsweredThere) {
    auto& client = connect();
    auto& other = connect();
    client.osc({"/fusiond/tempo", {90.0F}});
    client.osc({"/fusiond/tempo", {}});
    client.osc({"/fusiond/nonsense", {1}});
    settle(client);
    settle(other);
    EXPECT_EQ(params_.current().real(ParamId::tempo), 90.0);
    ASSERT_EQ(client.heard.size(), 2U);
    EXPECT_EQ(client.heard[0], "/fusiond/tempo 90");
    EXPECT_THAT(client.heard[1], HasSubstr("/fail /fusiond/nonsense unknown path"));
    EXPECT_THAT(other.heard, IsEmpty());
}

TEST_F(OscQueryServing, ABundleIsDoneAtOnceWhateverItsTimeTagSays) {
    auto& client = connect();
    std::string bundle{"#bundle\0\xFF\xFF\xFF\xFF\0\0\0\0", 16};
    for (const auto* path : {"/fusiond/weight/jazz", "/fusiond/weight/pop"}) {
        const auto bytes = encode_osc({path, {2.0F}});
        bundle += std::string{"\0\0\0", 3} + static_cast<char>(bytes.size());
        bundle.append(bytes.begin(), bytes.end());
    }
    client.binary(bundle);
    settle(client);
    EXPECT_EQ(params_.current().weights.value[0], 2.0F);
    EXPECT_EQ(params_.current().weights.value[1], 2.0F);
    EXPECT_THAT(client.heard, IsEmpty());
}

TEST_F(OscQueryServing, WhatCannotBeDoneIsToldAndTheSocketStaysOpen) {
    auto& client = connect();
    client.command("LISTEN", "/fusiond/nonsense");
    client.command("LISTEN", "/fusiond");
    client.command("LISTEN", "/fusiond/play");
    client.command("DANCE", "/fusiond/tempo");
    client.text("hello");
    client.text("");
    client.text("[1, 2]");
    client.text(R"({"COMMAND": 1, "DATA": 2})");
    client.text(std::string(60'000, '['));
    client.binary("no OSC");
    client.binary("");
    client.osc({"/notify", {1}});
    client.osc({"/Notify/", {1}});
    client.osc({"/fusiond/Subscribe", {1}});
    client.command("IGNORE", "/fusiond/nonsense");
    settle(client);
    ASSERT_EQ(client.heard.size(), 14U);
    for (const auto& answer : client.heard) EXPECT_THAT(answer, testing::StartsWith("/fail "));
    EXPECT_THAT(client.heard[0], HasSubstr("/fusiond/nonsense LISTEN: there is no such path"));
    EXPECT_THAT(client.heard[2], HasSubstr("has no value"));
    EXPECT_THAT(client.heard[4], HasSubstr(R"({"COMMAND": "LISTEN")"));
    EXPECT_FALSE(client.closed);
}

TEST_F(OscQueryServing, TextAndPathsInAnyCaseAreUnderstoodAsOverUdp) {
    auto& client = connect();
    client.command("LISTEN", "/fusiond/Tempo/");
    client.osc({"/fusiond/tempo", {std::string{"96"}}});
    client.osc({"/fusiond/Key", {std::string{"D dorian"}}});
    settle(client);
    EXPECT_THAT(client.heard, testing::UnorderedElementsAre(
                                  "/fusiond/tempo 120", "/fusiond/tempo 96", "/fusiond/tempo 96",
                                  "/fusiond/key D", "/fusiond/scale dorian"))
        << "the answer, and what it listens to";
    client.heard.clear();
    client.command("IGNORE", "/Fusiond/tempo");
    params_.set("tempo", 97.0).value();
    settle(client);
    EXPECT_THAT(client.heard, IsEmpty());
    EXPECT_EQ(get("/fusiond/Tempo/?VALUE").body(), R"({"VALUE":[97.0]})");
}

TEST_F(OscQueryServing, AStreamGoesMessageByMessageToWhoListens) {
    auto& client = connect();
    auto& other = connect();
    client.command("LISTEN", "/fusiond/note");
    settle(client);
    EXPECT_TRUE(server_->wants("/fusiond/note"));
    EXPECT_FALSE(server_->wants("/fusiond/beat"));
    for (int pitch : {60, 64, 67}) server_->publish({"/fusiond/note", {pitch}});
    settle(client);
    settle(other);
    EXPECT_THAT(client.heard,
                ElementsAre("/fusiond/note 60", "/fusiond/note 64", "/fusiond/note 67"));
    EXPECT_THAT(other.heard, IsEmpty());
}

TEST_F(OscQueryServing, EverybodyIsToldOfAPathThatChanged) {
    auto& client = connect();
    server_->path_changed("/fusiond/scene");
    server_->path_changed("/fusiond/scene/a", OscQueryServer::PathNews::added);
    server_->path_changed("/fusiond/scene/b", OscQueryServer::PathNews::removed);
    settle(client);
    EXPECT_THAT(client.heard,
                ElementsAre(R"({"COMMAND":"PATH_CHANGED","DATA":"/fusiond/scene"})",
                            R"({"COMMAND":"PATH_ADDED","DATA":"/fusiond/scene/a"})",
                            R"({"COMMAND":"PATH_REMOVED","DATA":"/fusiond/scene/b"})"));
}

TEST_F(OscQueryServing, TheScenesThereAreAreTheRangeOfTheirPathAndAChangeOfThemIsTold) {
    auto& client = connect();
    server_->words_are("/fusiond/scene/recall", {"verse", "chorus"});
    settle(client);
    EXPECT_THAT(client.heard,
                ElementsAre(R"({"COMMAND":"PATH_CHANGED","DATA":"/fusiond/scene/recall"})"));
    const auto range = json::parse(get("/fusiond/scene/recall?RANGE").body()).at("RANGE").at(0);
    EXPECT_EQ(range.at("VALS"), (json{"verse", "chorus"}));
    server_->words_are("/fusiond/scene/recall", {});
    EXPECT_THAT(get("/fusiond/scene/recall").body(), Not(HasSubstr("verse")));
}

TEST_F(OscQueryServing, ASlowReaderLosesWhatIsBetweenAndNeverTheLastValue) {
    auto& slow = connect(Client::Ear::shut);
    for (const auto& parameter : params_.parameters())
        slow.command("LISTEN", "/fusiond/" + parameter.tail);
    slow.command("LISTEN", "/fusiond/note");
    until([&] { return slow.all_is_sent(); });
    // Far more than the system's buffers and the outbox hold.
    const std::string much(20'000, 'x');
    for (int i = 0; i < 2000; ++i) {
        params_.set("tempo", 100.0 + 0.1 * i);
        params_.set("weight/jazz", i % 10);
        server_->turn();
        server_->publish({"/fusiond/note", {i, much}});
        io_.restart();
        io_.poll();
    }
    slow.read();
    until([&] {
        const auto has = [&](std::string_view words) {
            return std::any_of(slow.heard.begin(), slow.heard.end(),
                               [&](const auto& line) { return line.starts_with(words); });
        };
        return has("/fusiond/tempo 299.9") && has("/fusiond/note 1999 ") &&
               has("/fusiond/weight/jazz 9");
    });
    EXPECT_LT(slow.heard.size(), 2000U);
    EXPECT_FALSE(slow.closed);
}

TEST_F(OscQueryServing, AsManyQuestionsAsAClientLikesAreAllAnsweredInTheirOrder) {
    auto& client = connect();
    for (int i = 0; i < 5000; ++i) client.osc({"/sync", {i}});
    until([&] { return client.heard.size() == 5000; });
    for (int i = 0; i < 5000; ++i) ASSERT_EQ(client.heard[i], fmt::format("/synced {}", i));
}

TEST_F(OscQueryServing, AMessageMayComeInFragmentsAndWithPings) {
    auto& client = connect();
    const std::string text = R"({"COMMAND":"LISTEN","DATA":"/fusiond/tempo"})";
    // By hand, with a mask of zeros: text that goes on, a ping between, the rest.
    std::string bytes{"\x01\x8A\0\0\0\0", 6};
    bytes += text.substr(0, 10);
    bytes += std::string{"\x89\x80\0\0\0\0", 6};
    bytes += std::string{"\x80", 1} + static_cast<char>(0x80 | (text.size() - 10)) +
             std::string(4, '\0') + text.substr(10);
    boost::asio::write(client.stream().next_layer(), boost::asio::buffer(bytes));
    until([&] { return !client.heard.empty(); });
    EXPECT_THAT(client.heard, ElementsAre("/fusiond/tempo 120"));
}

TEST_F(OscQueryServing, ABrokenFrameClosesItsSocketAndNoOther) {
    auto& other = connect();
    const std::vector<std::string> broken{
        {"\x82\x01\x00", 3},                                       // unmasked
        {"\xF2\x80\0\0\0\0", 6},                                   // reserved bits
        {"\x83\x80\0\0\0\0", 6},                                   // an opcode that is none
        {"\x80\x80\0\0\0\0", 6},                                   // goes on with nothing
        {"\x89\xFE\0\x80\0\0\0\0", 8},                             // a ping that is too long
        {"\x09\x80\0\0\0\0", 6},                                   // a ping in fragments
        {"\x82\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0", 14},  // nine exabytes
        {"\x82\xFF\0\0\0\0\0\1\0\1\0\0\0\0", 14},                  // 65,537 bytes
        {"\x81\x82\0\0\0\0\xC3\x28", 8},                           // text that is no UTF-8
        {"\x88\x81\0\0\0\0\0", 7},                                 // a close with half a code
    };
    for (const auto& bytes : broken) {
        auto& client = connect();
        boost::asio::write(client.stream().next_layer(), boost::asio::buffer(bytes));
        until([&] { return client.closed; });
    }
    // A frame that begins and is cut off, at every byte.
    const std::string whole{"\x82\x84\0\0\0\0/a\0\0", 10};
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        auto& client = connect();
        boost::asio::write(client.stream().next_layer(), boost::asio::buffer(whole.data(), cut));
        client.stream().next_layer().close();
    }
    until([&] { return server_->listeners() == 1; });
    other.osc({"/fusiond/tempo", {}});
    settle(other);
    EXPECT_THAT(other.heard, ElementsAre("/fusiond/tempo 120"));
}

TEST_F(OscQueryServing, AMessageOfTheLargestSizeIsTaken) {
    auto& client = connect();
    client.text(std::string(65'536, ' '));
    settle(client);
    EXPECT_EQ(client.heard.size(), 1U);
    client.text(std::string(65'537, ' '));
    until([&] { return client.closed; });
}

TEST_F(OscQueryServing, TheThirtyThirdSocketIsRefused) {
    for (int i = 0; i < 32; ++i) connect();
    EXPECT_EQ(server_->listeners(), 32U);
    auto& refused = connect();
    EXPECT_TRUE(refused.closed);
    EXPECT_EQ(refused.response().result_int(), 503U);
    // HTTP goes on beside them, and a place that is left can be had again.
    EXPECT_EQ(get("/").result_int(), 200U);
    clients_.front().stream().next_layer().close();
    until([&] { return server_->listeners() == 31; });
    EXPECT_FALSE(connect().closed);
}

TEST_F(OscQueryServing, ASocketThatAnswersNoPingIsClosed) {
    server_.reset();
    open({.idle = 100ms});
    auto& deaf = connect(Client::Ear::shut);
    auto& alive = connect();
    ASSERT_FALSE(deaf.closed);
    until([&] { return server_->listeners() == 1; });
    settle(alive);
    EXPECT_FALSE(alive.closed);
}

TEST_F(OscQueryServing, TheServerMayGoWhileSocketsAreOpen) {
    auto& client = connect();
    client.command("LISTEN", "/fusiond/note");
    settle(client);
    server_->publish({"/fusiond/note", {1}});
    server_.reset();
    until([&] { return client.closed; });
}

TEST_F(OscQueryServing, AnAnswerThatComesWhenTheSocketHasGoneIsDropped) {
    OscReply kept;
    names_.add_verb("/later", [&](const OscMessage&, const OscReply& reply) { kept = reply; });
    auto& client = connect();
    client.osc({"/later", {}});
    settle(client);
    kept({"/now", {}});
    settle(client);
    EXPECT_THAT(client.heard, ElementsAre("/now"));
    client.stream().next_layer().close();
    until([&] { return server_->listeners() == 0; });
    kept({"/too_late", {}});
}

}  // namespace
}  // namespace fusion
