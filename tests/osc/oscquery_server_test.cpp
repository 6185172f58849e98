// The tree, and what is listened to.
#include <chrono>

#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

#include "tests/osc/oscquery_rig.hpp"

namespace fusion {
namespace {

namespace http = boost::beast::http;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST_F(OscQueryServing, ServesTheTree) {
    const auto response = get("/fusiond/tempo?VALUE");
    EXPECT_EQ(response.result_int(), 200U);
    EXPECT_EQ(response.body(), R"({"VALUE":[120.0]})");
    EXPECT_EQ(response[http::field::content_type], "application/json");
    EXPECT_EQ(response.count(http::field::access_control_allow_origin), 0U);
    EXPECT_EQ(get("/nonsense").result_int(), 404U);
    const auto none = get("/fusiond/play?VALUE");
    EXPECT_EQ(none.result_int(), 204U);
    EXPECT_EQ(none.find(http::field::content_length), none.end());
}

TEST_F(OscQueryServing, ABrowserMayHaveAPageWhereOthersHaveTheTree) {
    server_->show_pages([](const HttpRequest& request) {
        return HttpAnswer{request.path == "/" ? 200U : 404U, "text/html",
                          "page of " + request.path};
    });
    EXPECT_EQ(get("/", "text/html,*/*").body(), "page of /");
    EXPECT_EQ(get("/nonsense", "text/html").body(), "page of /nonsense");
    for (const auto* accept : {"", "*/*", "application/json"}) {
        EXPECT_THAT(get("/", accept).body(), HasSubstr("\"FULL_PATH\":\"/\"")) << accept;
        EXPECT_EQ(get("/", accept)[boost::beast::http::field::vary], "Accept");
    }
    // What the tree has is the tree's, for a browser too.
    EXPECT_THAT(get("/fusiond/tempo", "text/html").body(), HasSubstr("\"FULL_PATH\""));
    EXPECT_THAT(get("/?HOST_INFO", "text/html").body(), HasSubstr("OSC_PORT"));
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

TEST_F(OscQueryServing, EveryStreamOfTheCatalogueCanBeListenedToAndEachListenIsTold) {
    std::vector<std::string> told;
    server_->on_listen([&](std::string_view path) { told.emplace_back(path); });
    auto& client = connect();
    for (const auto* path : {"/fusiond/note", "/fusiond/beat", "/fusiond/proposal/jazz",
                             "/fusiond/planned", "/fusiond/planned/pop", "/fusiond/weights",
                             "/fusiond/scene", "/fusiond/learned", "/fusiond/late"}) {
        client.command("LISTEN", path);
        settle(client);
        client.heard.clear();
        EXPECT_TRUE(server_->wants(path));
        server_->publish({path, {1}});
        settle(client);
        EXPECT_THAT(client.heard, ElementsAre(std::string{path} + " 1"));
        ASSERT_FALSE(told.empty());
        EXPECT_EQ(told.back(), path);
    }
    EXPECT_EQ(told.size(), 9U);
    client.command("LISTEN", "/fusiond/tempo");
    settle(client);
    EXPECT_EQ(told.size(), 9U) << "a parameter is no stream";
}

TEST_F(OscQueryServing, OfWhatWaitsOnlyTheLatestIsSentWhereOnlyThatMatters) {
    auto& client = connect();
    client.command("LISTEN", "/fusiond/planned");
    settle(client);
    // The first one leaves at once; the others wait for it.
    for (int i = 0; i < 100; ++i) server_->publish_latest({"/fusiond/planned", {i}});
    settle(client);
    EXPECT_THAT(client.heard, ElementsAre("/fusiond/planned 0", "/fusiond/planned 99"));
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

TEST_F(OscQueryServing, AddressesTakeTurnsWithTheirRequestsToo) {
    using boost::asio::ip::tcp;
    std::string order;
    server_->http().add({"/long", [&](const HttpRequest& request) {
                             order += request.path.back();
                             // Longer than a turn.
                             const auto until =
                                 std::chrono::steady_clock::now() + std::chrono::milliseconds{3};
                             while (std::chrono::steady_clock::now() < until) continue;
                             return HttpAnswer{200, "text/plain", "done"};
                         }});
    std::vector<tcp::socket> sockets;
    for (const auto* address : {"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.2"}) {
        sockets.emplace_back(io_, tcp::endpoint{boost::asio::ip::make_address(address), 0});
        sockets.back().connect({boost::asio::ip::make_address("127.0.0.1"), server_->port()});
        until([&] { return server_->http().connections() == sockets.size(); });
    }
    for (std::size_t i = 0; i < sockets.size(); ++i)
        boost::asio::write(sockets[i], boost::asio::buffer(fmt::format(
                                           "GET /long/{} HTTP/1.1\r\nHost: localhost\r\n\r\n", i)));
    until([&] { return order.size() == sockets.size(); });
    EXPECT_LT(order.find('4'), 2U) << "asked last, and its machine's first: " << order;
}

}  // namespace
}  // namespace fusion
