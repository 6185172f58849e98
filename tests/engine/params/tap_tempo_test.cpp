#include "engine/params/tap_tempo.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

using std::chrono::milliseconds;

TEST(TapTempo, TheSecondTapSaysATempoAndMoreSteadyIt) {
    TapTempo taps;
    TimePoint now{};
    EXPECT_FALSE(taps.tap(now += milliseconds{500}));
    EXPECT_NEAR(taps.tap(now += milliseconds{520})->count(), 115.4, 0.1);
    EXPECT_NEAR(taps.tap(now += milliseconds{480})->count(), 120.0, 0.1);
    for (const int wobble : {15, -20, 9, -4, 12, -12}) taps.tap(now += milliseconds{500 + wobble});
    EXPECT_NEAR(taps.tap(now += milliseconds{500})->count(), 120.0, 1.0);
}

TEST(TapTempo, APauseBeginsAnew) {
    TapTempo taps;
    TimePoint now{};
    taps.tap(now);
    taps.tap(now += milliseconds{500});
    EXPECT_FALSE(taps.tap(now += milliseconds{2500}));
    EXPECT_NEAR(taps.tap(now += milliseconds{1000})->count(), 60.0, 0.01);
}

TEST(TapTempo, AnotherTempoIsTakenUpByItsFirstTwoTaps) {
    TapTempo taps;
    TimePoint now{};
    for (int i = 0; i < 6; ++i) taps.tap(now += milliseconds{600});
    EXPECT_NEAR(taps.tap(now += milliseconds{300})->count(), 200.0, 0.01);
    EXPECT_NEAR(taps.tap(now += milliseconds{300})->count(), 200.0, 0.01);
}

TEST(TapTempo, ABounceIsNoTap) {
    TapTempo taps;
    TimePoint now{};
    taps.tap(now);
    EXPECT_FALSE(taps.tap(now + milliseconds{12}));
    EXPECT_NEAR(taps.tap(now += milliseconds{500})->count(), 120.0, 0.01);
}

}  // namespace
}  // namespace fusion
