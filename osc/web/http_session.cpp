#include "osc/web/http_session.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "osc/web/http_target.hpp"
#include "osc/web/http_token.hpp"

namespace fusion {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

std::string text_of(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

HttpAnswer refusal_of(const error_code& error, http::verb verb) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return http_refusal(431, "the head of the request is too long");
    if (error == http::error::body_limit || error == http::error::unexpected_body) {
        if (verb == http::verb::get || verb == http::verb::head)
            return http_refusal(413, "a request here has no body");
        auto refusal = http_refusal(405, "GET and HEAD are answered; values go by OSC");
        refusal.fields.emplace_back("Allow", "GET, HEAD");
        return refusal;
    }
    return http_refusal(400, "this is no HTTP request: " + error.message());
}

const HttpRoute* HttpShared::route_for(const std::string& path) const {
    const HttpRoute* best = nullptr;
    for (const auto& route : routes) {
        const auto& prefix = route.prefix;
        const bool fits =
            prefix == "/" || (path.starts_with(prefix) &&
                              (path.size() == prefix.size() || path[prefix.size()] == '/'));
        if (fits && (best == nullptr || prefix.size() > best->prefix.size())) best = &route;
    }
    return best;
}

boost::asio::ip::address plain_address(const boost::asio::ip::address& address) {
    namespace ip = boost::asio::ip;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

bool HttpShared::is_own(const boost::asio::ip::address& address) const {
    return access.is_own ? access.is_own(address) : address.is_loopback();
}

bool HttpShared::lets_in(const boost::asio::ip::address& address) const {
    return is_own(address) || !access.lets_in || access.lets_in(address);
}

bool HttpShared::has_place_for(const boost::asio::ip::address& address) {
    std::size_t all = 0;
    std::size_t of_one = 0;
    std::shared_ptr<WebSocketSession> stuck;
    for (const auto& socket : sockets) {
        const auto open = socket.lock();
        if (!open || open->has_ended()) continue;
        ++all;
        if (open->peer() == address) ++of_one;
        if (open->stuck_for() >= limits.patience &&
            (!stuck || open->stuck_for() > stuck->stuck_for()))
            stuck = open;
    }
    const bool one_has_room = of_one < limits.websockets_of_one || is_own(address);
    if (all < limits.websockets && one_has_room) return true;
    if (!stuck || (all < limits.websockets && stuck->peer() != address)) return false;
    stuck->close();
    return true;
}

std::size_t HttpShared::open_sockets() {
    std::erase_if(sockets, [](const auto& socket) { return socket.expired(); });
    return sockets.size();
}

HttpSession::HttpSession(tcp::socket socket, std::shared_ptr<HttpShared> shared)
    : stream_{std::move(socket)},
      shared_{std::move(shared)},
      buffer_{std::size_t{2} * shared_->limits.head_bytes} {
    error_code ignored;
    peer_ = plain_address(stream_.socket().remote_endpoint(ignored).address());
    number_ = ++shared_->came;
    shared_->sessions.insert(this);
}

HttpSession::~HttpSession() { shared_->sessions.erase(this); }

void HttpSession::cut() {
    error_code ignored;
    stream_.socket().close(ignored);
    shared_->sessions.erase(this);  // its place is free
}

void HttpSession::read() {
    since_ = Clock::now();
    parser_.emplace();
    parser_->header_limit(shared_->limits.head_bytes);
    // Where something is taken, begin_upload() looks how much it is.
    parser_->body_limit(shared_->takes_uploads() ? std::numeric_limits<std::uint64_t>::max() : 0U);
    // Of the whole head, not of each byte: who sends one a second is not waited for.
    stream_.expires_after(shared_->limits.idle);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](const error_code& error, std::size_t) {
                                self->head_ = self->parser_->get().base();
                                self->keeps_alive_ = !error && self->parser_->get().keep_alive();
                                if (error) return self->answer_to(error);
                                if (self->parser_->is_done())
                                    self->wait_for_turn();
                                else
                                    self->begin_upload();
                            });
}

void HttpSession::answer_to(const error_code& error) {
    if (error == http::error::end_of_stream) return linger();
    // The network's errors and the end of patience: nobody to tell.
    if (error.category() != http::make_error_code(http::error::end_of_stream).category() ||
        error == http::error::partial_message)
        return;
    respond(refusal_of(error, head_.method()), After::end);
}

void HttpSession::wait_for_turn() {
    if (!shared_->in_turn) return answer_request();
    shared_->in_turn({peer_, number_, [self = shared_from_this()] {
                          if (self->stream_.socket().is_open()) self->answer_request();
                      }});
}

HttpSession::After HttpSession::after() const { return keeps_alive_ ? After::next : After::end; }

std::optional<HttpTarget> HttpSession::permitted_target() {
    const auto host = head_.find(http::field::host);
    if (host == head_.end() && head_.version() > 10) {
        respond(http_refusal(400, "a request says its Host"), After::end);
        return {};
    }
    if (host != head_.end() && !is_own_host(text_of(host->value()), shared_->origins.own_name)) {
        respond(
            http_refusal(403, "ask by IP address, as localhost, or by this machine's own name: " +
                                  shared_->origins.own_name + ".local"),
            After::end);
        return {};
    }
    auto target = parse_target(text_of(head_.target()));
    if (!target) {
        respond(http_refusal(400, target.error().message), after());
        return {};
    }
    if (!knows_token(*target)) return {};
    return std::move(*target);
}

