#include "osc/message.hpp"

#include <random>
#include <span>

#include <gtest/gtest.h>

namespace fusion {
namespace {

const OscMessage kEverything{
    "/fusiond/tempo",
    {std::int32_t{-7}, std::int64_t{1} << 40U, 0.5F, 0.25, true, false, std::string{"jazz"}}};

std::vector<std::uint8_t> bundle_of(const std::vector<std::vector<std::uint8_t>>& elements) {
    std::vector<std::uint8_t> bytes{'#', 'b', 'u', 'n', 'd', 'l', 'e', 0};
    bytes.insert(bytes.end(), {0, 0, 0, 0, 0, 0, 0, 1});
    for (const auto& element : elements) {
        bytes.insert(bytes.end(), {0, 0, static_cast<std::uint8_t>(element.size() >> 8U),
                                   static_cast<std::uint8_t>(element.size())});
        bytes.insert(bytes.end(), element.begin(), element.end());
    }
    return bytes;
}

TEST(OscMessage, WhatIsWrittenIsReadBack) {
    const auto read = decode_osc(encode_osc(kEverything));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(read->front(), kEverything);
}

TEST(OscMessage, NumbersOfEveryTypeAreNumbersAndTextIsNot) {
    EXPECT_EQ(osc_number(kEverything.args[0]), -7.0);
    EXPECT_EQ(osc_number(kEverything.args[3]), 0.25);
    EXPECT_EQ(osc_number(kEverything.args[4]), 1.0);
    EXPECT_EQ(osc_number(kEverything.args[5]), 0.0);
    EXPECT_EQ(osc_number(kEverything.args[6]), std::nullopt);
    EXPECT_EQ(osc_number(OscOther{'N'}), std::nullopt);
}

TEST(OscMessage, ABundleIsItsMessagesInOrder) {
    const auto inner = bundle_of({encode_osc({"/b", {}}), encode_osc({"/c", {}})});
    const auto read = decode_osc(bundle_of({encode_osc({"/a", {}}), inner}));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 3U);
    EXPECT_EQ((*read)[0].path, "/a");
    EXPECT_EQ((*read)[2].path, "/c");
}

TEST(OscMessage, ABundleCutShortOrTooDeepIsRefusedWhole) {
    const auto bytes = bundle_of({encode_osc({"/a", {}}), encode_osc({"/b", {1.0F}})});
    EXPECT_FALSE(decode_osc(std::span{bytes}.first(bytes.size() - 4)));
    auto deep = encode_osc({"/a", {}});
    for (int i = 0; i < 9; ++i) deep = bundle_of({deep});
    EXPECT_FALSE(decode_osc(deep));
}

TEST(OscMessage, EveryTruncationIsRefusedOrReadWithoutACrash) {
    const auto whole = bundle_of({encode_osc(kEverything)});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto read = decode_osc(std::span{whole}.first(size));
        if (read) {
            EXPECT_TRUE(read->empty()) << "cut at " << size;
        }
    }
}

TEST(OscMessage, FlippedAndRandomBytesNeverCrash) {
    std::mt19937 random{1};
    const auto whole = encode_osc(kEverything);
    std::size_t refused = 0;
    for (int round = 0; round < 20000; ++round) {
        auto bytes = whole;
        for (int flips = 0; flips < 4; ++flips)
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        if (!decode_osc(bytes)) ++refused;
    }
    EXPECT_GT(refused, 0U);
}

}  // namespace
}  // namespace fusion
