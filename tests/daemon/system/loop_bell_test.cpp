#include "daemon/system/loop_bell.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace fusion {
namespace {

class LoopBellTest : public testing::Test {
protected:
    void SetUp() override {
        auto opened = LoopBell::open(io_);
        ASSERT_TRUE(opened) << opened.error().message;
        bell_ = std::move(*opened);
    }
    boost::asio::io_context io_;
    std::unique_ptr<LoopBell> bell_;
};

TEST_F(LoopBellTest, ManyWakesAreOneAnswer) {
    int answers = 0;
    for (int i = 0; i < 3; ++i) bell_->wake();  // before anybody answers
    bell_->on_wake([&] { ++answers; });
    for (int i = 0; i < 100; ++i) bell_->wake();
    io_.run_one();
    EXPECT_EQ(answers, 1);
    EXPECT_EQ(io_.poll(), 0U);
    bell_->wake();
    io_.run_one();
    EXPECT_EQ(answers, 2);
}

TEST_F(LoopBellTest, WhatIsToldBeforeAWakeIsSeenByAnAnswer) {
    constexpr int kLast = 100'000;
    std::atomic<int> told{0};
    int seen = 0;
    bell_->on_wake([&] { seen = told.load(std::memory_order_relaxed); });
    std::thread other{[&] {
        for (int i = 1; i <= kLast; ++i) {
            told.store(i, std::memory_order_relaxed);
            bell_->wake();
        }
    }};
    while (seen < kLast) io_.run_one();  // hangs where a wake is lost
    other.join();
}

TEST_F(LoopBellTest, MayGoWhileItIsAwaited) {
    bell_->on_wake([] { FAIL() << "nobody rang"; });
    bell_.reset();
    io_.poll();
}

}  // namespace
}  // namespace fusion
