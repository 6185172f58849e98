#include "osc/web/http_server.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/base/realtime_contract.hpp"
#include "osc/web/http_session.hpp"

namespace fusion {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct HttpServer::Listener {
    explicit Listener(asio::io_context& io) : acceptor{io}, pause{io} {}
    tcp::acceptor acceptor;
    asio::steady_timer pause;
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
                                                     std::vector<std::string> welcome) {
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
    shared->name = std::move(name);
    shared->origins = {own_host_name(), std::move(welcome)};
    return std::unique_ptr<HttpServer>{new HttpServer{std::move(listener), std::move(shared)}};
}

HttpServer::HttpServer(std::shared_ptr<Listener> listener, std::shared_ptr<HttpShared> shared)
    : listener_{std::move(listener)}, shared_{std::move(shared)} {
    wait();
}

HttpServer::~HttpServer() {
    expect_thread(ThreadRole::control);
    error_code ignored;
    listener_->acceptor.close(ignored);
    listener_->pause.cancel();
    shared_->routes.clear();
    for (auto* session : shared_->sessions) session->cut();
    for (const auto& socket : shared_->sockets)
        if (const auto open = socket.lock()) open->close();
}

void HttpServer::add(HttpRoute route) { shared_->routes.push_back(std::move(route)); }

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
    const auto now = HttpSession::Clock::now();
    if (shared_->sessions.size() >= limits.connections) {
        HttpSession* longest = nullptr;
        for (auto* session : shared_->sessions) {
            const auto since = session->waiting_since();
            if (since && (longest == nullptr || *since < *longest->waiting_since()))
                longest = session;
        }
        if (longest != nullptr && now - *longest->waiting_since() >= limits.patience)
            longest->cut();
        return pause();
    }
    error_code error;
    tcp::socket socket = listener_->acceptor.accept(error);
    if (!error) {
        // A value that changes goes at once, not when the last one has been acknowledged.
        error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        std::make_shared<HttpSession>(std::move(socket), shared_)->read();
    }
    // No descriptors left, say: the one who waits would wake this at once, again and again.
    if (error && error != asio::error::would_block && error != asio::error::connection_aborted)
        return pause();
    wait();
}

void HttpServer::pause() {
    constexpr std::chrono::milliseconds kPause{20};
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
