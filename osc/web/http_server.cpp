#include "osc/web/http_server.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/base/realtime_contract.hpp"
#include "osc/web/http_session.hpp"

namespace fusion {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kPause{20};

}  // namespace

struct HttpServer::Listener {
    explicit Listener(asio::io_context& io) : acceptor{io}, pause{io}, look{io} {}
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    // Accepted, while its address has as many as it may have.
    struct Parked {
        tcp::socket socket;
        asio::ip::address address;
    };
    std::deque<Parked> parked;
    asio::steady_timer look;  // after those
};

bool wants_page(const HttpRequest& request) {
    return request.accept.find("text/html") != std::string::npos;
}

HttpAnswer http_refusal(unsigned status, const std::string& reason) {
    return {status, "text/plain; charset=utf-8", reason + "\n"};
}

Result<std::unique_ptr<HttpServer>> HttpServer::open(asio::io_context& io,
                                                     const std::string& address, std::uint16_t port,
                                                     std::string name, HttpLimits limits,
                                                     std::vector<std::string> welcome,
                                                     HttpAccess access) {
    error_code error;
    const auto ip = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
    if (error)
        return fail(Error::Code::malformed,
                    fmt::format("oscquery.bind '{}': no IP address; use 127.0.0.1 for this machine "
                                "alone or 0.0.0.0 for the network",
                                address));
    const tcp::endpoint local{ip, port};
    auto listener = std::make_shared<Listener>(io);
    auto& acceptor = listener->acceptor;
    acceptor.open(local.protocol(), error);
    // A port whose last connections still end may be taken again; one that is listened on may not.
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor.bind(local, error);
    if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
    if (!error) acceptor.non_blocking(true, error);
    if (error)
        return fail(Error::Code::unavailable,
                    fmt::format("OSCQuery port {} on {}: {}; is another fusiond running? Choose "
                                "another with [oscquery] port, 0 for any free one",
                                port, address, error.message()));
    auto shared = std::make_shared<HttpShared>();
    shared->limits = limits;
    shared->access = std::move(access);
    shared->name = std::move(name);
    shared->origins = {own_host_name(), std::move(welcome)};
    return std::unique_ptr<HttpServer>{new HttpServer{std::move(listener), std::move(shared)}};
}

HttpServer::HttpServer(std::shared_ptr<Listener> listener, std::shared_ptr<HttpShared> shared)
    : listener_{std::move(listener)}, shared_{std::move(shared)} {
    wait();
}

// NOLINTNEXTLINE(bugprone-exception-escape): a timer's cancel(), which cannot fail
HttpServer::~HttpServer() {
    expect_thread(ThreadRole::control);
    error_code ignored;
    listener_->acceptor.close(ignored);
    listener_->pause.cancel();
    listener_->look.cancel();
    listener_->parked.clear();
    shared_->routes.clear();
    shared_->in_turn = {};
    for (auto* session : std::exchange(shared_->sessions, {})) session->cut();
    for (const auto& socket : shared_->sockets)
        if (const auto open = socket.lock()) open->close();
}

void HttpServer::add(HttpRoute route) { shared_->routes.push_back(std::move(route)); }

void HttpServer::in_turns(std::function<void(HttpTurn)> share) {
    shared_->in_turn = std::move(share);
}

void HttpServer::wait() {
    // The server may go between the moment that this is due and its turn.
    listener_->acceptor.async_wait(
        tcp::acceptor::wait_read,
        [this, alive = std::weak_ptr{listener_}](const error_code& error) {
            if (error || alive.expired()) return;
            take_one();
        });
}

void HttpServer::take_one() {
    expect_thread(ThreadRole::control);
    const auto& limits = shared_->limits;
    if (shared_->sessions.size() >= limits.connections) {
        make_room(limits.patience, nullptr);
        return pause();
    }
    error_code error;
    tcp::endpoint from;
    tcp::socket socket = listener_->acceptor.accept(from, error);
    const auto address = plain_address(from.address());
    if (!error && shared_->lets_in(address)) {
        // A value that changes goes at once, not when the last one has been acknowledged.
        error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        if (listener_->parked.size() < limits.connections)
            listener_->parked.push_back({std::move(socket), address});
        seat_parked();
    }
    // No descriptors left, say: the one who waits would wake this at once, again and again.
    if (error && error != asio::error::would_block && error != asio::error::connection_aborted)
        return pause();
    wait();
}

void HttpServer::seat_parked() {
    const auto& limits = shared_->limits;
    auto& parked = listener_->parked;
    for (auto it = parked.begin(); it != parked.end();) {
        const auto of_one =
            std::count_if(shared_->sessions.begin(), shared_->sessions.end(),
                          [&](const auto* session) { return session->peer() == it->address; });
        const bool has_room = shared_->sessions.size() < limits.connections &&
                              static_cast<std::size_t>(of_one) < limits.connections_of_one;
        if (!has_room && !make_room(limits.patience, &it->address)) {
            ++it;
            continue;
        }
        std::make_shared<HttpSession>(std::move(it->socket), shared_)->read();
        it = parked.erase(it);
    }
    if (parked.empty()) return;
    listener_->look.expires_after(kPause);
    listener_->look.async_wait([this, alive = std::weak_ptr{listener_}](const error_code& error) {
        if (!error && !alive.expired()) seat_parked();
    });
}

bool HttpServer::make_room(std::chrono::milliseconds patience, const asio::ip::address* of) {
    HttpSession* longest = nullptr;
    for (auto* session : shared_->sessions) {
        if (of != nullptr && session->peer() != *of) continue;
        if (longest == nullptr || session->since() < longest->since()) longest = session;
    }
    if (longest == nullptr || HttpSession::Clock::now() - longest->since() < patience) return false;
    longest->cut();
    return true;
}

void HttpServer::pause() {
    listener_->pause.expires_after(kPause);
    listener_->pause.async_wait([this, alive = std::weak_ptr{listener_}](const error_code& error) {
        if (!error && !alive.expired()) wait();
    });
}

std::uint16_t HttpServer::port() const {
    error_code error;
    const auto local = listener_->acceptor.local_endpoint(error);
    return error ? std::uint16_t{0} : local.port();
}

std::size_t HttpServer::connections() const { return shared_->sessions.size(); }
std::size_t HttpServer::websockets() const { return shared_->open_sockets(); }

}  // namespace fusion