void HttpSession::answer_request() {
    const auto target = permitted_target();
    if (!target) return;
    const auto* route = shared_->route_for(target->path);
    if (beast::websocket::is_upgrade(head_)) return answer_upgrade(route);
    if (head_.method() == http::verb::post && route != nullptr && route->intake.most_bytes > 0)
        return respond(http_refusal(400, "there is nothing in it"), after());
    if (head_.method() != http::verb::get && head_.method() != http::verb::head)
        return respond(refusal_of(http::error::unexpected_body, head_.method()), after());
    if (route == nullptr || !route->answer)
        return respond(http_refusal(404, "there is no " + target->path), after());
    error_code ignored;
    auto address = stream_.socket().local_endpoint(ignored).address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        address = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
    respond(route->answer({target->path, target->query, address.to_string(),
                           text_of(head_[http::field::accept]),
                           text_of(head_[http::field::if_none_match])}),
            after());
}

void HttpSession::answer_upgrade(const HttpRoute* route) {
    const auto& request = parser_->get();
    if (request.count(http::field::origin) > 0 && welcome_origin().empty())
        return respond(
            http_refusal(403, "a page from " + text_of(request[http::field::origin]) +
                                  " opens no WebSocket here; [oscquery] origins lets it in"),
            After::end);
    if (route == nullptr || !route->take_socket)
        return respond(http_refusal(404, "no WebSocket here"), After::end);
    if (!shared_->has_place_for(peer_))
        return respond(http_refusal(503, fmt::format("all {} places for WebSockets are taken, or "
                                                     "the {} of one machine; close another panel",
                                                     shared_->limits.websockets,
                                                     shared_->limits.websockets_of_one)),
                       After::end);
    auto socket = std::make_shared<WebSocketSession>(std::move(stream_), shared_->limits);
    shared_->sockets.push_back(socket);
    socket->accept(request, route->take_socket);
}

bool HttpSession::knows_token(HttpTarget& target) {
    const auto& token = shared_->access.token;
    const auto& request = head_;
    const auto said = tokens_in(text_of(request[http::field::authorization]),
                                text_of(request[http::field::cookie]), target.query);
    if (token.empty() || shared_->is_own(peer_)) return true;
    if (is_same_secret(said.bearer, token) || is_same_secret(said.cookie, token)) return true;
    if (!is_same_secret(said.query, token)) {
        respond(http_refusal(401,
                             "this needs the token that stands in the configuration, below "
                             "[oscquery]: open http://HOST:PORT/?token=TOKEN once, or send "
                             "Authorization: Bearer TOKEN"),
                After::end);
        return false;
    }
    if (beast::websocket::is_upgrade(request) ||
        text_of(request[http::field::accept]).find("text/html") == std::string::npos)
        return true;
    // A page: from here on by the cookie, and the token does not stay in the address.
    HttpAnswer answer{303, "", ""};
    answer.fields.emplace_back("Location", target.path);
    answer.fields.emplace_back("Set-Cookie", token_cookie(token));
    respond(std::move(answer), after());
    return false;
}

std::string HttpSession::welcome_origin() const {
    auto origin = text_of(head_[http::field::origin]);
    const auto host = text_of(head_[http::field::host]);
    return may_come_from(origin, host, shared_->origins) ? origin : std::string{};
}

void HttpSession::respond(HttpAnswer answer, After after) {
    auto response = std::make_shared<http::response<http::string_body>>();
    response->version(head_.version() == 10 ? 10 : 11);
    response->result(answer.status);
    response->set(http::field::server, shared_->name);
    if (!answer.type.empty()) response->set(http::field::content_type, answer.type);
    for (const auto& [name, value] : answer.fields) response->set(name, value);
    if (const auto origin = welcome_origin(); !origin.empty())
        response->set(http::field::access_control_allow_origin, origin);
    // Who keeps an answer keeps it for those who are told the same.
    response->insert(http::field::vary, "Origin");
    response->keep_alive(after == After::next);
    response->body() = std::move(answer.body);
    response->prepare_payload();
    // RFC 9110, 8.6: 204 has none, and 304 would say that of what is not sent.
    if (answer.status == 204 || answer.status == 304) response->erase(http::field::content_length);
    since_ = Clock::now();
    stream_.expires_after(shared_->limits.write);
    const auto done = [self = shared_from_this(), response, after](const error_code& error,
                                                                   std::size_t) {
        if (error) return;
        if (after == After::next)
            self->read();
        else
            self->linger();
    };
    if (head_.method() != http::verb::head) {
        http::async_write(stream_, *response, done);
        return;
    }
    // The head says how long the body would be, and there is none.
    auto head = std::make_shared<http::response<http::empty_body>>(response->base());
    http::async_write(stream_, *head, [head, done](const error_code& error, std::size_t size) {
        done(error, size);
    });
}

// What the client still sends is read for a moment: closing over it would reset the connection and
// could take the answer with it.
void HttpSession::linger() {
    constexpr std::size_t kMost = 65536;
    error_code ignored;
    if (lingered_ == 0) stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    if (lingered_ > kMost) return;
    since_ = Clock::now() - shared_->limits.patience;  // the first to make room
    buffer_.consume(buffer_.size());
    stream_.expires_after(shared_->limits.patience);
    stream_.async_read_some(buffer_.prepare(shared_->limits.head_bytes),
                            [self = shared_from_this()](const error_code& error, std::size_t size) {
                                if (error) return;
                                self->lingered_ += size;
                                self->linger();
                            });
}

}  // namespace fusion
