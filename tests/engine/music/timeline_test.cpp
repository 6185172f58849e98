#include "engine/music/timeline.hpp"

#include <gtest/gtest.h>

#include <random>

namespace fusion {
namespace {

TimePoint at_ns(std::int64_t ns) { return TimePoint{Nanos{ns}}; }

TEST(Timeline, GoesFromTicksToTimeAndBackWithoutLoss) {
    std::mt19937_64 random{3};
    std::uniform_real_distribution<double> tempo{10.0, 400.0};
    std::uniform_int_distribution<std::int64_t> tick{-1'000'000, 960LL * 400 * 60 * 24};  // a day
    std::uniform_int_distribution<std::int64_t> when{0, 4'000'000'000'000'000};
    for (int i = 0; i < 200'000; ++i) {
        const Timeline line{Ticks{0}, at_ns(when(random)), Bpm{tempo(random)}};
        const Ticks place{tick(random)};
        ASSERT_EQ(line.tick_at(line.time_at(place)), place);
    }
}

// A double of nanoseconds loses its last digit after 104 days.
TEST(Timeline, GoesThereAndBackForYears) {
    std::mt19937_64 random{5};
    std::uniform_real_distribution<double> tempo{10.0, 400.0};
    constexpr std::int64_t kMinutes = 2 * 366 * 24 * 60;
    for (int i = 0; i < 100'000; ++i) {
        const Bpm bpm{tempo(random)};
        const auto most = static_cast<std::int64_t>(bpm.count() * kMinutes) * kTicksPerBeat.count();
        std::uniform_int_distribution<std::int64_t> tick{0, most};
        const Timeline line{Ticks{0}, at_ns(123'456'789), bpm};
        const Ticks place{tick(random)};
        ASSERT_EQ(line.tick_at(line.time_at(place)), place) << bpm.count();
        ASSERT_EQ(line.tick_at(line.time_at(place) - Nanos{1}), place - Ticks{1}) << bpm.count();
    }
}

TEST(Timeline, IsExactAfterAYear) {
    const std::int64_t year = 365LL * 24 * 3600 * 1'000'000'000;
    for (const int bpm : {60, 90, 120, 140, 173, 250}) {
        const Timeline line{Ticks{0}, at_ns(0), Bpm{static_cast<double>(bpm)}};
        const auto of_a_year = beats(std::int64_t{365} * 24 * 60 * bpm);
        EXPECT_EQ(line.time_at(of_a_year), at_ns(year)) << bpm;
        EXPECT_EQ(line.time_at(of_a_year + beats(3 * bpm)), at_ns(year + 180'000'000'000)) << bpm;
    }
}

TEST(Timeline, KnowsABeatOf120ToBeHalfASecond) {
    const Timeline line{beats(3), at_ns(1000), Bpm{120.0}};
    EXPECT_EQ(line.time_at(beats(4)), at_ns(500'001'000));
    EXPECT_EQ(line.time_at(beats(3)), at_ns(1000));
    EXPECT_EQ(line.tick_at(at_ns(1000 + 499'999'000)), beats(4) - Ticks{1});
}

TEST(Timeline, RisesWithTime) {
    const Timeline line{Ticks{0}, at_ns(0), Bpm{173.0}};
    for (std::int64_t t = 1; t < 10'000; ++t)
        EXPECT_LT(line.time_at(Ticks{t - 1}), line.time_at(Ticks{t}));
}

TEST(Timeline, AChangeOfTempoKeepsThePlaceThatIsBeingPlayed) {
    std::mt19937_64 random{4};
    std::uniform_real_distribution<double> tempo{10.0, 400.0};
    std::uniform_int_distribution<std::int64_t> step{1, 50'000'000};
    Timeline line{Ticks{0}, at_ns(0), Bpm{120.0}};
    std::int64_t now = 0;
    for (int i = 0; i < 20'000; ++i) {
        now += step(random);
        const auto before = line.tick_at(at_ns(now));
        const auto place_time = line.time_at(before);
        line = line.with_tempo(Bpm{tempo(random)}, at_ns(now));
        ASSERT_EQ(line.tick_at(place_time), before);
        ASSERT_EQ(line.time_at(before), place_time);
    }
}

}  // namespace
}  // namespace fusion
