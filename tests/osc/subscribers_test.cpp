#include "osc/subscribers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;

UdpPeer peer(std::uint16_t port) { return {boost::asio::ip::make_address("127.0.0.1"), port}; }

std::size_t alive(Subscribers& subscribers, TimePoint now) {
    std::size_t count = 0;
    subscribers.each(OscStream::note, now, [&](const UdpPeer&, const UdpPeer&) { ++count; });
    return count;
}

TEST(Subscribers, ASilentOneExpiresAndAnyPacketRenews) {
    Subscribers subscribers;
    const TimePoint start{100s};
    ASSERT_TRUE(subscribers.add(peer(1), start, {10s}));
    ASSERT_TRUE(subscribers.add(peer(2), start, {10s}));
    subscribers.heard_from(peer(2), start + 6s);
    EXPECT_EQ(alive(subscribers, start + 9s), 2U);
    EXPECT_EQ(alive(subscribers, start + 11s), 1U);
    EXPECT_EQ(alive(subscribers, start + 17s), 0U);
}

TEST(Subscribers, SubscribingTwiceCountsOnceAndLeavingWorks) {
    Subscribers subscribers;
    ASSERT_TRUE(subscribers.add(peer(1), TimePoint{}));
    ASSERT_TRUE(subscribers.add(peer(1), TimePoint{}));
    EXPECT_EQ(subscribers.count(), 1U);
    subscribers.remove(peer(1));
    EXPECT_EQ(subscribers.count(), 0U);
}

TEST(Subscribers, OneTooManyIsRefusedUntilAnotherExpires) {
    Subscribers subscribers;
    const TimePoint start{};
    for (std::uint16_t p = 1; p <= Subscribers::kMost; ++p)
        ASSERT_TRUE(subscribers.add(peer(p), start, {10s}));
    EXPECT_FALSE(subscribers.add(peer(1000), start));
    EXPECT_TRUE(subscribers.add(peer(1000), start + 11s));
}

TEST(Subscribers, NeitherOneMachineNorAllOthersTakeEverySeat) {
    Subscribers subscribers;
    const TimePoint start{};
    const auto add = [&](const std::string& address, std::uint16_t port) {
        return subscribers.add({boost::asio::ip::make_address(address), port}, start).has_value();
    };
    for (std::uint16_t p = 1; p <= Subscribers::kMostOfOne; ++p) EXPECT_TRUE(add("10.0.0.1", p));
    EXPECT_FALSE(add("10.0.0.1", 1000));
    EXPECT_TRUE(add("10.0.0.1", 1)) << "it is there already";
    std::size_t others = 0;
    for (int machine = 2; machine < 100; ++machine)
        if (add(fmt::format("10.0.0.{}", machine), 1)) ++others;
    EXPECT_EQ(others, Subscribers::kMostOfOthers - Subscribers::kMostOfOne);
    EXPECT_TRUE(add("127.0.0.1", 1)) << "this machine's own find room";
}

TEST(Subscribers, OnlyWhoWantsAStreamIsTold) {
    Subscribers subscribers;
    const TimePoint start{};
    OscStreamSet beats;
    beats.set(static_cast<std::size_t>(OscStream::beat));
    ASSERT_TRUE(subscribers.add(peer(1), start, {10s, beats}));
    EXPECT_EQ(alive(subscribers, start), 0U);
    EXPECT_FALSE(subscribers.any_for(OscStream::note));
    EXPECT_TRUE(subscribers.any_for(OscStream::beat));
    ASSERT_TRUE(subscribers.add(peer(1), start, {10s}));
    EXPECT_EQ(alive(subscribers, start), 1U) << "who comes again wants all";
}

}  // namespace
}  // namespace fusion
