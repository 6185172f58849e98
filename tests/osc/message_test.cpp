#include "osc/message.hpp"

#include <random>
#include <span>

#include <gtest/gtest.h>

#include "tests/osc/osc_bytes.hpp"

namespace fusion {
namespace {

const OscMessage kEverything{"/fusiond/tempo",
                             {std::int32_t{-7}, std::int64_t{1} << 40U, 0.5F, 0.25, true, false,
                              std::string{"jazz"}, OscChar{'x'}, OscOther{'N'}, OscOther{'I'}}};

TEST(OscMessage, WhatIsWrittenIsReadBack) {
    const auto read = decode_osc(encode_osc(kEverything));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(static_cast<const OscMessage&>(read->front()), kEverything);
}

TEST(OscMessage, NumbersOfEveryTypeAreNumbersAndTextIsNot) {
    EXPECT_EQ(osc_number(kEverything.args[0]), -7.0);
    EXPECT_EQ(osc_number(kEverything.args[3]), 0.25);
    EXPECT_EQ(osc_number(kEverything.args[4]), 1.0);
    EXPECT_EQ(osc_number(kEverything.args[5]), 0.0);
    EXPECT_EQ(osc_number(kEverything.args[6]), std::nullopt);
    EXPECT_EQ(osc_number(OscOther{'N'}), std::nullopt);
}

TEST(OscMessage, TextIsTextAndMayBeANumber) {
    EXPECT_EQ(osc_text(kEverything.args[6]), "jazz");
    EXPECT_EQ(osc_text(kEverything.args[7]), "x");
    EXPECT_EQ(osc_text(kEverything.args[0]), std::nullopt);
    EXPECT_EQ(osc_number_or_text(std::string{"96"}), 96.0);
    EXPECT_EQ(osc_number_or_text(OscChar{'7'}), 7.0);
    EXPECT_EQ(osc_number_or_text(0.5F), 0.5);
    EXPECT_EQ(osc_number_or_text(std::string{"nan"}), std::nullopt);
    EXPECT_EQ(osc_number_or_text(OscOther{'I'}), std::nullopt);
}

TEST(OscMessage, EveryTypeIsReadAndArraysAreFlat) {
    const auto read =
        decode_osc(padded("/a") + padded(",ihfdsScTFINtmb[r[i]]i") + word(1) + word(0) + word(2) +
                   word(0x3F800000) + word(0x3FF00000) + word(0) + padded("four") + padded("sym") +
                   word('c') + word(0) + word(1) + word(0x00903C40) + word(3) + Bytes{1, 2, 3, 0} +
                   word(0xFF0000FF) + word(7) + word(8));
    ASSERT_TRUE(read) << read.error().message;
    const std::vector<OscArg> expected{
        std::int32_t{1},    std::int64_t{2}, 1.0F,          1.0,           std::string{"four"},
        std::string{"sym"}, OscChar{'c'},    true,          false,         OscOther{'I'},
        OscOther{'N'},      OscOther{'t'},   OscOther{'m'}, OscOther{'b'}, OscOther{'r'},
        std::int32_t{7},    std::int32_t{8}};
    EXPECT_EQ(read->front().args, expected);
}

TEST(OscMessage, ABundleIsItsMessagesInOrder) {
    const auto inner = bundle_of({encode_osc({"/b", {}}), encode_osc({"/c", {}})});
    const auto read = decode_osc(bundle_of({encode_osc({"/a", {}}), inner}));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 3U);
    EXPECT_EQ((*read)[0].path, "/a");
    EXPECT_EQ((*read)[2].path, "/c");
}

TEST(OscMessage, EachMessageHasTheTimeTagOfTheInnermostBundle) {
    const OscTimeTag soon{std::uint64_t{3'900'000'000} << 32U};
    const auto later = seconds_after(soon, 1.5);
    const auto message = encode_osc({"/a", {}});
    const auto read = decode_osc(bundle_of({message, bundle_of({message}, later), message}, soon));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 3U);
    EXPECT_EQ((*read)[0].when, soon);
    EXPECT_EQ((*read)[1].when, later);
    EXPECT_EQ((*read)[2].when, soon);
}

TEST(OscMessage, ABundleIsNeverEarlierThanTheOneAroundIt) {
    const OscTimeTag soon{std::uint64_t{3'900'000'000} << 32U};
    const auto message = encode_osc({"/a", {}});
    for (const auto earlier : {seconds_after(soon, -1.0), OscTimeTag{}}) {
        const auto read = decode_osc(bundle_of({bundle_of({message}, earlier)}, soon));
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(read->front().when, soon);
    }
}

TEST(OscMessage, WhatIsInNoBundleOrInOneWithoutATimeIsForNow) {
    const auto message = encode_osc({"/a", {}});
    EXPECT_TRUE(decode_osc(message)->front().when.at_once());
    EXPECT_TRUE(decode_osc(bundle_of({message}))->front().when.at_once());
    EXPECT_TRUE(decode_osc(bundle_of({message}, {0}))->front().when.at_once());
    EXPECT_FALSE(decode_osc(bundle_of({message}, {2}))->front().when.at_once());
}

TEST(OscMessage, APathAloneIsAMessageWithoutArguments) {
    for (const auto* path : {"/fusiond/tempo", "/abc", "/abcd"}) {
        const auto read = decode_osc(padded(path));
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(static_cast<const OscMessage&>(read->front()), (OscMessage{path, {}}));
    }
}

TEST(OscMessage, ThePathOfAMalformedMessageCanBeRead) {
    EXPECT_EQ(osc_path_of(padded("/fusiond/tempo") + word(0x3F800000)), "/fusiond/tempo");
    EXPECT_EQ(osc_path_of(padded("no path")), "");
    EXPECT_EQ(osc_path_of(padded("/with\nnewline")), "");
    EXPECT_EQ(osc_path_of(Bytes{'/', 'a', 'b', 'c'}), "");
    EXPECT_EQ(osc_path_of({}), "");
}

TEST(OscMessage, AnswersAreKnown) {
    for (const auto* path : {"/fail", "/done", "/synced", "/late", "/status.reply"})
        EXPECT_TRUE(is_osc_answer(path)) << path;
    EXPECT_FALSE(is_osc_answer("/fusiond/tempo"));
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
