#include "osc/dump.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/osc/osc_bytes.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class Dump : public testing::Test {
protected:
    void packet(const Bytes& bytes) { dump_.packet(bytes, decode_osc(bytes), from_, now_); }

    UdpPeer from_{boost::asio::ip::make_address("127.0.0.1"), 57120};
    TimePoint now_{100s};
    std::vector<std::string> log_;
    OscDump dump_{[this](const std::string& line) { log_.push_back(line); }};
};

TEST_F(Dump, SaysNothingUntilAsked) {
    packet(encode_osc({"/a", {1}}));
    EXPECT_TRUE(log_.empty());
}

TEST_F(Dump, ParsedGivesPathTypesArgumentsSenderAndTime) {
    dump_.set(OscDump::Mode::parsed);
    packet(encode_osc({"/a", {1, 0.5F, std::string{"jazz"}, true}}));
    packet(
        bundle_of({encode_osc({"/b", {}})}, {(std::uint64_t{3'900'000'000} << 32U) + (1U << 31U)}));
    packet({'x'});
    EXPECT_THAT(log_, ElementsAre("OSC from 127.0.0.1:57120: /a ,ifsT 1 0.5 \"jazz\" true",
                                  "OSC from 127.0.0.1:57120: /b , for 3900000000.500",
                                  HasSubstr("no OSC message")));
}

TEST_F(Dump, HexGivesTheBytesAndBothGivesBoth) {
    dump_.set(OscDump::Mode::hex);
    packet(padded("/a"));
    EXPECT_THAT(log_, ElementsAre("OSC from 127.0.0.1:57120, 4 bytes: 2f 61 00 00"));
    dump_.set(OscDump::Mode::both);
    packet(padded("/a"));
    EXPECT_EQ(log_.size(), 3U);
}

TEST_F(Dump, ALineStaysOneLineAndHasAnEnd) {
    dump_.set(OscDump::Mode::both);
    packet(encode_osc({"/a", {std::string{"one\n\x1B[31mtwo\""}}}));
    packet(encode_osc({"/a", {std::string(60'000, 'x')}}));
    for (const auto& line : log_) {
        EXPECT_EQ(line.find_first_of("\n\x1B"), std::string::npos);
        EXPECT_LE(line.size(), OscDump::kLongestLine + 4);
    }
    EXPECT_THAT(log_[1], HasSubstr("\"one\\x0a\\x1b[31mtwo\\x22\""));
}

TEST_F(Dump, AFloodIsCountedNotLoggedAndLeavesRoomForOthers) {
    dump_.set(OscDump::Mode::parsed);
    const auto bytes = encode_osc({"/a", {}});
    for (int i = 0; i < 150; ++i) packet(bytes);
    EXPECT_EQ(log_.size(), 100U);
    dump_.turn(now_);
    EXPECT_EQ(log_.size(), 100U);
    now_ += 1s;
    dump_.turn(now_);
    EXPECT_EQ(log_.back(), "OSC: 50 more lines left out");
    packet(bytes);
    EXPECT_EQ(log_.size(), 102U);
    for (int i = 0; i < 60'000; ++i, now_ += 1ms) {
        packet(bytes);
        dump_.turn(now_);
    }
    EXPECT_LE(log_.size(), 102U + 3U * 60U + 3U) << "half of what the log may hold";
}

}  // namespace
}  // namespace fusion
