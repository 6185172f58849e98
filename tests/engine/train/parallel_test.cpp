#include "engine/train/parallel.hpp"

#include <atomic>
#include <set>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace fusion::train {
namespace {

TEST(ForEachIndex, DoesEveryPieceOnceOnAnyNumberOfThreads) {
    for (const std::size_t threads : {1U, 2U, 7U}) {
        std::vector<std::atomic<int>> done(100);
        for_each_index(done.size(), threads, [&](std::size_t i) { ++done[i]; });
        for (const auto& times : done) EXPECT_EQ(times.load(), 1);
    }
    for_each_index(0, 3, [](std::size_t) { FAIL() << "there is nothing to do"; });
}

TEST(ForEachIndex, BringsAnExceptionBackAndBeginsNothingMore) {
    std::atomic<int> begun{0};
    EXPECT_THROW(for_each_index(1'000'000, 3,
                                [&](std::size_t) {
                                    ++begun;
                                    throw std::runtime_error{"no"};
                                }),
                 std::runtime_error);
    EXPECT_LE(begun.load(), 3);
}

}  // namespace
}  // namespace fusion::train
