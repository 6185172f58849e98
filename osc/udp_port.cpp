#include "osc/udp_port.hpp"

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>

#include "engine/base/realtime_contract.hpp"

namespace fusion {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

Result<std::unique_ptr<UdpPort>> UdpPort::open(asio::io_context& io, const std::string& address,
                                               std::uint16_t port) {
    error_code error;
    const auto ip = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
    if (error)
        return fail(Error::Code::malformed,
                    fmt::format("osc.bind '{}': no IP address; use 127.0.0.1 for this machine "
                                "alone or 0.0.0.0 for the network",
                                address));
    const udp::endpoint local{ip, port};
    udp::socket socket{io};
    socket.open(local.protocol(), error);
    if (!error) socket.bind(local, error);
    if (!error) socket.non_blocking(true, error);
    if (error)
        return fail(Error::Code::unavailable,
                    fmt::format("OSC port {} on {}: {}; is another fusiond running? Choose another "
                                "with --osc-port or [osc] port, 0 for any free one",
                                port, address, error.message()));
    error_code ignored;  // less room is no reason to be silent
    socket.set_option(udp::socket::receive_buffer_size{kRoom}, ignored);
    return std::unique_ptr<UdpPort>{new UdpPort{std::move(socket)}};
}

void UdpPort::receive(Receiver receiver) {
    receiver_ = std::make_shared<const Receiver>(std::move(receiver));
    wait();
}

void UdpPort::wait() {
    socket_.async_wait(udp::socket::wait_read,
                       [this, alive = std::weak_ptr{alive_}](const error_code& error) {
                           if (error || alive.expired()) return;
                           take_some();
                           if (!alive.expired() && socket_.is_open()) wait();
                       });
}

void UdpPort::take_some() {
    expect_thread(ThreadRole::control);
    const auto until = std::chrono::steady_clock::now() + kTurn;
    const auto receiver = receiver_;
    const std::weak_ptr alive{alive_};
    for (int i = 0; i < kAtOnce && !alive.expired() && socket_.is_open(); ++i) {
        if (std::chrono::steady_clock::now() > until) return;
        UdpPeer peer;
        error_code error;
        const auto size = socket_.receive_from(asio::buffer(buffer_), peer, 0, error);
        if (error == asio::error::would_block) return;
        // A peer that went away comes back as an ICMP error on the next read: not ours to mind.
        if (error) continue;
        (*receiver)(std::span{buffer_}.first(size), peer);
    }
}

void UdpPort::send(std::span<const std::uint8_t> bytes, const UdpPeer& peer) {
    expect_thread(ThreadRole::control);
    error_code error;
    socket_.send_to(asio::buffer(bytes.data(), bytes.size()), peer, 0, error);
    if (error) ++dropped_;
}

void UdpPort::close() {
    expect_thread(ThreadRole::control);
    error_code ignored;
    socket_.close(ignored);
}

std::uint16_t UdpPort::port() const {
    error_code error;
    const auto local = socket_.local_endpoint(error);
    return error ? std::uint16_t{0} : local.port();
}

}  // namespace fusion
