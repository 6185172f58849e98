// One connection of the HTTP server: requests one after the other, each with its answer, until the
// client goes, stays idle for too long, or asks for a WebSocket. Keeps itself alive meanwhile, and
// while whoever takes an upload has not answered yet. Uploads: http_upload.cpp.
// Thread: control. Errors: an answer that says so, then the end of this connection.
#pragma once

#include <memory>
#include <optional>
#include <set>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/vector_body.hpp>

#include "osc/web/http_origin.hpp"
#include "osc/web/http_server.hpp"
#include "osc/web/http_target.hpp"
#include "osc/web/websocket_session.hpp"

namespace fusion {

class HttpSession;

// What a request is told that is none, or that brings what it may not.
[[nodiscard]] HttpAnswer refusal_of(const boost::system::error_code& error,
                                    boost::beast::http::verb verb);

// ::ffff:192.168.1.7 is 192.168.1.7.
[[nodiscard]] boost::asio::ip::address plain_address(const boost::asio::ip::address& address);

struct HttpShared {
    HttpLimits limits;
    HttpAccess access;
    std::string name;
    HttpOrigins origins;
    std::vector<HttpRoute> routes;          // none once the server has gone
    std::function<void(HttpTurn)> in_turn;  // nor this
    std::uint64_t came = 0;                 // connections so far
    std::set<HttpSession*> sessions;
    std::vector<std::weak_ptr<WebSocketSession>> sockets;
    std::vector<boost::asio::ip::address> uploads;  // whose they are, until they are answered

    [[nodiscard]] const HttpRoute* route_for(const std::string& path) const;
    [[nodiscard]] bool takes_uploads() const;
    [[nodiscard]] bool has_seat_for_upload(const boost::asio::ip::address& address) const;
    [[nodiscard]] std::size_t open_sockets();
    [[nodiscard]] bool is_own(const boost::asio::ip::address& address) const;
    [[nodiscard]] bool lets_in(const boost::asio::ip::address& address) const;
    // Whether a WebSocket of this address has a place; one that takes nothing may lose its own.
    [[nodiscard]] bool has_place_for(const boost::asio::ip::address& address);
};

class HttpSession : public std::enable_shared_from_this<HttpSession> {
public:
    using Clock = std::chrono::steady_clock;

    HttpSession(boost::asio::ip::tcp::socket socket, std::shared_ptr<HttpShared> shared);
    ~HttpSession();
    HttpSession(const HttpSession&) = delete;
    HttpSession& operator=(const HttpSession&) = delete;

    void read();
    void cut();
    // Since when it waits, for a whole request or for its answer to be taken.
    [[nodiscard]] Clock::time_point since() const { return since_; }
    [[nodiscard]] const boost::asio::ip::address& peer() const { return peer_; }

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;
    using UploadParser =
        boost::beast::http::request_parser<boost::beast::http::vector_body<std::uint8_t>>;
    enum class After : std::uint8_t { next, end };

    void answer_to(const boost::system::error_code& error);
    void wait_for_turn();
    void answer_request();
    // What is asked for, of who may ask; if not, that is answered.
    [[nodiscard]] std::optional<HttpTarget> permitted_target();
    [[nodiscard]] After after() const;
    // The head has come, and a body follows it.
    void begin_upload();
    // Why it is not taken; none: it is.
    [[nodiscard]] std::optional<HttpAnswer> refusal_of_upload(const HttpRoute* route) const;
    void read_upload(const std::string& query, const HttpRoute::Intake& intake);
    void answer_upgrade(const HttpRoute* route);
    // Whether it may ask, by the token; if not, or if a page only brought it, that is answered.
    [[nodiscard]] bool knows_token(HttpTarget& target);
    // The page that asks, where one says so and it may.
    [[nodiscard]] std::string welcome_origin() const;
    void respond(HttpAnswer answer, After after);
    void linger();

    boost::beast::tcp_stream stream_;
    std::shared_ptr<HttpShared> shared_;
    boost::beast::flat_buffer buffer_;
    std::optional<Parser> parser_;
    boost::beast::http::request_header<> head_;  // of the request that is answered
    bool keeps_alive_ = false;
    Clock::time_point since_ = Clock::now();
    boost::asio::ip::address peer_;
    std::uint64_t number_ = 0;
    std::size_t lingered_ = 0;
};

}  // namespace fusion
