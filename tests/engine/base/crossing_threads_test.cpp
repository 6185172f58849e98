// What crosses threads, under two threads that do nothing else. Run these under ThreadSanitizer
// (preset tsan) to see the memory orders held.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <type_traits>

#include "engine/base/semaphore.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/base/triple_buffer.hpp"

namespace fusion {
namespace {

// Wide enough that a torn copy shows: all words carry the same number.
struct Wide {
    std::array<std::uint64_t, 24> words{};
    static Wide of(std::uint64_t n) {
        Wide wide;
        wide.words.fill(n);
        return wide;
    }
    [[nodiscard]] bool whole() const {
        for (const auto word : words)
            if (word != words[0]) return false;
        return true;
    }
};

// One end of each kind for each queue and buffer: it goes from hand to hand, and nothing copies it.
template <class End>
constexpr bool kGoesFromHandToHand =
    std::is_nothrow_move_constructible_v<End> && !std::is_copy_constructible_v<End> &&
    !std::is_copy_assignable_v<End> && !std::is_default_constructible_v<End>;
static_assert(kGoesFromHandToHand<Producer<int>>);
static_assert(kGoesFromHandToHand<Consumer<int>>);
static_assert(kGoesFromHandToHand<SnapshotWriter<int>>);
static_assert(kGoesFromHandToHand<SnapshotReader<int>>);
// Nor is there another way to one than to take it from where it was born.
static_assert(!std::is_constructible_v<Producer<int>, SpscQueue<int>&>);
static_assert(!std::is_constructible_v<Consumer<int>, SpscQueue<int>&>);
static_assert(!std::is_copy_constructible_v<SpscQueue<int>>);
static_assert(!std::is_copy_constructible_v<TripleBuffer<int>>);

template <class End>
concept Publishes = requires(End end, int value) {
    end.publish(value);
};
static_assert(Publishes<SnapshotWriter<int>>);
static_assert(!Publishes<SnapshotReader<int>>, "who reads parameters cannot set them");

TEST(SpscQueue, ItsEndsOutliveIt) {
    auto queue = std::make_unique<SpscQueue<int>>(2);
    auto in = std::move(queue->in);
    auto out = std::move(queue->out);
    queue.reset();
    ASSERT_TRUE(in.try_push(7));
    int value = 0;
    ASSERT_TRUE(out.try_pop(value));
    EXPECT_EQ(value, 7);
}

TEST(TripleBuffer, ItsEndsOutliveIt) {
    auto buffer = std::make_unique<TripleBuffer<int>>(1);
    auto in = std::move(buffer->in);
    auto out = std::move(buffer->out);
    buffer.reset();
    in.publish(7);
    EXPECT_EQ(out.read(), 7);
}

TEST(SpscQueue, HoldsExactlyItsCapacityAndCountsWhatItRefuses) {
    for (const std::size_t capacity : {1U, 3U, 64U, 100U}) {
        SpscQueue<int> queue{capacity};
        auto in = std::move(queue.in);
        auto out = std::move(queue.out);
        EXPECT_EQ(in.capacity(), capacity);
        for (std::size_t i = 0; i < capacity; ++i) EXPECT_TRUE(in.try_push(static_cast<int>(i)));
        EXPECT_FALSE(in.try_push(-1));
        EXPECT_FALSE(in.try_push(-1));
        EXPECT_EQ(queue.refused(), 2U);
        EXPECT_EQ(queue.capacity(), capacity);
        int value = -1;
        for (std::size_t i = 0; i < capacity; ++i) {
            ASSERT_TRUE(out.try_pop(value));
            EXPECT_EQ(value, static_cast<int>(i));
        }
        EXPECT_FALSE(out.try_pop(value));
    }
}

TEST(SpscQueue, ATwoThreadStressLosesTearsAndReordersNothing) {
    constexpr std::uint64_t kItems = 200'000;
    SpscQueue<Wide> queue{7};
    std::thread writer{[in = std::move(queue.in)]() mutable {
        for (std::uint64_t n = 1; n <= kItems; ++n)
            while (!in.try_push(Wide::of(n))) std::this_thread::yield();
    }};
    auto out = std::move(queue.out);
    Wide wide;
    std::uint64_t wrong = 0;
    for (std::uint64_t expected = 1; expected <= kItems; ++expected) {
        while (!out.try_pop(wide)) std::this_thread::yield();
        if (!wide.whole() || wide.words[0] != expected) ++wrong;
    }
    writer.join();
    EXPECT_EQ(wrong, 0U);
}

TEST(TripleBuffer, BeginsWithItsInitialValueAndIsNotFresh) {
    TripleBuffer<int> buffer{42};
    EXPECT_FALSE(buffer.out.fresh());
    EXPECT_EQ(buffer.out.read(), 42);
}

TEST(TripleBuffer, ReadsTheNewestAndSkipsTheRest) {
    TripleBuffer<int> buffer{0};
    for (int i = 1; i <= 5; ++i) buffer.in.publish(i);
    EXPECT_TRUE(buffer.out.fresh());
    EXPECT_EQ(buffer.out.read(), 5);
    EXPECT_FALSE(buffer.out.fresh());
    EXPECT_EQ(buffer.out.read(), 5);
}

TEST(TripleBuffer, ATwoThreadStressTearsNothingAndNeverGoesBack) {
    constexpr std::uint64_t kValues = 300'000;
    TripleBuffer<Wide> buffer{Wide::of(0)};
    std::thread writer{[in = std::move(buffer.in)]() mutable {
        for (std::uint64_t n = 1; n <= kValues; ++n) in.publish(Wide::of(n));
    }};
    std::uint64_t last = 0;
    std::uint64_t wrong = 0;
    while (last < kValues) {
        const auto& seen = buffer.out.read();
        if (!seen.whole() || seen.words[0] < last) ++wrong;
        last = seen.words[0];
    }
    writer.join();
    EXPECT_EQ(wrong, 0U);
}

TEST(Semaphore, KeepsAPostThatCameBeforeTheWait) {
    Semaphore semaphore;
    semaphore.post();
    EXPECT_TRUE(semaphore.wait_for(Nanos{0}));
}

TEST(Semaphore, TakesAllPostsTogetherAndThenTimesOut) {
    Semaphore semaphore;
    for (int i = 0; i < 1000; ++i) semaphore.post();
    EXPECT_TRUE(semaphore.wait_for(Nanos{0}));
    EXPECT_FALSE(semaphore.wait_for(Nanos{0}));
}

void wait_until(const std::atomic<int>& word, int is) {
    for (int looks = 0; word.load(std::memory_order_acquire) != is; ++looks)
        if (looks > 200) std::this_thread::yield();  // one processor for both is enough
}

// A post that finds another pending must not be left out: who takes that one may look before the
// write that this one tells of has arrived, and then nobody looks again. Each round lets the two
// meet, ever closer: the waiter saw the write, or it has something more to take.
//
// On x86 a post that looks at the count first (a load after a store) loses up to some dozens of the
// rounds, so this can fail here, and mostly does; where all other processors are busy the two
// seldom meet, and it shows little. What weaker processors do beside this (let a store pass a
// store) no x86 can show: there it is POSIX's word that sem_post and sem_wait synchronise memory.
TEST(Semaphore, WhoTakesAPostSeesWhatWasWrittenOrAnotherPostIsLeft) {
    constexpr int kRounds = 500'000;
    constexpr int kEnoughMeetings = 20'000;
    Semaphore semaphore;
    alignas(64) std::atomic<int> written{0};
    alignas(64) std::atomic<int> ready{0};
    alignas(64) std::atomic<int> go{0};
    alignas(64) std::atomic<int> posted{0};
    std::atomic<bool> enough{false};
    std::thread writer{[&] {
        for (int round = 1; round <= kRounds && !enough; ++round) {
            ready = round;
            wait_until(go, round);
            written.store(round, std::memory_order_release);
            semaphore.post();
            posted.store(round, std::memory_order_release);
        }
    }};
    int lost = 0;
    int seen_at_once = 0;
    int apart = 0;
    for (int round = 1; round <= kRounds && !enough; ++round) {
        semaphore.post();  // what is pending when the writer comes
        wait_until(ready, round);
        enough = seen_at_once == kEnoughMeetings;
        go = round;
        for (int wait = 0; wait < apart; ++wait) static_cast<void>(go.load());
        EXPECT_TRUE(semaphore.wait_for(Nanos{0}));
        const bool seen = written.load(std::memory_order_acquire) == round;
        wait_until(posted, round);
        const bool more = semaphore.wait_for(Nanos{0});
        if (seen) ++seen_at_once;
        apart = seen ? std::max(apart - 3, 0) : std::min(apart + 1, 400);  // towards each other
        if (!seen && !more) ++lost;
    }
    writer.join();
    EXPECT_EQ(lost, 0);
}

// If a post could be lost, this would never end: each side waits for the other's.
TEST(Semaphore, PingPongLosesNoWakeUp) {
    constexpr int kRounds = 20'000;
    constexpr Nanos kLong{std::chrono::minutes{1}};
    Semaphore ping;
    Semaphore pong;
    std::thread other{[&] {
        for (int i = 0; i < kRounds; ++i) {
            if (!ping.wait_for(kLong)) return;
            pong.post();
        }
    }};
    int rounds = 0;
    for (; rounds < kRounds; ++rounds) {
        ping.post();
        if (!pong.wait_for(kLong)) break;
    }
    other.join();
    EXPECT_EQ(rounds, kRounds);
}

}  // namespace
}  // namespace fusion
