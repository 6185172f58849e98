#include "osc/web/http_origin.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

TEST(HttpOrigin, OnlyAddressesAndOwnNamesAreThisMachine) {
    for (const auto* ours :
         {"127.0.0.1", "127.0.0.1:9701", "192.168.1.5:1", "[::1]:9701", "[::1]", "localhost",
          "LocalHost:9701", "studio", "studio.local", "Studio.Local:9701", "studio.local.:9701"})
        EXPECT_TRUE(is_own_host(ours, "studio")) << ours;
    for (const auto* strange : {"", "evil.example", "evil.example:9701", "127.0.0.1.evil.example",
                                "evil.local", "localhost.evil.example", ".local", "notlocal",
                                "[::1", "[evil]", "local", "studio.evil", "::1", "[127.0.0.1]"})
        EXPECT_FALSE(is_own_host(strange, "studio")) << strange;
    EXPECT_FALSE(is_own_host(".local", "")) << "a machine without a name";
}

TEST(HttpOrigin, APageOfOursOrOfThisMachinesLoopbackIsWelcome) {
    const HttpOrigins none;
    for (const auto* host : {"192.168.1.7:9701", "studio.local:9701", "[fe80::1]:9701"})
        EXPECT_TRUE(may_come_from(std::string{"http://"} + host, host, none)) << host;
    EXPECT_TRUE(may_come_from("http://Studio.local:9701", "studio.local:9701", none));
    for (const auto* near : {"http://localhost:8080", "http://127.0.0.1", "http://[::1]:80"})
        EXPECT_TRUE(may_come_from(near, "192.168.1.7:9701", none)) << near;
}

TEST(HttpOrigin, NoOtherPageIsHoweverNearItLooks) {
    const HttpOrigins none;
    for (const auto* foreign :
         {"null", "http://203.0.113.5", "http://192.168.1.7", "http://evil.local",
          "http://192.168.1.7:9702", "https://evil.example", "http://localhost.evil.example",
          "http://127.0.0.1.evil.example:80", "localhost", "", "https://", "://127.0.0.2.x",
          "http://[::1", "file://"})
        EXPECT_FALSE(may_come_from(foreign, "192.168.1.7:9701", none)) << foreign;
    EXPECT_FALSE(may_come_from("", "", none));
    EXPECT_FALSE(may_come_from("http://", "", none));
}

TEST(HttpOrigin, WhatTheConfigurationNamesIsWelcomeAndNothingLikeIt) {
    const HttpOrigins some{"studio", {"http://panel.example:8080", "null"}};
    EXPECT_TRUE(may_come_from("http://panel.example:8080", "127.0.0.1:9701", some));
    EXPECT_TRUE(may_come_from("null", "127.0.0.1:9701", some));
    for (const auto* other : {"http://panel.example", "https://panel.example:8080",
                              "http://panel.example:8080.evil.example"})
        EXPECT_FALSE(may_come_from(other, "127.0.0.1:9701", some)) << other;
}

TEST(HttpOrigin, TheMachinesNameHasNoDomain) {
    EXPECT_EQ(own_host_name().find('.'), std::string::npos);
}

}  // namespace
}  // namespace fusion
