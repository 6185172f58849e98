// What a request may bring, from whom, and how much: against clients that write bytes by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "osc/web/http_server.hpp"
#include "tests/support/eventually.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::size_t kMost = 300'000;

class Upload : public testing::Test {
protected:
    void open(HttpLimits limits = {}, HttpAccess access = {}) {
        auto opened = HttpServer::open(io_, "127.0.0.1", 0, "test/1", limits,
                                       {"http://stage.example"}, std::move(access));
        ASSERT_TRUE(opened) << opened.error().message;
        server_ = std::move(*opened);
        server_->add({"/", [](const HttpRequest&) {
                          return HttpAnswer{200, "text/plain", "root"};
                      }});
        HttpRoute route{"/tape", {}};
        route.intake = {"audio/midi", kMost, [this](HttpUpload upload, HttpReply reply) {
                            taken_.push_back(std::move(upload));
                            if (holds_)
                                replies_.push_back(std::move(reply));
                            else
                                reply({200, "text/plain", "taken"});
                        }};
        server_->add(std::move(route));
    }

    struct Client {
        tcp::socket socket;
        std::string to_say{};
        std::string heard{};
        bool ended = false;
    };
    Client begin(std::string request) {
        tcp::socket socket{io_};
        socket.connect({boost::asio::ip::make_address("127.0.0.1"), server_->port()});
        socket.non_blocking(true);
        return {std::move(socket), std::move(request)};
    }
    void turn(Client& client) {
        error_code error;
        if (!client.to_say.empty()) {
            const auto size = client.socket.write_some(boost::asio::buffer(client.to_say), error);
            if (!error) client.to_say.erase(0, size);
            if (error && error != boost::asio::error::would_block) client.to_say.clear();
        }
        std::array<char, 4096> some{};
        const auto size = client.socket.read_some(boost::asio::buffer(some), error);
        if (!error) client.heard.append(some.data(), size);
        if (error && error != boost::asio::error::would_block) client.ended = true;
        io_.restart();
        io_.run_for(1ms);
    }
    template <class Holds>
    void until(Client& client, Holds&& holds) {
        ASSERT_TRUE(test::eventually(holds, [&] { turn(client); })) << client.heard;
    }
    // All that comes until the server ends the connection.
    std::string ask_once(std::string request) {
        auto client = begin(std::move(request));
        until(client, [&] { return client.ended; });
        return client.heard;
    }
    static std::string post(const std::string& body, const std::string& more = {},
                            const std::string& target = "/tape?a%20b.mid",
                            const std::string& type = "audio/midi") {
        return fmt::format(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {}\r\nContent-Length: "
            "{}\r\n{}\r\n{}",
            target, type, body.size(), more, body);
    }
    static std::string last_post(const std::string& body, const std::string& more = {}) {
        return post(body, "Connection: close\r\n" + more);
    }

    boost::asio::io_context io_;
    std::unique_ptr<HttpServer> server_;
    std::vector<HttpUpload> taken_;
    std::vector<HttpReply> replies_;
    bool holds_ = false;
};

TEST_F(Upload, IsTakenWholeWithItsNameAndTheConnectionGoesOn) {
    open();
    std::string body(kMost, '\0');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7);
    auto client = begin(post(body) + "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
    until(client, [&] { return client.heard.ends_with("root"); });
    EXPECT_THAT(client.heard, HasSubstr("taken"));
    ASSERT_EQ(taken_.size(), 1U);
    EXPECT_EQ(taken_[0].query, "a b.mid");
    EXPECT_EQ((std::string{taken_[0].bytes.begin(), taken_[0].bytes.end()}), body);
}

