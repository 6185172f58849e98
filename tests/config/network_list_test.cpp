#include "config/network_list.hpp"

#include <arpa/inet.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using testing::HasSubstr;

NetworkList::Address address(const std::string& text) {
    NetworkList::Address bytes{};
    const auto whole = text.find(':') == std::string::npos ? "::ffff:" + text : text;
    EXPECT_EQ(::inet_pton(AF_INET6, whole.c_str(), bytes.data()), 1) << text;
    return bytes;
}

TEST(NetworkList, HasWhatLiesInOneOfItsNetworks) {
    const auto list =
        NetworkList::parse({"192.168.1.0/24", "10.0.0.7", "fd00::/8", "172.16.0.0/12"});
    ASSERT_TRUE(list);
    for (const auto* inside : {"192.168.1.255", "10.0.0.7", "fd12::1", "172.31.0.1"})
        EXPECT_TRUE(list->has(address(inside))) << inside;
    for (const auto* outside : {"192.168.2.1", "10.0.0.8", "fe80::1", "172.32.0.1", "::1"})
        EXPECT_FALSE(list->has(address(outside))) << outside;
}

TEST(NetworkList, ZeroBitsAreAllOfThatKind) {
    const auto list = NetworkList::parse({"0.0.0.0/0"});
    ASSERT_TRUE(list);
    EXPECT_TRUE(list->has(address("203.0.113.5")));
    EXPECT_FALSE(list->has(address("2001:db8::1")));
}

TEST(NetworkList, NoneHasNobodyAndThePrivateOnesHaveNoStrangers) {
    EXPECT_FALSE(NetworkList{}.has(address("127.0.0.1")));
    const auto near = NetworkList::private_networks();
    EXPECT_TRUE(near.has(address("192.168.1.7")));
    EXPECT_TRUE(near.has(address("fe80::1")));
    EXPECT_FALSE(near.has(address("203.0.113.5")));
    EXPECT_FALSE(near.has(address("2001:db8::1")));
}

TEST(NetworkList, WhatIsNoNetworkIsToldWithWhatToWrite) {
    for (const auto* wrong : {"", "studio", "192.168.1.0/33", "192.168.1.0/", "fd00::/129",
                              "192.168.1.0/24x", "192.168.1"}) {
        const auto list = NetworkList::parse({wrong});
        ASSERT_FALSE(list) << wrong;
        EXPECT_THAT(list.error().message, HasSubstr("192.168.1.0/24"));
    }
}

}  // namespace
}  // namespace fusion
