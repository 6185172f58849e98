// What a training has come to, as the page is told.
#include "daemon/training/training_account.hpp"

#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fusion {
namespace {

nlohmann::json json_of(const TrainingAccount& account) {
    return nlohmann::json::parse(account.as_json());
}

TEST(TrainingAccount, BeginsWithNothing) {
    const TrainingAccount account;
    const auto json = json_of(account);
    EXPECT_EQ(json["state"], "trains");
    EXPECT_TRUE(json["curves"].empty());
    EXPECT_EQ(json["line"]["number"], 0);
}

TEST(TrainingAccount, TellsHowFarTheWorkIs) {
    TrainingAccount account;
    account.shows("phase 1, jazz", 0.25, std::chrono::seconds{90}, "epoch 3, loss 1.2");
    const auto json = json_of(account);
    EXPECT_EQ(json["work"], "phase 1, jazz");
    EXPECT_EQ(json["share"], 0.25);
    EXPECT_EQ(json["left_s"], 90);
    EXPECT_EQ(json["note"], "epoch 3, loss 1.2");
}

TEST(TrainingAccount, KeepsACurveForEachWorkInTheOrderInWhichTheyBegan) {
    TrainingAccount account;
    account.epoch({"phase 1, pop", 1, 12, 2.0, 1.9});
    account.epoch({"phase 1, jazz", 1, 12, 3.0, 2.9});
    account.epoch({"phase 1, pop", 2, 12, 1.5, 1.8});
    account.epoch({"phase 1, pop", 3, 12, 1.2, 1.85});
    const auto curves = json_of(account)["curves"];
    ASSERT_EQ(curves.size(), 2U);
    EXPECT_EQ(curves[0]["name"], "phase 1, pop");
    EXPECT_EQ(curves[0]["epochs"], 12);
    EXPECT_EQ(curves[0]["best"], 1.8);
    ASSERT_EQ(curves[0]["points"].size(), 3U);
    EXPECT_EQ(curves[0]["points"][1]["training"], 1.5);
    EXPECT_EQ(curves[1]["name"], "phase 1, jazz");
}

TEST(TrainingAccount, HasNoNumberForALossThatIsNone) {
    TrainingAccount account;
    account.epoch({"phase 2", 1, 6, std::numeric_limits<double>::quiet_NaN(),
                   std::numeric_limits<double>::infinity()});
    const auto curve = json_of(account)["curves"][0];
    EXPECT_TRUE(curve["best"].is_null());
    EXPECT_TRUE(curve["points"][0]["training"].is_null());
}

TEST(TrainingAccount, KeepsTheLastLinesThatWereSaid) {
    TrainingAccount account;
    for (int i = 0; i < 40; ++i) account.says(std::to_string(i));
    account.says("");
    const auto said = json_of(account)["said"];
    EXPECT_EQ(said.size(), 12U);
    EXPECT_EQ(said.back(), "39");
}

TEST(TrainingAccount, TellsOfABundleOnceAndOfEachLine) {
    TrainingAccount account;
    EXPECT_TRUE(account.take_written().empty());
    account.wrote("a.bundle");
    account.wrote("b.bundle");
    EXPECT_EQ(account.take_written(), "b.bundle");
    EXPECT_TRUE(account.take_written().empty());
    account.line({{"jazz", "pop"}, {{0.0, 0.5, 60, 90}, {0.5, 1.0, 62, 80}}});
    const auto line = json_of(account)["line"];
    EXPECT_EQ(line["number"], 1);
    EXPECT_EQ(line["genres"], nlohmann::json({"jazz", "pop"}));
    EXPECT_EQ(line["notes"][1], nlohmann::json({0.5, 1.0, 62, 80}));
}

TEST(TrainingAccount, IsJsonWhateverAGenreIsCalled) {
    TrainingAccount account;
    account.epoch({"phase 1, \xff\"<b>", 1, 2, 1.0, 1.0});
    account.ended("done");
    EXPECT_EQ(json_of(account)["state"], "done");
}

}  // namespace
}  // namespace fusion
