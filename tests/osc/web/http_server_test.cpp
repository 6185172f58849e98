// Against clients that write bytes by hand: what curl would never send is what matters here.
#include "osc/web/http_server.hpp"
#include "osc/web/http_origin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "tests/support/eventually.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Http : public testing::Test {
protected:
    void open(HttpLimits limits = {}, HttpAccess access = {}) {
        auto opened =
            HttpServer::open(io_, "127.0.0.1", 0, "test/1", limits, {}, std::move(access));
        ASSERT_TRUE(opened) << opened.error().message;
        server_ = std::move(*opened);
        server_->add({"/", [](const HttpRequest& request) {
                          return HttpAnswer{200, "text/plain", request.path + "|" + request.query};
                      }});
        server_->add({"/panel", [](const HttpRequest&) {
                          return HttpAnswer{200, "text/html", "panel"};
                      }});
    }

    // Turns the server until this is so.
    template <class Condition>
    void until(Condition&& condition) {
        ASSERT_TRUE(test::eventually(condition, [this] {
            io_.restart();
            io_.run_for(1ms);
        }));
    }

    [[nodiscard]] tcp::socket connect() {
        tcp::socket socket{io_};
        socket.connect({boost::asio::ip::make_address("127.0.0.1"), server_->port()});
        socket.non_blocking(true);
        return socket;
    }

    static void say(tcp::socket& socket, std::string_view text) {
        error_code ignored;
        boost::asio::write(socket, boost::asio::buffer(text.data(), text.size()), ignored);
    }

    // Everything that came, with what ended it.
    struct Heard {
        std::string text;
        error_code end;
    };
    static void listen(tcp::socket& socket, Heard& heard) {
        std::array<char, 4096> some{};
        error_code error;
        const auto size = socket.read_some(boost::asio::buffer(some), error);
        if (!error) heard.text.append(some.data(), size);
        if (error && error != boost::asio::error::would_block) heard.end = error;
    }

    std::string ask(tcp::socket& socket, std::string_view request, std::string_view last) {
        say(socket, request);
        Heard heard;
        until([&] {
            listen(socket, heard);
            return heard.text.ends_with(last) || heard.end;
        });
        return heard.text;
    }

    // Asks, and says all that comes until the server ends the connection.
    std::string ask_once(std::string_view request) {
        auto socket = connect();
        say(socket, request);
        Heard heard;
        until([&] {
            listen(socket, heard);
            return static_cast<bool>(heard.end);
        });
        EXPECT_EQ(heard.end, boost::asio::error::eof) << request.substr(0, 80);
        return heard.text;
    }

    static std::string get(const std::string& target, const std::string& more = {}) {
        return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", target, more);
    }

    boost::asio::io_context io_;
    std::unique_ptr<HttpServer> server_;
};

