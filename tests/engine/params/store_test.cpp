#include "engine/params/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

namespace fusion {
namespace {

using testing::HasSubstr;

struct Store : testing::Test {
    SimulatedTime time;
    ParamStore params{{"classical", "jazz"}, time};
};

TEST_F(Store, BeginsWithTheTableAndItsGenresAtTheInitialWeight) {
    for (const auto& row : param_table()) EXPECT_EQ(params.current().real(row.id), row.initial);
    EXPECT_EQ(params.current().weights.value[1],
              static_cast<float>(spec(FamilyId::weight).initial));
    EXPECT_EQ(params.current().weights.value[2], 0.0F);
    EXPECT_EQ(params.reader().read().real(ParamId::tempo), spec(ParamId::tempo).initial);
}

TEST_F(Store, EveryControlIsSetAndReadByItsPlaceInTheList) {
    for (ParameterIndex c = 0; c < params.parameters().size(); ++c) {
        const auto& parameter = params.parameters()[c];
        EXPECT_EQ(params.value(c), parameter.initial) << parameter.tail;
        EXPECT_EQ(params.find(parameter.tail), c);
        ASSERT_TRUE(params.set(c, parameter.maximum)) << parameter.tail;
        EXPECT_EQ(params.value(c), parameter.maximum) << parameter.tail;
        EXPECT_TRUE(params.set(c, parameter.maximum + 1)->clamped) << parameter.tail;
    }
    EXPECT_FALSE(params.find("weight"));
    EXPECT_EQ(params.parameters().size(), kParamCount + 2 * kFamilyCount);
}

TEST_F(Store, AWeightRampsAsItWasAskedOrAsTheParameterSays) {
    params.set(ParamId::ramp, 3.0).value();
    params.set_weight(0, 1.0).value();
    params.set_weight(1, 1.0, 8.0).value();
    EXPECT_EQ(params.current().ramps[0], 3.0F);
    EXPECT_EQ(params.current().ramps[1], 8.0F);
    EXPECT_TRUE(params.set_weight(1, 2.0, -1.0)->clamped);
    EXPECT_FALSE(params.set_weight(1, 5.0, std::nan("")));
    EXPECT_EQ(params.current().weights.value[1], 2.0F) << "no half of it";
}

TEST_F(Store, SettingsAreSetTogetherInOneRevisionOrNotAtAll) {
    const auto revision = params.current().revision;
    const std::vector<Setting> good{{*params.find("tempo"), 99.0},
                                    {*params.find("weight/jazz"), 11.0}};
    ASSERT_TRUE(params.set_all(good, 4.0));
    EXPECT_EQ(params.current().revision, revision + 1);
    EXPECT_EQ(params.value(*params.find("tempo")), 99.0);
    EXPECT_EQ(params.current().weights.value[1], 10.0F);
    EXPECT_EQ(params.current().ramps[1], 4.0F);
    const std::vector<Setting> bad{{*params.find("tempo"), 50.0},
                                   {*params.find("gate"), std::nan("")}};
    EXPECT_FALSE(params.set_all(bad));
    EXPECT_EQ(params.value(*params.find("tempo")), 99.0);
    EXPECT_EQ(params.current().revision, revision + 1);
}

TEST_F(Store, TheChannelsOfThePartsCountUpAndGoRound) {
    std::vector<std::string> many;
    for (std::size_t g = 0; g < kMaxGenres; ++g) many.push_back(std::to_string(g));
    const ParamStore wide{many, time};
    EXPECT_EQ(wide.current().parts[0].channel, 2);
    EXPECT_EQ(wide.current().parts[14].channel, 16);
    EXPECT_EQ(wide.current().parts[15].channel, 1);
}

TEST_F(Store, EachChangeGrowsTheRevisionAndReachesEachReader) {
    auto clock = params.reader();
    auto inference = params.reader();
    const auto before = params.current().revision;
    time.sleep_until(time.now() + std::chrono::seconds{1});
    ASSERT_TRUE(params.set("tempo", 90.0));
    EXPECT_GT(params.current().revision, before);
    for (auto* reader : {&clock, &inference}) {
        EXPECT_TRUE(reader->fresh());
        EXPECT_EQ(reader->read().real(ParamId::tempo), 90.0);
        EXPECT_EQ(reader->read().changed_at_ns, time.now().time_since_epoch().count());
    }
}

TEST_F(Store, ClampsWhatIsOutOfRangeAndSaysSo) {
    const auto applied = params.set("tempo", 5000.0);
    ASSERT_TRUE(applied);
    EXPECT_TRUE(applied->clamped);
    EXPECT_EQ(applied->value, spec(ParamId::tempo).maximum);
    EXPECT_EQ(params.set("weight/jazz", -3.0)->value, 0.0);
    EXPECT_FALSE(params.set("weight/jazz", 3.0)->clamped);
}

TEST_F(Store, RefusesWhatIsNoNumberAndChangesNothing) {
    const auto before = params.current();
    for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity()}) {
        EXPECT_FALSE(params.set(ParamId::tempo, bad));
        EXPECT_FALSE(params.set_weight(0, bad));
        EXPECT_FALSE(params.set_weights({1.0, bad}));
    }
    EXPECT_EQ(params.current().revision, before.revision);
    EXPECT_EQ(params.current().weights, before.weights);
}

