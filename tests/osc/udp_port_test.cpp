#include "osc/udp_port.hpp"

#include <array>

#include <gtest/gtest.h>
#include <boost/asio/buffer.hpp>

namespace fusion {
namespace {

class Port : public testing::Test {
protected:
    void SetUp() override {
        auto opened = UdpPort::open(io_, "127.0.0.1", 0);
        ASSERT_TRUE(opened) << opened.error().message;
        port_ = std::move(*opened);
        to_ = {boost::asio::ip::make_address("127.0.0.1"), port_->port()};
    }
    void send() {
        constexpr std::array<std::uint8_t, 4> kBytes{'/', 'a', 0, 0};
        peer_.send_to(boost::asio::buffer(kBytes), to_);
    }

    boost::asio::io_context io_;
    std::unique_ptr<UdpPort> port_;
    boost::asio::ip::udp::socket peer_{io_, boost::asio::ip::udp::v4()};
    UdpPeer to_;
};

TEST_F(Port, WhatCameForAPortThatIsGoneReachesNobody) {
    int received = 0;
    port_->receive([&](std::span<const std::uint8_t>, const UdpPeer&) { ++received; });
    send();
    port_.reset();
    io_.run();  // ends: nobody waits any more
    EXPECT_EQ(received, 0);
}

TEST_F(Port, AReceiverMayEndThePortThatCalledItAndIsThereUntilItReturns) {
    int received = 0;
    bool there = false;
    auto token = std::make_shared<char>();
    const std::weak_ptr<char> seen = token;
    port_->receive([&, held = std::move(token)](std::span<const std::uint8_t>, const UdpPeer&) {
        ++received;
        port_.reset();
        there = !seen.expired();
    });
    send();
    send();
    io_.run();
    EXPECT_EQ(received, 1) << "the second came for a port that is gone";
    EXPECT_TRUE(there);
    EXPECT_TRUE(seen.expired()) << "and not longer";
}

TEST_F(Port, AClosedPortTakesNothingMore) {
    int received = 0;
    port_->receive([&](std::span<const std::uint8_t>, const UdpPeer&) {
        ++received;
        port_->close();
    });
    send();
    send();
    io_.run();
    EXPECT_EQ(received, 1);
}

}  // namespace
}  // namespace fusion
