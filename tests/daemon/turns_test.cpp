#include "daemon/turns.hpp"

#include <gtest/gtest.h>
#include <boost/asio/post.hpp>

namespace fusion {
namespace {

using namespace std::chrono_literals;
using Next = Turns::Next;

// So long that no turn comes by itself in the time of a test.
constexpr Turns::Pace kNeverByItself{.soon = 1ms, .whenever = 1h};

class TurnsTest : public testing::Test {
protected:
    Turns& make(
        Turns::Pace pace, const std::function<Next()>& answer = [] { return Next::whenever; }) {
        turns_.emplace(
            io_, [this, answer] { return ++count_, answer(); }, pace);
        turns_->begin();
        return *turns_;
    }
    void run_until(int count) {
        while (count_ < count) io_.run_one();
    }

    boost::asio::io_context io_;
    int count_ = 0;
    std::optional<Turns> turns_;
};

TEST_F(TurnsTest, TheFirstTurnIsTakenAtOnceAndTheNextWhenSomethingHappens) {
    auto& turns = make(kNeverByItself);
    run_until(1);
    EXPECT_EQ(io_.poll(), 0U);
    turns.soon();
    run_until(2);
}

TEST_F(TurnsTest, WhatHappensTogetherIsOneTurn) {
    auto& turns = make({.soon = 20ms, .whenever = 1h});
    run_until(1);
    for (int i = 0; i < 1000; ++i) turns.soon();
    run_until(2);
    EXPECT_EQ(io_.poll(), 0U);
    EXPECT_EQ(count_, 2);
}

TEST_F(TurnsTest, AFloodDoesNotPutATurnOff) {
    auto& turns = make({.soon = 5ms, .whenever = 1h});
    std::function<void()> flood = [&] {
        turns.soon();
        if (count_ < 5) boost::asio::post(io_, flood);
    };
    boost::asio::post(io_, flood);
    run_until(5);
}

TEST_F(TurnsTest, ATurnComesByItselfNowAndThen) {
    make({.soon = 1ms, .whenever = 2ms});
    run_until(4);
}

TEST_F(TurnsTest, WhileATurnSaysSoonTheyGoOn) {
    make(kNeverByItself, [this] { return count_ < 5 ? Next::soon : Next::whenever; });
    run_until(5);
    EXPECT_EQ(io_.poll(), 0U);
}

TEST_F(TurnsTest, WhatATurnItselfSetsOffIsTheNextTurn) {
    make(kNeverByItself, [this] {
        if (count_ == 1) turns_->soon();
        return Next::whenever;
    });
    run_until(2);
}

TEST_F(TurnsTest, BeforeTheBeginningNothingIsDone) {
    Turns turns{io_, [this] { return ++count_, Next::whenever; }, kNeverByItself};
    turns.soon();
    io_.poll();
    EXPECT_EQ(count_, 0);
}

}  // namespace
}  // namespace fusion
