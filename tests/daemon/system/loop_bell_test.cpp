#include "daemon/system/loop_bell.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include <gtest/gtest.h>

namespace {
// How the next of this thread's writes fail; nobody makes an eventfd do it.
thread_local int failing_writes = 0;
thread_local int failure = 0;
}  // namespace

extern "C" ssize_t write(int file, const void* bytes, size_t count) {
    if (failing_writes > 0) {
        --failing_writes;
        errno = failure;
        return -1;
    }
    return ::syscall(SYS_write, file, bytes, count);
}

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

TEST_F(LoopBellTest, AWakeThatASignalInterruptsRingsAllTheSame) {
    int answers = 0;
    bell_->on_wake([&] { ++answers; });
    failing_writes = 2;
    failure = EINTR;
    bell_->wake();
    EXPECT_EQ(failing_writes, 0);
    io_.poll();
    EXPECT_EQ(answers, 1);
}

TEST_F(LoopBellTest, AfterAWakeThatTheSystemRefusedTheNextRings) {
    int answers = 0;
    bell_->on_wake([&] { ++answers; });
    failing_writes = 1;
    failure = EIO;
    bell_->wake();
    EXPECT_EQ(failing_writes, 0);
    io_.poll();
    EXPECT_EQ(answers, 0);
    bell_->wake();
    io_.poll();
    EXPECT_EQ(answers, 1);
}

TEST_F(LoopBellTest, MayGoWhileItIsAwaited) {
    bell_->on_wake([] { FAIL() << "nobody rang"; });
    bell_.reset();
    io_.poll();
}

}  // namespace
}  // namespace fusion
