#include "osc/fair_work.hpp"

#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Source = FairWork::Source;
using Left = FairWork::Left;

const auto kAnna = boost::asio::ip::make_address("10.0.0.1");
const auto kBert = boost::asio::ip::make_address("10.0.0.2");
const auto kHere = boost::asio::ip::make_address("127.0.0.1");

class Fairness : public testing::Test {
protected:
    // A piece a turn, so that a test sees what comes after what.
    static constexpr FairWork::Limits kOnePieceATurn{0us, 2000, 3000};

    FairWork::Task pieces(std::string name, int count) {
        return [this, name = std::move(name), count]() mutable {
            done_.push_back(name);
            return --count > 0 ? Left::more : Left::nothing;
        };
    }
    void finish() {
        while (!work_->idle()) work_->work();
    }

    boost::asio::io_context io_;
    std::optional<FairWork> work_{std::in_place, io_, kOnePieceATurn};
    std::vector<std::string> done_;
};

TEST_F(Fairness, EachSourceKeepsItsOrderAndTheSourcesTakeTurns) {
    work_->add({kAnna, 1}, 0, pieces("a1", 3));
    work_->add({kAnna, 1}, 0, pieces("a2", 1));
    work_->add({kBert, 1}, 0, pieces("b", 2));
    finish();
    EXPECT_THAT(done_, ElementsAre("a1", "b", "a1", "b", "a1", "a2"));
}

TEST_F(Fairness, AMachineWithManyPortsHasOneMachinesShare) {
    for (std::uint64_t port = 1; port <= 3; ++port)
        work_->add({kAnna, port}, 0, pieces("a" + std::to_string(port), 2));
    work_->add({kBert, 1}, 0, pieces("b", 3));
    finish();
    EXPECT_THAT(done_, ElementsAre("a1", "b", "a2", "b", "a3", "b", "a1", "a2", "a3"));
}

TEST_F(Fairness, OtherThingsOfTheLoopGetTheirTurnBetween) {
    work_->add({kAnna, 1}, 0, pieces("a", 50));
    work_->work();
    EXPECT_EQ(done_.size(), 1U);
    io_.poll_one();
    EXPECT_EQ(done_.size(), 2U);
    io_.poll();
    EXPECT_EQ(done_.size(), 50U);
    EXPECT_TRUE(work_->idle());
}

TEST_F(Fairness, WhatIsTooMuchOfOneOrOfAllIsRefusedAndCounted) {
    EXPECT_TRUE(work_->add({kAnna, 1}, 1000, pieces("a", 1)));
    EXPECT_FALSE(work_->add({kAnna, 1}, 1000, pieces("a", 1))) << "2000 of one";
    EXPECT_TRUE(work_->add({kAnna, 2}, 1000, pieces("a", 1)));
    EXPECT_FALSE(work_->add({kBert, 1}, 1000, pieces("b", 1))) << "3000 of all";
    EXPECT_TRUE(work_->add({kHere, 1}, 1000, pieces("c", 1))) << "this machine has its own room";
    EXPECT_EQ(work_->refused(), 2U);
    finish();
    EXPECT_TRUE(work_->add({kBert, 1}, 1000, pieces("b", 1))) << "there is room again";
}

TEST_F(Fairness, WhatWaitsOfASourceThatHasGoneIsForgotten) {
    work_->add({kAnna, 1}, 1000, pieces("a", 2));
    work_->add({kBert, 1}, 1000, pieces("b", 1));
    work_->forget({kAnna, 1});
    finish();
    EXPECT_THAT(done_, ElementsAre("b"));
    EXPECT_TRUE(work_->add({kAnna, 1}, 1000, pieces("a", 1))) << "with its bytes";
    EXPECT_TRUE(work_->add({kAnna, 2}, 1000, pieces("a", 1)));
}

TEST_F(Fairness, ATaskMayForgetItsOwnSourceAndAddToIt) {
    work_->add({kAnna, 1}, 1000, [this] {
        work_->forget({kAnna, 1});
        work_->add({kAnna, 1}, 1000, pieces("later", 1));
        return Left::more;
    });
    finish();
    EXPECT_THAT(done_, ElementsAre("later"));
    EXPECT_TRUE(work_->add({kAnna, 1}, 1700, pieces("a", 1))) << "every byte was given back";
}

TEST_F(Fairness, ATaskMayEndAllOfIt) {
    work_->add({kAnna, 1}, 0, [this] {
        work_.reset();
        return Left::more;
    });
    io_.poll();
    EXPECT_FALSE(work_.has_value());
}

}  // namespace
}  // namespace fusion
