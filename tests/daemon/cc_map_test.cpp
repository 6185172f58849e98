#include "daemon/cc_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"

namespace fusion {
namespace {

class CcMapTest : public testing::Test {
protected:
    static MidiMessage cc(unsigned controller, unsigned value) {
        return control_change(Channel{3}, controller, value);
    }
    [[nodiscard]] float weight(std::size_t genre) const {
        return params_.current().weights.value[genre];
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
};

TEST_F(CcMapTest, ControllersFromTwentyUpTurnTheWeightsOverTheirWholeRange) {
    CcMap map{default_cc_targets(), params_};
    EXPECT_TRUE(map.apply(cc(20, 127)));
    EXPECT_EQ(weight(0), 10.0F);
    EXPECT_TRUE(map.apply(cc(21, 0)));
    EXPECT_EQ(weight(1), 0.0F);
    EXPECT_TRUE(map.apply(cc(20, 64)));
    EXPECT_NEAR(weight(0), 5.04F, 0.01F);
}

TEST_F(CcMapTest, TheTablesControllersTurnTheirParameters) {
    CcMap map{default_cc_targets(), params_};
    for (const auto& row : param_table()) {
        if (!row.cc) continue;
        EXPECT_TRUE(map.apply(cc(*row.cc, 127)));
        EXPECT_EQ(params_.current().real(row.id), row.maximum) << row.name;
        EXPECT_TRUE(map.apply(cc(*row.cc, 0)));
        EXPECT_EQ(params_.current().real(row.id), row.minimum) << row.name;
    }
}

TEST_F(CcMapTest, MoreKnobsThanGenresIsNoErrorButAnUnknownNameIsTold) {
    CcMap map{{{22, "weight/3"}, {30, "weight/polka"}, {31, "weight/pop"}}, params_};
    EXPECT_FALSE(map.apply(cc(22, 127)));
    EXPECT_FALSE(map.apply(cc(30, 127)));
    EXPECT_TRUE(map.apply(cc(31, 127)));
    EXPECT_EQ(weight(1), 10.0F);
    EXPECT_THAT(map.unknown(), testing::ElementsAre("30 = weight/polka"));
}

TEST_F(CcMapTest, OtherMessagesTurnNothing) {
    CcMap map{default_cc_targets(), params_};
    const auto before = params_.current().revision;
    EXPECT_FALSE(map.apply(note_on(Channel{0}, Pitch{20}, Velocity{100})));
    EXPECT_FALSE(map.apply(cc(1, 100)));
    EXPECT_FALSE(map.apply({{0xF8, 0, 0}, 1}));
    EXPECT_EQ(params_.current().revision, before);
}

}  // namespace
}  // namespace fusion
