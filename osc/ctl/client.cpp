#include "osc/ctl/client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

namespace fusion {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

struct OscClient::Socket {
    asio::io_context io;
    udp::socket socket{io};
    std::array<std::uint8_t, 65536> buffer{};
};

namespace {

void append(std::vector<std::uint8_t>& bytes, std::uint32_t big_endian) {
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        bytes.push_back(static_cast<std::uint8_t>(big_endian >> shift));
}

std::vector<std::uint8_t> bundle_of(std::span<const OscMessage> messages) {
    constexpr std::string_view kHead{"#bundle\0\0\0\0\0\0\0\0\1", 16};  // time tag 1: at once
    std::vector<std::uint8_t> bytes{kHead.begin(), kHead.end()};
    for (const auto& message : messages) {
        const auto encoded = encode_osc(message);
        append(bytes, static_cast<std::uint32_t>(encoded.size()));
        bytes.insert(bytes.end(), encoded.begin(), encoded.end());
    }
    return bytes;
}

constexpr std::string_view kHello = "/fusiond/hello";

bool is_about_hello(const OscMessage& message) {
    if (message.path == kHello) return true;
    if (message.path != "/done" && message.path != "/fail") return false;
    const auto* about =
        message.args.empty() ? nullptr : std::get_if<std::string>(&message.args.front());
    return about != nullptr && *about == kHello;
}

}  // namespace

OscClient::OscClient(std::unique_ptr<Socket> socket, std::string where)
    : socket_{std::move(socket)}, where_{std::move(where)}, mark_{::getpid()} {}
OscClient::OscClient(OscClient&&) noexcept = default;
OscClient& OscClient::operator=(OscClient&&) noexcept = default;
OscClient::~OscClient() = default;

Result<OscClient> OscClient::open(const std::string& host, std::uint16_t port, Hello hello) {
    auto made = std::make_unique<Socket>();
    error_code error;
    udp::resolver resolver{made->io};
    const auto found = resolver.resolve(host, std::to_string(port), error);
    if (error || found.empty())
        return fail(Error::Code::not_found,
                    fmt::format("--host {}: no such host ({})", host, error.message()));
    // localhost is ::1 as well, where a fusiond does not listen unless told to.
    auto peer = found.begin()->endpoint();
    for (const auto& entry : found)
        if (entry.endpoint().protocol() == udp::v4()) {
            peer = entry.endpoint();
            break;
        }
    made->socket.open(peer.protocol(), error);
    // Connected, so that a port where nobody listens is told at once.
    if (!error) made->socket.connect(peer, error);
    if (!error) made->socket.non_blocking(true, error);
    if (error)
        return fail(Error::Code::unavailable,
                    fmt::format("{}:{}: {}", host, port, error.message()));
    OscClient client{std::move(made), fmt::format("{}:{}", host, port)};
    client.says_hello_ = hello == Hello::always || !peer.address().is_loopback();
    return client;
}

tl::unexpected<Error> OscClient::refused() const {
    return fail(
        Error::Code::unavailable,
        fmt::format("no answer from {}: nothing listens there. Is fusiond running (systemctl "
                    "status fusiond)? Is its OSC port another one ([osc] port; here --port "
                    "or FUSIONCTL_PORT)?",
                    where_));
}

Status OscClient::send(std::span<const OscMessage> messages) {
    const auto bytes = messages.size() == 1 ? encode_osc(messages.front()) : bundle_of(messages);
    error_code error;
    socket_->socket.send(asio::buffer(bytes), 0, error);
    // The answer to what was sent before may be that nobody listens: said now, and cleared by it.
    if (error == asio::error::connection_refused)
        socket_->socket.send(asio::buffer(bytes), 0, error);
    if (error == asio::error::connection_refused) return refused();
    if (error)
        return fail(Error::Code::unavailable, fmt::format("{}: {}", where_, error.message()));
    return {};
}

Result<std::optional<OscMessage>> OscClient::receive(Clock::time_point until) {
    while (true) {
        auto message = receive_any(until);
        if (!message || !*message || !is_about_hello(**message)) return message;
    }
}

// One from before answers that it knows no such path, and needs none.
Status OscClient::say_hello(Millis timeout) {
    if (!std::exchange(says_hello_, false)) return {};
    const std::array<OscMessage, 1> hello{{{std::string{kHello}, {}}}};
    if (auto sent = send(hello); !sent) return sent;
    const auto until = Clock::now() + timeout;
    while (Clock::now() < until) {
        const auto message = receive_any(until);
        if (!message) return tl::unexpected{message.error()};
        if (*message && (*message)->path != kHello && is_about_hello(**message)) break;
    }
    return {};
}

Result<std::optional<OscMessage>> OscClient::receive_any(Clock::time_point until) {
    while (heard_.empty()) {
        const auto left = std::chrono::ceil<Millis>(until - Clock::now()).count();
        pollfd readable{socket_->socket.native_handle(), POLLIN, 0};
        const int ready = ::poll(&readable, 1, static_cast<int>(std::clamp<long>(left, 0, 60'000)));
        if (ready < 0 && errno == EINTR) return std::nullopt;
        if (ready <= 0) return std::nullopt;
        error_code error;
        const auto size = socket_->socket.receive(asio::buffer(socket_->buffer), 0, error);
        if (error == asio::error::connection_refused) return refused();
        if (error) continue;
        if (auto messages = decode_osc(std::span{socket_->buffer}.first(size)))
            heard_.insert(heard_.end(), messages->begin(), messages->end());
    }
    auto message = std::move(heard_.front());
    heard_.pop_front();
    // It asks whether we hear it: as it came, it goes back.
    if (message.path == kHello)
        if (auto sent = send({&message, 1}); !sent) return tl::unexpected{sent.error()};
    return message;
}

Result<std::vector<OscMessage>> OscClient::ask(std::vector<OscMessage> messages, Millis timeout) {
    const OscMessage synced{"/synced", {++mark_}};
    if (auto known = say_hello(timeout); !known) return tl::unexpected{known.error()};
    messages.push_back({"/sync", synced.args});
    if (auto sent = send(messages); !sent) return tl::unexpected{sent.error()};
    std::vector<OscMessage> answers;
    while (true) {
        auto answer = receive(Clock::now() + timeout);
        if (!answer) return tl::unexpected{answer.error()};
        if (!*answer)
            return fail(
                Error::Code::unavailable,
                fmt::format(
                    "no answer from {} within {} ms. Does fusiond run there, and may this "
                    "machine reach it ([osc] bind = \"0.0.0.0\", the firewall)? Is it another "
                    "port (--port or FUSIONCTL_PORT), or a slow network (--timeout)?",
                    where_, timeout.count()));
        if (**answer == synced) return answers;
        answers.push_back(std::move(**answer));
    }
}

}  // namespace fusion
