// A small HTTP/1.1 server on the control thread's io_context: Boost.Beast, GET and HEAD, POST where
// a route takes uploads, keep-alive, WebSockets on the same port. Who answers what goes by path:
// add() a route for the OSCQuery tree, another for a web panel.
//
// Nothing that a client does costs more than its own connection. A request's head must come within
// the idle time and fit; it has no body, but for an upload: that is of the route's type and size,
// comes within its own time, and few come at once. A page that is neither ours nor welcome uploads
// nothing. At most so many connections at once: the next waits in the
// system's queue until there is room, and one that has sent no request, or not taken its answer,
// for a second makes room for it. Of one address there are fewer, so that others find room.
// WebSockets are counted apart, alike; one that takes nothing for a second makes room.
//
// A request is answered when its turn comes, where somebody shares out turns (in_turns()); a
// connection's next is read when that is done.
//
// A request whose Host may be a stranger's name is refused, and a page that is neither ours nor
// welcome opens no WebSocket and reads nothing (http_origin.hpp). Who listens is bounded by the
// address that is bound: this machine alone unless configured; then by HttpAccess: who is not let
// in is cut, and who does not know the token is told so (http_token.hpp). Thread: control. Errors:
// open() says unavailable or malformed; later ones end a connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include "engine/base/result.hpp"
#include "osc/web/websocket_link.hpp"

namespace fusion {

struct HttpRequest {
    std::string path;           // decoded
    std::string query;          // decoded, without '?'
    std::string local_address;  // where it reached this machine
    std::string accept{};       // the types that the client says it can read
    std::string has{};          // If-None-Match: the ETags of what it keeps already
};

struct HttpAnswer {
    unsigned status = 200;
    std::string type;  // of the body: "application/json"
    std::string body;
    std::vector<std::pair<std::string, std::string>> fields{};
};
// Whether a browser asks for a page: programs that want a tree or a value do not say text/html.
[[nodiscard]] bool wants_page(const HttpRequest& request);
// A line of text that says why.
[[nodiscard]] HttpAnswer http_refusal(unsigned status, const std::string& reason);

struct HttpUpload {
    std::string query;  // decoded, without '?'
    std::vector<std::uint8_t> bytes;
};
// Once, now or later; a client that has gone meanwhile is not told.
using HttpReply = std::function<void(HttpAnswer)>;

struct HttpRoute {
    using Answer = std::function<HttpAnswer(const HttpRequest&)>;
    using TakeSocket = std::function<void(std::shared_ptr<WebSocketLink>)>;
    // What a POST brings.
    struct Intake {
        std::string type{};          // that it must say it is: "audio/midi"
        std::size_t most_bytes = 0;  // 0: nothing is taken
        std::function<void(HttpUpload, HttpReply)> take{};
    };
    std::string prefix;  // "/panel": itself and all below it; the longest that fits answers
    Answer answer;
    TakeSocket take_socket{};  // none: no WebSocket here
    Intake intake{};
};

struct HttpLimits {
    std::size_t connections = 64;
    std::size_t connections_of_one = 48;  // address
    std::size_t websockets = 32;
    std::size_t websockets_of_one = 24;  // other machine
    std::uint32_t head_bytes = 8192;
    std::size_t message_bytes = 65536;  // of a WebSocket
    std::size_t uploads = 2;
    std::size_t uploads_of_one = 1;  // address
    std::chrono::milliseconds idle = std::chrono::seconds{30};
    std::chrono::milliseconds upload = std::chrono::seconds{30};   // for all of it to come
    std::chrono::milliseconds write = std::chrono::seconds{10};    // for an answer to be taken
    std::chrono::milliseconds patience = std::chrono::seconds{1};  // while others wait for room
};

// Who of other machines may come in, and what they must know.
struct HttpAccess {
    using Test = std::function<bool(const boost::asio::ip::address&)>;
    Test lets_in;       // none: everybody
    Test is_own;        // none: loopback; they need neither
    std::string token;  // empty: none is needed
};

// A request that has been read and is to be answered: of this connection, of this address. One of
// a connection that has gone meanwhile does nothing.
struct HttpTurn {
    boost::asio::ip::address of;
    std::uint64_t connection = 0;
    std::function<void()> take;
};

struct HttpShared;  // by the server and its connections; http_session.hpp

class HttpServer {
public:
    // `port` 0 takes any free one; `name` goes into each answer; `welcome`: origins of pages beside
    // our own.
    static Result<std::unique_ptr<HttpServer>> open(boost::asio::io_context& io,
                                                    const std::string& address, std::uint16_t port,
                                                    std::string name, HttpLimits limits = {},
                                                    std::vector<std::string> welcome = {},
                                                    HttpAccess access = {});
    // Cuts every connection.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    void add(HttpRoute route);
    // Who says when each request is answered, by take(). Until then: as it has been read.
    void in_turns(std::function<void(HttpTurn)> share);

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] std::size_t websockets() const;

private:
    struct Listener;
    HttpServer(std::shared_ptr<Listener> listener, std::shared_ptr<HttpShared> shared);
    void wait();
    void take_one();
    // Whose address has room for one more by now.
    void seat_parked();
    // Of the connections that wait for the longest, for a request or to be read: whether one went.
    bool make_room(std::chrono::milliseconds patience, const boost::asio::ip::address* of);
    void pause();

    std::shared_ptr<Listener>
        listener_;  // this server's alone; what is due later looks whether it is there
    std::shared_ptr<HttpShared> shared_;
};

}  // namespace fusion
