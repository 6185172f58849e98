#include "daemon/hands/style_desk.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

class StyleDeskTest : public testing::Test {
protected:
    StyleDeskTest() {
        band_[0].style = {60.0F, 80.0F, 100.0F, 0.5F};
        band_[1].style = {100.0F, 160.0F, 200.0F, 0.66F};
        teller_.tell(HarmonyBook{{}, {}, band_});
        EXPECT_TRUE(params_.set_weights({10.0, 0.0, 0.0}));
        EXPECT_TRUE(params_.set(ParamId::follow_style, 1.0));
    }
    void beats(int count) {
        PlayedEvent event;
        event.kind = PlayedEvent::Kind::beat;
        for (int beat = 0; beat < count; ++beat) desk_.played(event);
    }
    double tempo() const { return params_.current().real(ParamId::tempo); }
    double swing() const { return params_.current().real(ParamId::swing); }

    SimulatedTime time_;
    ParamStore params_{{"pop", "jazz", "noise"}, time_};
    std::vector<GenreBand> band_ = std::vector<GenreBand>(3);
    HarmonyTeller teller_;
    StyleDesk desk_{params_, teller_};
};

TEST_F(StyleDeskTest, TempoGoesToTheGenresOwnAndStaysThere) {
    beats(1);
    EXPECT_LT(tempo(), 120.0);
    EXPECT_GT(tempo(), 115.0) << "slowly";
    beats(10);
    EXPECT_NEAR(tempo(), 100.0, 2.0) << "half of the way in eleven beats";
    beats(200);
    EXPECT_NEAR(tempo(), 80.0, 0.1);
    const auto revision = params_.current().revision;
    beats(50);
    EXPECT_EQ(params_.current().revision, revision) << "there it changes nothing";
}

TEST_F(StyleDeskTest, ABlendLiesBetweenItsGenresAndSwingsAsTheyDo) {
    ASSERT_TRUE(params_.set_weights({5.0, 5.0, 0.0}));
    beats(200);
    EXPECT_NEAR(tempo(), 120.0, 0.1);
    EXPECT_NEAR(swing(), 0.58, 0.002);
    ASSERT_TRUE(params_.set_weights({0.0, 10.0, 10.0}));
    beats(200);
    EXPECT_NEAR(tempo(), 160.0, 0.1) << "a genre of no known tempo says nothing";
}

TEST_F(StyleDeskTest, OffOrUnderAnothersTempoOrWithoutABookNothingMoves) {
    ASSERT_TRUE(params_.set(ParamId::follow_style, 0.0));
    beats(20);
    EXPECT_EQ(tempo(), 120.0);
    ASSERT_TRUE(params_.set(ParamId::follow_style, 1.0));
    ASSERT_TRUE(params_.set(ParamId::sync, 2.0));
    beats(20);
    EXPECT_EQ(tempo(), 120.0);
    ASSERT_TRUE(params_.set(ParamId::sync, 0.0));
    ASSERT_TRUE(params_.set_weights({0.0, 0.0, 0.0}));
    beats(20);
    EXPECT_EQ(tempo(), 120.0) << "in silence";
    teller_.tell(HarmonyBook{});
    ASSERT_TRUE(params_.set_weights({10.0, 0.0, 0.0}));
    beats(20);
    EXPECT_EQ(tempo(), 120.0);
}

}  // namespace
}  // namespace fusion