TEST_F(Http, AnswersOneAfterTheOtherOnOneConnection) {
    open();
    auto socket = connect();
    EXPECT_THAT(ask(socket, get("/a?b"), "/a|b"), StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(ask(socket, get("/c%20d"), "/c d|"), HasSubstr("Content-Length: 5\r\n"));
    // Both at once.
    EXPECT_THAT(ask(socket, get("/e") + get("/f"), "/f|"), HasSubstr("/e|"));
    EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(Http, TheLongestRouteThatFitsAnswers) {
    open();
    auto socket = connect();
    EXPECT_THAT(ask(socket, get("/panel"), "panel"), HasSubstr("text/html"));
    EXPECT_THAT(ask(socket, get("/panel/x.js"), "panel"), HasSubstr("text/html"));
    EXPECT_THAT(ask(socket, get("/panels"), "/panels|"), HasSubstr("text/plain"));
}

TEST_F(Http, WhatTheClientCanReadAndHasAlreadyReachesWhoAnswers) {
    open();
    server_->add({"/page", [](const HttpRequest& request) {
                      if (!request.has.empty()) return HttpAnswer{304, "", "", {{"ETag", "x"}}};
                      return HttpAnswer{200, "text/plain", wants_page(request) ? "page" : "tree"};
                  }});
    auto socket = connect();
    ask(socket, get("/page", "Accept: text/html,*/*\r\n"), "page");
    ask(socket, get("/page", "Accept: application/json\r\n"), "tree");
    ask(socket, get("/page"), "tree");
    // Without a length: a client would wait for a body that does not come.
    const auto same = ask_once(
        "GET /page HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"x\"\r\nConnection: "
        "close\r\n\r\n");
    EXPECT_THAT(same, StartsWith("HTTP/1.1 304 Not Modified\r\n"));
    EXPECT_THAT(same, testing::Not(HasSubstr("Content-Length")));
    EXPECT_THAT(same, testing::EndsWith("\r\n\r\n"));
}

TEST_F(Http, HeadSaysHowLongTheAnswerWouldBeAndSendsNone) {
    open();
    const auto said =
        ask_once("HEAD /abc HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(said, HasSubstr("Content-Length: 5\r\n"));
    EXPECT_THAT(said, testing::EndsWith("\r\n\r\n"));
}

TEST_F(Http, AnswersWhoSpeaksHttp1Point0) {
    open();
    EXPECT_THAT(ask_once("GET /abc HTTP/1.0\r\n\r\n"), HasSubstr("/abc|"));
}

TEST_F(Http, RefusesWhatIsNoGet) {
    open();
    for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
        const auto said = ask_once(
            fmt::format("{} / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", method));
        EXPECT_THAT(said, StartsWith("HTTP/1.1 405 ")) << method;
        EXPECT_THAT(said, HasSubstr("Allow: GET, HEAD\r\n")) << method;
    }
    EXPECT_THAT(ask_once("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"),
                StartsWith("HTTP/1.1 405 "));
    EXPECT_THAT(ask_once(get("/", "Content-Length: 3\r\n") + "abc"), StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(ask_once(get("/", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n"),
                StartsWith("HTTP/1.1 413 "));
}

TEST_F(Http, RefusesWhatIsNoHttp) {
    open();
    EXPECT_THAT(ask_once("hello\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(ask_once("GET / HTTP/1.1\r\nHost localhost\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(ask_once("GET / HTTP/1.1\r\n\r\n"), HasSubstr(" 400 "));
    EXPECT_THAT(ask_once(get("/%zz", "Connection: close\r\n")), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(ask_once(std::string("\0\xFF\x16\x03\x01\r\n\r\n", 9)), HasSubstr(" 400 "));
}

TEST_F(Http, RefusesAHeadThatIsTooLong) {
    open();
    EXPECT_THAT(ask_once(get("/", "X: " + std::string(9000, 'x') + "\r\n")),
                StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(ask_once(get("/" + std::string(30'000, 'x'))), StartsWith("HTTP/1.1 431 "));
    auto socket = connect();
    EXPECT_THAT(ask(socket, get("/a", "X: " + std::string(7000, 'x') + "\r\n"), "/a|"),
                StartsWith("HTTP/1.1 200 "));
}

TEST_F(Http, RefusesAHostThatMayBeAStrangersName) {
    open();
    EXPECT_THAT(ask_once("GET / HTTP/1.1\r\nHost: evil.example:9701\r\n\r\n"),
                StartsWith("HTTP/1.1 403 "));
    auto socket = connect();
    EXPECT_THAT(
        ask(socket, "GET /a HTTP/1.1\r\nHost: " + own_host_name() + ".local:9701\r\n\r\n", "/a|"),
        StartsWith("HTTP/1.1 200 "));
}

TEST_F(Http, OnlyPagesThatMayAreToldThatTheyMayRead) {
    open();
    const auto asked_from = [&](const std::string& origin) {
        return ask_once("GET /a HTTP/1.1\r\nHost: 127.0.0.1:9701\r\nConnection: close\r\nOrigin: " +
                        origin + "\r\n\r\n");
    };
    EXPECT_THAT(asked_from("http://127.0.0.1:9701"),
                HasSubstr("Access-Control-Allow-Origin: http://127.0.0.1:9701\r\n"));
    for (const auto* stranger : {"null", "http://203.0.113.5", "http://evil.local"}) {
        const auto answer = asked_from(stranger);
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 ")) << "the browser keeps it from the page";
        EXPECT_THAT(answer, Not(HasSubstr("Access-Control-Allow-Origin")));
        EXPECT_THAT(answer, HasSubstr("Vary: Origin\r\n"));
    }
}

TEST_F(Http, HasNoWebSocketWhereNobodyTakesOne) {
    open();
    EXPECT_THAT(ask_once(get("/",
                             "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")),
                StartsWith("HTTP/1.1 404 "));
}

TEST_F(Http, ACutRequestEndsItsConnectionAndNoOther) {
    open();
    auto other = connect();
    const auto request = get("/a", "X: y\r\n");
    for (std::size_t cut = 0; cut < request.size(); ++cut) {
        auto socket = connect();
        say(socket, request.substr(0, cut));
    }
    until([&] { return server_->connections() == 1; });
    EXPECT_THAT(ask(other, get("/b"), "/b|"), HasSubstr(" 200 "));
}

TEST_F(Http, AClientThatAsksAndLeavesCostsNothing) {
    open();
    for (int i = 0; i < 200; ++i) {
        auto socket = connect();
        say(socket, get("/a") + get("/b"));
        if (i % 2 == 0) socket.set_option(tcp::socket::linger{true, 0});  // leaves with a reset
    }
    auto last = connect();
    EXPECT_THAT(ask(last, get("/b"), "/b|"), HasSubstr(" 200 "));
    until([&] { return server_->connections() == 1; });
}

TEST_F(Http, AnIdleConnectionAndHalfARequestEndInTime) {
    open({.idle = 50ms});
    auto idle = connect();
    auto half = connect();
    say(half, "GET / HT");
    until([&] { return server_->connections() == 2; });
    Heard from_idle;
    Heard from_half;
    until([&] {
        listen(idle, from_idle);
        listen(half, from_half);
        return from_idle.end && from_half.end;
    });
    EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(Http, AByteNowAndThenIsNotARequestInTime) {
    open({.idle = 100ms});
    auto slow = connect();
    Heard heard;
    const std::string request = get("/", "X: " + std::string(100'000, 'x'));
    std::size_t said = 0;
    until([&] {
        if (said < 4000) say(slow, request.substr(said++, 1));
        listen(slow, heard);
        return static_cast<bool>(heard.end);
    });
    EXPECT_EQ(heard.text, "");
    EXPECT_LT(said, 4000U);
}

TEST_F(Http, ThoseWhoAskAtOnceAreAllAnsweredHoweverManyTheyAre) {
    open({.connections = 64});
    std::vector<tcp::socket> sockets;
    for (int i = 0; i < 100; ++i) {
        sockets.push_back(connect());
        say(sockets.back(), get(fmt::format("/{}", i), "Connection: close\r\n"));
    }
    std::vector<Heard> heard(sockets.size());
    until([&] {
        EXPECT_LE(server_->connections(), 64U);
        std::size_t ended = 0;
        for (std::size_t i = 0; i < sockets.size(); ++i) {
            if (!heard[i].end) listen(sockets[i], heard[i]);
            if (heard[i].end) ++ended;
        }
        return ended == sockets.size();
    });
    for (std::size_t i = 0; i < heard.size(); ++i)
        EXPECT_THAT(heard[i].text, testing::EndsWith(fmt::format("/{}|", i)));
}

TEST_F(Http, ConnectionsThatSayNothingMakeRoomForThoseThatAsk) {
    open({.connections = 4, .patience = 20ms});
    std::vector<tcp::socket> silent;
    for (int i = 0; i < 12; ++i) {
        silent.push_back(connect());
        say(silent.back(), "GET /");
    }
    auto socket = connect();
    EXPECT_THAT(ask(socket, get("/a"), "/a|"), HasSubstr(" 200 "));
}

// 31 s, when an answer that nobody took held its place for as long as a silent connection.
TEST_F(Http, ConnectionsThatDoNotTakeTheirAnswerMakeRoomForThoseThatDo) {
    open({.connections = 4, .idle = 60s, .write = 60s, .patience = 20ms});
    server_->add(
        {"/much", [](const HttpRequest&) {
             return HttpAnswer{200, "text/plain", std::string(std::size_t{16} << 20U, 'x')};
         }});
    std::vector<tcp::socket> deaf;
    for (int i = 0; i < 6; ++i) {
        deaf.push_back(connect());
        say(deaf.back(), get("/much"));
    }
    auto socket = connect();
    EXPECT_THAT(ask(socket, get("/a"), "/a|"), HasSubstr(" 200 "));
}

TEST_F(Http, AnAnswerThatIsNotTakenInTimeEndsItsConnection) {
    open({.idle = 60s, .write = 50ms});
    server_->add(
        {"/much", [](const HttpRequest&) {
             return HttpAnswer{200, "text/plain", std::string(std::size_t{16} << 20U, 'x')};
         }});
    auto deaf = connect();
    say(deaf, get("/much"));
    until([&] { return server_->connections() == 1; });
    until([&] { return server_->connections() == 0; });
}

TEST_F(Http, OneAddressLeavesRoomForOthers) {
    open({.connections = 8, .connections_of_one = 3, .patience = 60s});
    std::vector<tcp::socket> silent;
    for (int i = 0; i < 6; ++i) silent.push_back(connect());
    until([&] { return server_->connections() == 3; });
    // Another address of this machine.
    tcp::socket other{io_, tcp::endpoint{boost::asio::ip::make_address("127.0.0.2"), 0}};
    other.connect({boost::asio::ip::make_address("127.0.0.1"), server_->port()});
    other.non_blocking(true);
    EXPECT_THAT(ask(other, get("/a"), "/a|"), HasSubstr(" 200 "));
    EXPECT_EQ(server_->connections(), 4U);
    // Those who were too many come in when others leave.
    silent.erase(silent.begin(), silent.begin() + 3);
    EXPECT_THAT(ask(silent.back(), get("/b"), "/b|"), HasSubstr(" 200 "));
}

TEST_F(Http, WhereTurnsAreSharedOutARequestIsAnsweredInItsTurn) {
    open();
    std::vector<HttpTurn> turns;
    server_->in_turns([&](HttpTurn turn) { turns.push_back(std::move(turn)); });
    auto one = connect();
    auto two = connect();
    say(one, get("/1") + get("/2"));
    say(two, get("/3"));
    until([&] { return turns.size() == 2; });
    EXPECT_EQ(turns[0].of.to_string(), "127.0.0.1");
    EXPECT_NE(turns[0].connection, turns[1].connection);
    Heard heard;
    listen(one, heard);
    EXPECT_EQ(heard.text, "");
    const auto first = turns[0].connection;
    std::exchange(turns[0].take, {})();
    until([&] { return turns.size() == 3; });
    EXPECT_EQ(turns[2].connection, first) << "its second is read when the first is answered";
    two.close();
    for (auto& turn : turns)
        if (turn.take) std::exchange(turn.take, {})();
    until([&] {
        listen(one, heard);
        return heard.text.ends_with("/2|");
    });
    EXPECT_THAT(heard.text, HasSubstr("/1|"));
}

TEST_F(Http, ATurnThatComesWhenTheServerHasGoneDoesNothing) {
    open();
    std::vector<HttpTurn> turns;
    server_->in_turns([&](HttpTurn turn) { turns.push_back(std::move(turn)); });
    auto one = connect();
    say(one, get("/1"));
    until([&] { return turns.size() == 1; });
    server_.reset();
    turns[0].take();
    Heard heard;
    until([&] {
        listen(one, heard);
        return static_cast<bool>(heard.end);
    });
    EXPECT_EQ(heard.text, "");
}

TEST_F(Http, WhoIsNotLetInIsCutWithoutAWord) {
    const auto other = boost::asio::ip::make_address("127.0.0.2");
    open({}, {.lets_in = [](const auto&) { return false; },
              .is_own = [other](const auto& address) { return address != other; },
              .token = {}});
    tcp::socket stranger{io_, tcp::endpoint{other, 0}};
    stranger.connect({boost::asio::ip::make_address("127.0.0.1"), server_->port()});
    stranger.non_blocking(true);
    Heard heard;
    until([&] {
        listen(stranger, heard);
        return static_cast<bool>(heard.end);
    });
    EXPECT_EQ(heard.text, "");
    auto own = connect();
    EXPECT_THAT(ask(own, get("/a"), "/a|"), HasSubstr(" 200 "));
}

TEST_F(Http, OtherMachinesMustKnowTheTokenAndABrowserKeepsIt) {
    open({}, {.lets_in = {}, .is_own = [](const auto&) { return false; }, .token = "s3cret-word"});
    const auto status = [&](const std::string& target, const std::string& more = {}) {
        return ask_once(get(target, more + "Connection: close\r\n"));
    };
    const auto refused = status("/a");
    EXPECT_THAT(refused, StartsWith("HTTP/1.1 401 "));
    EXPECT_THAT(refused, HasSubstr("?token=TOKEN"));
    EXPECT_THAT(refused, Not(HasSubstr("s3cret")));
    EXPECT_THAT(status("/a?token=s3cret-wor"), StartsWith("HTTP/1.1 401 "));
    EXPECT_THAT(status("/a", "Authorization: Bearer wrong-word1\r\n"), StartsWith("HTTP/1.1 401 "));
    EXPECT_THAT(status("/a?VALUE", "Authorization: Bearer s3cret-word\r\n"),
                testing::EndsWith("/a|VALUE"));
    EXPECT_THAT(status("/a?VALUE&token=s3cret-word"), testing::EndsWith("/a|VALUE"));
    const auto sent_on = status("/a?token=s3cret-word", "Accept: text/html\r\n");
    EXPECT_THAT(sent_on, StartsWith("HTTP/1.1 303 "));
    EXPECT_THAT(sent_on, HasSubstr("Location: /a\r\n"));
    EXPECT_THAT(sent_on, HasSubstr("Set-Cookie: fusiond_token=s3cret-word; Path=/; "));
    EXPECT_THAT(sent_on, HasSubstr("HttpOnly; SameSite=Strict"));
    EXPECT_THAT(status("/a", "Cookie: x=1; fusiond_token=s3cret-word\r\n"),
                testing::EndsWith("/a|"));
}

TEST_F(Http, ThisMachinesOwnNeedNoToken) {
    open({}, {.lets_in = {}, .is_own = {}, .token = "s3cret-word"});
    auto socket = connect();
    EXPECT_THAT(ask(socket, get("/a"), "/a|"), HasSubstr(" 200 "));
}

TEST_F(Http, TenThousandConnectionsInARow) {
    open();
    std::atomic<bool> done{false};
    std::atomic<int> answered{0};
    std::thread client{[&, port = server_->port()] {
        boost::asio::io_context io;
        const auto request = get("/", "Connection: close\r\n");
        for (int i = 0; i < 10'000; ++i) {
            tcp::socket socket{io};
            error_code error;
            socket.connect({boost::asio::ip::make_address("127.0.0.1"), port}, error);
            if (error) break;
            boost::asio::write(socket, boost::asio::buffer(request), error);
            std::string text;
            boost::asio::read(socket, boost::asio::dynamic_buffer(text), error);
            if (text.ends_with("/|")) ++answered;
        }
        done = true;
    }};
    const auto end = std::chrono::steady_clock::now() + 240s;
    while (!done && std::chrono::steady_clock::now() < end) {
        io_.restart();
        io_.run_for(10ms);
    }
    if (!done) server_.reset();
    client.join();
    EXPECT_EQ(answered.load(), 10'000);
}

TEST_F(Http, TheServerMayGoWhileClientsAreThere) {
    open();
    auto idle = connect();
    auto half = connect();
    say(half, "GET");
    until([&] { return server_->connections() == 2; });
    auto unseen = connect();
    io_.restart();
    server_.reset();
    io_.run_for(20ms);
    Heard heard;
    until([&] {
        listen(idle, heard);
        return static_cast<bool>(heard.end);
    });
}

TEST_F(Http, APortThatIsTakenAndAnAddressThatIsNoneAreToldWithWhatToDo) {
    open();
    const auto taken = HttpServer::open(io_, "127.0.0.1", server_->port(), "");
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Error::Code::unavailable);
    EXPECT_THAT(taken.error().message, HasSubstr("[oscquery] port"));
    const auto none = HttpServer::open(io_, "stage-left", 0, "");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Error::Code::malformed);
    EXPECT_THAT(none.error().message, HasSubstr("0.0.0.0"));
}

}  // namespace
}  // namespace fusion