TEST_F(Store, SaysWhatThereIsWhereANameIsUnknown) {
    const auto parameter = params.set("tempi", 1.0);
    ASSERT_FALSE(parameter);
    EXPECT_EQ(parameter.error().code, Error::Code::not_found);
    EXPECT_THAT(parameter.error().message, HasSubstr("tempo"));
    const auto genre = params.set("weight/polka", 1.0);
    ASSERT_FALSE(genre);
    EXPECT_THAT(genre.error().message, HasSubstr("jazz"));
    EXPECT_FALSE(params.set_weight(2, 1.0));
    EXPECT_FALSE(params.set_weights({1, 2, 3}));
}

TEST_F(Store, RoundsIntegersAndKeepsDenominatorsToPowersOfTwo) {
    EXPECT_EQ(params.set("channel", 2.6)->value, 3.0);
    EXPECT_EQ(params.set("playing", 0.7)->value, 1.0);
    EXPECT_FALSE(params.set("meter_denominator", 6.0));
    EXPECT_TRUE(params.set("meter_denominator", 8.0));
}

TEST_F(Store, ActionsPlayStopAndCount) {
    params.act(ActionId::stop);
    EXPECT_FALSE(params.current().on(ParamId::playing));
    params.act(ActionId::play);
    EXPECT_TRUE(params.current().on(ParamId::playing));
    params.act(ActionId::panic);
    params.act(ActionId::panic);
    params.act(ActionId::restart);
    EXPECT_EQ(params.current().panics, 2U);
    EXPECT_EQ(params.current().restarts, 1U);
}

TEST_F(Store, TellsEveryListenerOfEveryChange) {
    int first = 0;
    std::uint64_t second = 0;
    params.on_change([&](const ParamSnapshot&) { ++first; });
    params.on_change([&](const ParamSnapshot& now) { second = now.revision; });
    params.set("tempo", 100.0).value();
    params.act(ActionId::panic);
    EXPECT_EQ(first, 2);
    EXPECT_EQ(second, params.current().revision);
}

// For ThreadSanitizer: two readers see whole snapshots whose revision never falls.
TEST_F(Store, ReadersOnOtherThreadsSeeWholeSnapshots) {
    constexpr int kChanges = 30'000;
    std::atomic<std::uint64_t> wrong{0};
    const auto last = params.current().revision + kChanges;
    const auto watch = [&](SnapshotReader<ParamSnapshot> reader) {
        std::uint64_t seen = 0;
        while (seen < last) {
            const auto& now = reader.read();
            if (now.revision < seen || now.weights.value[0] != now.weights.value[1]) ++wrong;
            seen = now.revision;
        }
    };
    std::thread clock{watch, params.reader()};
    std::thread inference{watch, params.reader()};
    for (int i = 0; i < kChanges; ++i) {
        const double weight = i % 10;
        if (!params.set_weights({weight, weight})) ++wrong;
    }
    clock.join();
    inference.join();
    EXPECT_EQ(wrong.load(), 0U);
}

}  // namespace
}  // namespace fusion
