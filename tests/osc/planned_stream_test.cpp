// What comes next, as its listeners are told it: as it changes, not too often, nothing that is
// over.
#include "osc/planned_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class PlannedStreamTest : public testing::Test {
protected:
    PlannedStreamTest() {
        tail_.serial = 1;
        tail_.revision = 7;
        tail_.first = {0, 4};
        add(60);
        add(std::nullopt);
        add(64);
    }
    // A step of a beat; jazz proposes its octave, pop a rest and, from the second on, nothing.
    void add(std::optional<std::uint8_t> pitch) {
        const auto at = tail_.count++;
        auto& step = tail_.steps[at];
        step.start = beats(at) + beats(8);
        step.duration = beats(1);
        if (!pitch) return;
        step.kind = StepKind::note;
        step.pitch = Pitch{*pitch};
        step.velocity = Velocity{96};
        step.parts[0] = {PartNote::Kind::note, Pitch{static_cast<std::uint8_t>(*pitch + 12)},
                         Velocity{80}, beats(2), beats(1)};
        if (at == 0) step.parts[1] = {PartNote::Kind::rest, {}, {}, beats(3), {}};
    }
    static PlayedEvent up_to(LinePlace place) {
        PlayedEvent event;
        event.line_at = place;
        return event;
    }
    std::vector<std::string> turn() {
        heard_.clear();
        waits_ = stream_.turn(tail_, now_, [&](const OscMessage& message) {
            auto line = message.path;
            for (const auto& arg : message.args) line += fmt::format(" {}", *osc_number(arg));
            heard_.push_back(line);
        });
        return heard_;
    }
    std::vector<std::string> turn_after(Nanos time) {
        now_ += time;
        return turn();
    }

    const std::vector<std::string> genres_{"jazz", "pop"};
    PlannedStream stream_{genres_};
    PlannedTail tail_;
    TimePoint now_{1h};
    bool waits_ = false;
    std::vector<std::string> heard_;
};

TEST_F(PlannedStreamTest, TheLineAndEachGenresProposalsStepByStep) {
    EXPECT_THAT(turn(), ElementsAre("/fusiond/planned 7 8 1 60 96 9 1 -1 0 10 1 64 96",
                                    "/fusiond/planned/jazz 7 8 2 72 80 10 2 76 80",
                                    "/fusiond/planned/pop 7 8 3 -1 0"));
    EXPECT_TRUE(stream_.has("/fusiond/planned/pop"));
    EXPECT_FALSE(stream_.has("/fusiond/planned/rock"));
}

TEST_F(PlannedStreamTest, IsSentAgainWhereItDiffersAndOnlyThat) {
    static_cast<void>(turn());
    EXPECT_THAT(turn_after(1s), IsEmpty());
    ++tail_.serial;  // told anew, and the same
    EXPECT_THAT(turn_after(1s), IsEmpty());
    ++tail_.serial;
    tail_.steps[2].pitch = Pitch{65};
    EXPECT_THAT(turn_after(1s), ElementsAre("/fusiond/planned 7 8 1 60 96 9 1 -1 0 10 1 65 96"));
    ++tail_.serial;
    tail_.revision = 8;
    EXPECT_EQ(turn_after(1s).size(), 3U);
}

TEST_F(PlannedStreamTest, AtMostTwentyTimesASecondAndTheLastOneIsAlwaysSent) {
    int sent = 0;
    for (int turn = 0; turn < 100; ++turn) {  // 1 s
        ++tail_.serial;
        ++tail_.revision;
        sent += turn_after(10ms).empty() ? 0 : 1;
    }
    EXPECT_LE(sent, 20);
    EXPECT_GE(sent, 15);
    ++tail_.serial;
    tail_.revision = 1000;
    static_cast<void>(turn());
    if (waits_) turn_after(50ms);
    EXPECT_FALSE(waits_);
    ASSERT_FALSE(heard_.empty());
    EXPECT_THAT(heard_[0], testing::StartsWith("/fusiond/planned 1000 "));
}

TEST_F(PlannedStreamTest, AStepThatWasToldAsPlayedIsInItNoMore) {
    stream_.played(up_to({0, 5}));
    EXPECT_THAT(turn()[0], "/fusiond/planned 7 9 1 -1 0 10 1 64 96");
    stream_.played(up_to({0, 6}));
    EXPECT_THAT(turn_after(1s), ElementsAre("/fusiond/planned 7 10 1 64 96"));
    stream_.played(up_to({}));  // a beat says nothing about the line
    stream_.played(up_to({0, 99}));
    EXPECT_THAT(turn_after(1s), ElementsAre("/fusiond/planned 7", "/fusiond/planned/jazz 7"));
}

TEST_F(PlannedStreamTest, OfTheLineBeforeARestartNothingIsToldAndTheNewOneIsWhole) {
    stream_.played(up_to({1, 1}));
    EXPECT_THAT(turn(), IsEmpty());
    ++tail_.serial;
    tail_.first = {2, 0};
    EXPECT_THAT(turn()[0], "/fusiond/planned 7 8 1 60 96 9 1 -1 0 10 1 64 96");
}

TEST_F(PlannedStreamTest, ANewcomerIsToldWhatTheOthersKnow) {
    static_cast<void>(turn());
    stream_.tell_all();
    EXPECT_EQ(turn_after(1s).size(), 3U);
}

TEST_F(PlannedStreamTest, WhatWasPlannedWhileNobodyLookedIsOld) {
    stream_.rest(tail_);
    stream_.tell_all();
    EXPECT_THAT(turn(), IsEmpty());
    ++tail_.serial;
    EXPECT_EQ(turn().size(), 3U);
}

TEST_F(PlannedStreamTest, NothingIsSentBeforeAnythingIsPlanned) {
    tail_ = {};
    EXPECT_THAT(turn(), IsEmpty());
}

}  // namespace
}  // namespace fusion
