#include "osc/cookie.hpp"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;

UdpPeer peer(const char* address, std::uint16_t port) {
    return {boost::asio::ip::make_address(address), port};
}

// The example of the paper that describes it (Aumasson and Bernstein 2012, appendix A).
TEST(Cookie, IsTheHashThatItSaysItIs) {
    std::vector<std::uint8_t> bytes(15);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
    EXPECT_EQ(siphash({0x0706050403020100U, 0x0f0e0d0c0b0a0908U}, bytes), 0xa129ca6149be45e5U);
}

TEST(Cookie, HoldsForItsPeerAndForItsTime) {
    const CookieJar jar;
    const auto anna = peer("192.168.1.7", 57120);
    const TimePoint now{1000s};
    const auto cookie = jar.bake(anna, now);
    EXPECT_EQ(cookie.size(), CookieJar::kLetters);
    EXPECT_TRUE(jar.is_ours(cookie, anna, now));
    EXPECT_TRUE(jar.is_ours(cookie, anna, now + 2min));
    EXPECT_FALSE(jar.is_ours(cookie, anna, now + 5min));
    EXPECT_FALSE(jar.is_ours(cookie, peer("192.168.1.7", 57121), now));
    EXPECT_FALSE(jar.is_ours(cookie, peer("192.168.1.8", 57120), now));
    EXPECT_FALSE(jar.is_ours(cookie.substr(1), anna, now));
    EXPECT_FALSE(jar.is_ours("", anna, now));
}

TEST(Cookie, NoTwoJarsBakeTheSame) {
    const auto anna = peer("2001:db8::7", 57120);
    EXPECT_NE(CookieJar{}.bake(anna, TimePoint{}), CookieJar{}.bake(anna, TimePoint{}));
}

}  // namespace
}  // namespace fusion
