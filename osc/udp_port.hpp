// The UDP socket of the OSC server, on the control thread's io_context. Datagrams come in to one
// receiver; answers leave from the same port, so that they pass where the question came through.
// Thread: control. Errors: unavailable (address or port taken), malformed (no address).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include "engine/base/result.hpp"

namespace fusion {

using UdpPeer = boost::asio::ip::udp::endpoint;

class UdpPort {
public:
    using Receiver = std::function<void(std::span<const std::uint8_t>, const UdpPeer&)>;

    // `address`: "127.0.0.1", "localhost", "0.0.0.0", "::1", ...; `port` 0 takes any free one.
    static Result<std::unique_ptr<UdpPort>> open(boost::asio::io_context& io,
                                                 const std::string& address, std::uint16_t port);

    // The receiver may end the port that calls it; what the bytes lie in goes with it.
    void receive(Receiver receiver);
    // Never waits: what the system has no room for is dropped and counted, as UDP would.
    void send(std::span<const std::uint8_t> bytes, const UdpPeer& peer);
    void close();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
    explicit UdpPort(boost::asio::ip::udp::socket socket) : socket_{std::move(socket)} {}
    void wait();
    void take_some();

    static constexpr std::size_t kLargest = 65536;  // datagram
    // Asked of the system, so that a flood loses nothing while the thread is busy: it counts some
    // 800 bytes for a small message, so 4 MiB are half a second of 10,000 a second. The system may
    // give less (Linux: sysctl net.core.rmem_max).
    static constexpr int kRoom = 4 << 20;
    // Taken before timers and signals get their turn, and for how long at most.
    static constexpr int kAtOnce = 256;
    static constexpr std::chrono::milliseconds kTurn{3};

    boost::asio::ip::udp::socket socket_;
    // Shared with who calls it: it is there until it returns.
    std::shared_ptr<const Receiver> receiver_;
    std::array<std::uint8_t, kLargest> buffer_{};
    std::uint64_t dropped_ = 0;
    // Datagrams may have come just before the port went.
    std::shared_ptr<void> alive_ = std::make_shared<char>();
};

}  // namespace fusion