TEST_F(Upload, MayComeInChunksAndAfterAQuestion) {
    open();
    EXPECT_THAT(
        ask_once("POST /tape?x HTTP/1.1\r\nHost: localhost\r\nContent-Type: Audio/MIDI; a=b\r\n"
                 "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
        HasSubstr("taken"));
    EXPECT_THAT(ask_once(last_post("abc", "Expect: 100-continue\r\n")),
                StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"));
    EXPECT_EQ(taken_.size(), 2U);
}

TEST_F(Upload, OfMoreThanTheRouteTakesIsRefusedBeforeItIsRead) {
    open();
    EXPECT_THAT(ask_once("POST /tape HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/midi\r\n"
                         "Content-Length: 104857600\r\n\r\n"),
                StartsWith("HTTP/1.1 413 "));
    // Whoever does not say how much it is, is cut where it is too much.
    std::string chunks{
        "POST /tape HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/midi\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"};
    for (int i = 0; i < 40; ++i) chunks += "2710\r\n" + std::string(10'000, 'x') + "\r\n";
    EXPECT_THAT(ask_once(chunks + "0\r\n\r\n"), StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(taken_, IsEmpty());
}

TEST_F(Upload, IsOfTheTypeThatTheRouteTakes) {
    open();
    for (const auto* type :
         {"text/plain", "multipart/form-data", "audio/midi2", "application/x-www-form-urlencoded"})
        EXPECT_THAT(ask_once(post("abc", "", "/tape", type)), StartsWith("HTTP/1.1 415 ")) << type;
    EXPECT_THAT(taken_, IsEmpty());
}

TEST_F(Upload, GoesToARouteThatTakesOneAlone) {
    open();
    EXPECT_THAT(ask_once(post("abc", "", "/other")), StartsWith("HTTP/1.1 405 "));
    EXPECT_THAT(ask_once("PUT /tape HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                         "audio/midi\r\nContent-Length: 3\r\n\r\nabc"),
                StartsWith("HTTP/1.1 405 "));
    EXPECT_THAT(ask_once("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"),
                StartsWith("HTTP/1.1 413 "));
    EXPECT_THAT(ask_once(last_post("")), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(taken_, IsEmpty());
}

TEST_F(Upload, OfAStrangersPageIsRefused) {
    open();
    for (const auto* origin : {"http://evil.example", "null", "http://192.168.1.7:9701"})
        EXPECT_THAT(ask_once(last_post("abc", fmt::format("Origin: {}\r\n", origin))),
                    StartsWith("HTTP/1.1 403 "))
            << origin;
    EXPECT_THAT(ask_once("POST /tape HTTP/1.1\r\nHost: evil.example\r\nContent-Type: audio/midi\r\n"
                         "Content-Length: 3\r\n\r\nabc"),
                StartsWith("HTTP/1.1 403 "));
    EXPECT_THAT(taken_, IsEmpty());
    for (const auto* origin : {"http://localhost", "http://stage.example"})
        EXPECT_THAT(ask_once(last_post("abc", fmt::format("Origin: {}\r\n", origin))),
                    StartsWith("HTTP/1.1 200 "))
            << origin;
}

TEST_F(Upload, OfAnotherMachineWantsTheToken) {
    HttpAccess access;
    access.is_own = [](const auto&) { return false; };
    access.token = "secret-word";
    open({}, std::move(access));
    auto client = begin(post("abc") + "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    until(client, [&] { return client.ended; });
    EXPECT_THAT(client.heard, StartsWith("HTTP/1.1 401 "));
    EXPECT_EQ(client.heard.find("HTTP/1.1", 1), std::string::npos) << "the body is no request";
    EXPECT_THAT(taken_, IsEmpty());
    EXPECT_THAT(ask_once(last_post("abc", "Authorization: Bearer secret-word\r\n")),
                StartsWith("HTTP/1.1 200 "));
}

TEST_F(Upload, WaitsForItsAnswerAndHoldsItsSeatUntilThen) {
    open();
    holds_ = true;
    auto first = begin(last_post("abc"));
    until(first, [&] { return replies_.size() == 1; });
    EXPECT_THAT(ask_once(last_post("def")), StartsWith("HTTP/1.1 503 "));
    replies_[0]({422, "text/plain", "no file of ours"});
    replies_.clear();
    until(first, [&] { return first.ended; });
    EXPECT_THAT(first.heard, HasSubstr("no file of ours"));
    holds_ = false;
    EXPECT_THAT(ask_once(last_post("def")), StartsWith("HTTP/1.1 200 "));
}

TEST_F(Upload, ThatNeverComesIsGivenUpAndItsSeatIsFree) {
    HttpLimits limits;
    limits.upload = 50ms;
    open(limits);
    auto slow = begin(
        "POST /tape HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/midi\r\n"
        "Content-Length: 1000\r\n\r\nabc");
    until(slow, [&] { return slow.ended; });
    EXPECT_THAT(ask_once(last_post("def")), StartsWith("HTTP/1.1 200 "));
    EXPECT_EQ(taken_.size(), 1U);
}

TEST_F(Upload, WhoseClientOrServerHasGoneIsAnsweredToNobody) {
    open();
    holds_ = true;
    {
        auto gone = begin(post("abc"));
        until(gone, [&] { return replies_.size() == 1; });
    }
    replies_[0]({200, "text/plain", "taken"});
    auto last = begin(post("abc"));
    until(last, [&] { return replies_.size() == 2; });
    server_.reset();
    replies_[1]({200, "text/plain", "taken"});
    io_.restart();
    io_.run_for(5ms);
}

}  // namespace
}  // namespace fusion
