#include "engine/base/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace fusion {
namespace {

TEST(Histogram, IsAllZeroWhenEmpty) {
    const Histogram histogram;
    const auto summary = histogram.summary();
    EXPECT_EQ(summary.count, 0U);
    EXPECT_EQ(summary.p999, Micros{0});
    EXPECT_EQ(summary.max, Micros{0});
}

TEST(Histogram, IsExactBelowAMillisecond) {
    Histogram histogram;
    for (int us = 1; us <= 1000; ++us) histogram.record(Micros{us});
    EXPECT_EQ(histogram.percentile(0.5), Micros{500});
    EXPECT_EQ(histogram.percentile(0.99), Micros{990});
    EXPECT_EQ(histogram.percentile(1.0), Micros{1000});
}

TEST(Histogram, StaysWithinItsErrorOfTheTruePercentile) {
    std::mt19937_64 random{1};
    std::lognormal_distribution<double> spread{7.0, 3.0};
    Histogram histogram;
    std::vector<std::int64_t> all;
    for (int i = 0; i < 50'000; ++i) {
        const auto us = std::min<std::int64_t>(std::llround(spread(random)), 60'000'000);
        all.push_back(us);
        histogram.record(Micros{us});
    }
    std::sort(all.begin(), all.end());
    for (const double share : {0.01, 0.1, 0.5, 0.9, 0.99, 0.999}) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * 50'000.0)) - 1;
        const auto truth = static_cast<double>(all[rank]);
        EXPECT_NEAR(static_cast<double>(histogram.percentile(share).count()), truth,
                    truth * 0.016 + 1.0)
            << share;
    }
    EXPECT_EQ(histogram.max(), Micros{all.back()});
}

TEST(Histogram, CountsNegativeAsZeroAndTheHugeAsTheLastBin) {
    Histogram histogram;
    histogram.record(Micros{-5});
    EXPECT_EQ(histogram.percentile(1.0), Micros{0});
    histogram.record(std::chrono::hours{24 * 365});
    EXPECT_EQ(histogram.count(), 2U);
    EXPECT_EQ(histogram.max(), Micros{std::chrono::hours{24 * 365}});
    histogram.clear();
    EXPECT_EQ(histogram.count(), 0U);
}

}  // namespace
}  // namespace fusion
