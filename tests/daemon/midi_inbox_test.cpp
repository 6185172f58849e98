#include "daemon/midi_inbox.hpp"

#include <array>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class MidiInboxTest : public testing::Test {
protected:
    void SetUp() override {
        auto opened = MidiInbox::open(io_);
        ASSERT_TRUE(opened) << opened.error().message;
        inbox_ = std::move(*opened);
        sync_.emplace(inbox_->sync_messages());
    }
    void arrive(std::initializer_list<int> bytes, TimePoint when = TimePoint{1s}) {
        std::vector<std::uint8_t> message(bytes.begin(), bytes.end());
        inbox_->arrived(message, when);
    }
    void deliver() {
        inbox_->deliver_to([this](const TimedMessage& message) {
            delivered_.push_back(message.message.bytes[0]);
            times_.push_back(message.deadline);
        });
    }
    std::vector<int> sync_statuses() {
        std::vector<int> statuses;
        TimedMessage message;
        while (sync_->try_pop(message)) statuses.push_back(message.message.bytes[0]);
        return statuses;
    }

    boost::asio::io_context io_;
    std::unique_ptr<MidiInbox> inbox_;
    std::optional<Consumer<TimedMessage>> sync_;
    std::vector<int> delivered_;
    std::vector<TimePoint> times_;
};

TEST_F(MidiInboxTest, ClockAndTransportGoToTheClockThreadAndAllElseToTheLoop) {
    deliver();
    for (const int status : {0xF8, 0xFA, 0xFB, 0xFC}) arrive({status});
    arrive({0xF2, 1, 2});
    arrive({0xB0, 20, 127});
    arrive({0x90, 60, 1});
    arrive({0xFE});
    io_.poll();
    EXPECT_THAT(sync_statuses(), ElementsAre(0xF8, 0xFA, 0xFB, 0xFC, 0xF2));
    EXPECT_THAT(delivered_, ElementsAre(0xB0, 0x90, 0xFE));
}

TEST_F(MidiInboxTest, AMessageKeepsTheTimeAtWhichItCame) {
    deliver();
    arrive({0xB0, 20, 127}, TimePoint{123'456'789ns});
    arrive({0xF8}, TimePoint{987'654'321ns});
    io_.poll();
    EXPECT_THAT(times_, ElementsAre(TimePoint{123'456'789ns}));
    TimedMessage tick;
    ASSERT_TRUE(sync_->try_pop(tick));
    EXPECT_EQ(tick.deadline, TimePoint{987'654'321ns});
    EXPECT_EQ(tick.message, kMidiClock);
}

TEST_F(MidiInboxTest, NothingAndSystemExclusiveArePassedOver) {
    deliver();
    inbox_->arrived({}, TimePoint{1s});
    arrive({0xF0, 0x7E, 0x7F, 0x06, 0x01, 0xF7});
    io_.poll();
    EXPECT_THAT(delivered_, IsEmpty());
}

TEST_F(MidiInboxTest, WhatComesBeforeThereIsAReceiverWaits) {
    arrive({0xB0, 20, 1});
    arrive({0xB1, 20, 2});
    io_.poll();
    deliver();
    io_.restart();
    io_.poll();
    EXPECT_THAT(delivered_, ElementsAre(0xB0, 0xB1));
}

TEST_F(MidiInboxTest, AFullQueueCountsWhatItRefusesAndGoesOn) {
    for (int i = 0; i < 1030; ++i) arrive({0xB0, 20, 1});
    for (int i = 0; i < 1027; ++i) arrive({0xF8});
    EXPECT_EQ(inbox_->dropped(), 6U);
    EXPECT_EQ(inbox_->dropped_sync(), 3U);
    deliver();
    io_.poll();
    arrive({0xB5, 20, 1});
    io_.poll();
    EXPECT_EQ(delivered_.size(), 1025U);
    EXPECT_EQ(delivered_.back(), 0xB5);
}

// Each message wakes the loop or finds it awake: one that slipped between would hang here.
TEST_F(MidiInboxTest, NoWakeUpIsLostBetweenTwoThreads) {
    constexpr std::size_t kMessages = 50'000;
    const auto work = boost::asio::make_work_guard(io_);
    inbox_->deliver_to([this](const TimedMessage& message) {
        delivered_.push_back(message.message.bytes[1]);
        if (delivered_.size() == kMessages) io_.stop();
    });
    std::thread input{[this] {
        for (std::size_t i = 0; i < kMessages; ++i) {
            auto refused = inbox_->dropped();
            arrive({0xB0, static_cast<int>(i % 128), 0});
            for (; inbox_->dropped() > refused; ++refused) {
                std::this_thread::yield();  // it is full: the loop has its turn
                arrive({0xB0, static_cast<int>(i % 128), 0});
            }
        }
    }};
    io_.run();
    input.join();
    for (std::size_t i = 0; i < kMessages; ++i) ASSERT_EQ(delivered_[i], static_cast<int>(i % 128));
}

}  // namespace
}  // namespace fusion
