#include "daemon/session_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using testing::ElementsAre;

SessionLog read(std::string_view text) {
    auto log = parse_session(text, "s");
    EXPECT_TRUE(log) << log.error().message;
    return log ? *log : SessionLog{};
}

std::string problem(std::string_view text) {
    const auto log = parse_session(text, "s");
    return log ? "none" : log.error().message;
}

TEST(SessionLogTest, ALineIsAPlaceAPathAndWhatOscWouldSay) {
    const auto log = read(
        "# a remark\n"
        "\n"
        "0   weights 10 0 0.5\r\n"
        "6:2.5\tscene/recall \"my verse\" 4   # over a bar\n"
        "7 key F#\n"
        "16 end");
    ASSERT_EQ(log.changes.size(), 3U);
    EXPECT_EQ(log.changes[0].at, SessionPlace{0});
    EXPECT_EQ(log.changes[0].says, (OscMessage{"/fusiond/weights", {10.0, 0.0, 0.5}}));
    EXPECT_EQ(log.changes[0].from, "s:3: weights 10 0 0.5");
    EXPECT_EQ(log.changes[1].at, (SessionPlace{6, Ticks{2400}}));
    EXPECT_EQ(log.changes[1].says,
              (OscMessage{"/fusiond/scene/recall", {std::string{"my verse"}, 4.0}}));
    EXPECT_THAT(log.changes[2].says.args, ElementsAre(OscArg{std::string{"F#"}}));
    EXPECT_EQ(log.bars, 16);
}

TEST(SessionLogTest, APlaceMayBeBeatsAlone) {
    const auto log = read(":0 seed 7\n:26.5 tempo 90\n:64 end");
    ASSERT_EQ(log.changes.size(), 2U);
    EXPECT_EQ(log.changes[1].at, (SessionPlace{0, Ticks{25440}, SessionPlace::Count::beats}));
    EXPECT_EQ(log.length, Ticks{61440});
    EXPECT_FALSE(log.bars);
    EXPECT_EQ(problem(":8 end\n9 end"), "s:2: it ended before");
}

TEST(SessionLogTest, ANumberInQuotesIsText) {
    EXPECT_THAT(read("0 scene/save \"12\"").changes.at(0).says.args,
                ElementsAre(OscArg{std::string{"12"}}));
}

TEST(SessionLogTest, WhatIsNoNumberIsText) {
    for (const auto* word : {"fast", "nan", "inf", "1e999", "3x"})
        EXPECT_THAT(read(std::string{"0 tempo "} + word).changes.at(0).says.args,
                    ElementsAre(OscArg{std::string{word}}));
}

TEST(SessionLogTest, WhatIsWrongIsToldWithItsLine) {
    for (const auto* place :
         {"x", "-1", "1.5", ":", ":-2", "1:", "1:-2", "1:nan", "1:2:3", "99999999999999999999"})
        EXPECT_EQ(problem(std::string{"0 tempo 90\n"} + place + " tempo 90").substr(0, 4), "s:2:")
            << place;
    EXPECT_EQ(problem("4"), "s:1: nothing is said; as in: 4 tempo 90");
    EXPECT_EQ(problem("\n4 scene/save \"a"), "s:2: a quote that does not end");
    EXPECT_EQ(problem("4 end\n8 end"), "s:2: it ended before");
    EXPECT_EQ(problem("0 end"), "s:1: an end stands on a bar line, as in: 16 end");
    EXPECT_EQ(problem("4:1 end"), "s:1: an end stands on a bar line, as in: 16 end");
}

TEST(SessionLogTest, TheWordsOfACommandLineSayTheSame) {
    const auto weight = parse_at(16, "weight", "jazz=0.5");
    ASSERT_TRUE(weight);
    EXPECT_EQ(weight->says, (OscMessage{"/fusiond/weight/jazz", {0.5}}));
    EXPECT_EQ(weight->at, SessionPlace{16});
    const auto key = parse_at(8, "key", "F#");
    ASSERT_TRUE(key);
    EXPECT_EQ(key->from, "--at 8 key F#");
    EXPECT_EQ(parse_at(8, "Weight", "Jazz=+2")->says, (OscMessage{"/fusiond/weight/Jazz", {2.0}}));
    EXPECT_FALSE(parse_at(8, "weight", "jazz"));
    EXPECT_FALSE(parse_at(-1, "tempo", "90"));
}

}  // namespace
}  // namespace fusion
