#include "daemon/midi/midi_inbox.hpp"

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
        sync_.emplace(inbox_->take_sync_messages());
    }
    void arrive(std::initializer_list<int> bytes, TimePoint when = TimePoint{1s},
                std::uint8_t source = 0) {
        std::vector<std::uint8_t> message(bytes.begin(), bytes.end());
        inbox_->arrived(source, message, when);
    }
    void arrive_from(int source, std::initializer_list<int> bytes, TimePoint when = TimePoint{1s}) {
        arrive(bytes, when, static_cast<std::uint8_t>(source));
    }
    void deliver() {
        inbox_->deliver_to([this](const ArrivedMessage& message) {
            delivered_.push_back(message.message.bytes()[0]);
            times_.push_back(message.deadline);
            sources_.push_back(message.source);
            messages_.push_back(message.message);
        });
    }
    std::vector<int> sync_statuses() {
        std::vector<int> statuses;
        TimedMessage message;
        while (sync_->try_pop(message)) statuses.push_back(message.message.bytes()[0]);
        return statuses;
    }

    boost::asio::io_context io_;
    std::unique_ptr<MidiInbox> inbox_;
    std::optional<Consumer<TimedMessage>> sync_;
    std::vector<int> delivered_;
    std::vector<TimePoint> times_;
    std::vector<int> sources_;
    std::vector<MidiMessage> messages_;
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

TEST_F(MidiInboxTest, SystemExclusiveIsPassedOverWholeAndInPieces) {
    deliver();
    arrive({0xF0, 0x7E, 0x7F, 0x06, 0x01, 0xF7});
    // Short ones, and pieces of long ones.
    arrive({0xF0, 0x7E, 0xF7});
    arrive({0xF0, 0x7E});
    arrive({0x01, 0xF7});
    io_.poll();
    EXPECT_THAT(delivered_, IsEmpty());
    EXPECT_EQ(inbox_->malformed(), 0U);
}

TEST_F(MidiInboxTest, WhatIsNoMessageIsCountedAtWhicheverInputItComes) {
    deliver();
    arrive_from(0, {0x90, 0xFF, 0x40});
    arrive_from(0, {0xF2, 0x80, 0});  // a song position that is none
    arrive_from(0, {0xF2, 0, 0xFF});
    arrive_from(0, {0xF2, 1});
    arrive_from(3, {0xF2});
    arrive_from(2, {0xF0, 1, 0xF7});  // not for us, and not malformed
    arrive_from(2, {0x90, 60, 1});
    io_.poll();
    EXPECT_EQ(inbox_->malformed(), 5U);
    EXPECT_THAT(delivered_, ElementsAre(0x90));
    EXPECT_THAT(sync_statuses(), IsEmpty());
}

TEST_F(MidiInboxTest, WhatPassesOnIsWhatCame) {
    const std::vector<std::uint8_t> off{0x93, 60, 0};
    const auto passed = inbox_->arrived(0, off, TimePoint{1s});
    ASSERT_TRUE(passed);
    EXPECT_EQ(*passed, note_on(Channel{3}, Pitch{60}, Velocity{0}));  // as it is, for thru
    EXPECT_FALSE(inbox_->arrived(0, std::span{off}.first(2), TimePoint{1s}));
    EXPECT_FALSE(inbox_->arrived(kMostInputs, off, TimePoint{1s}));
}

TEST_F(MidiInboxTest, AMessageCutShortIsNotReadBeyondItsEnd) {
    deliver();
    for (int status = 0x80; status < 0xF0; ++status) arrive({status});
    for (int status = 0x80; status < 0xC0; ++status) arrive({status, 60});
    for (int status = 0xE0; status < 0xF0; ++status) arrive({status, 60});
    io_.poll();
    EXPECT_THAT(delivered_, IsEmpty());
    EXPECT_THAT(sync_statuses(), IsEmpty());
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

TEST_F(MidiInboxTest, EachMessageSaysFromWhichInputItCame) {
    deliver();
    for (const int source : {2, 0, 3, 1}) arrive_from(source, {0xB0 + source, 20, 1});
    inbox_->arrived(kMostInputs, std::array<std::uint8_t, 3>{0xBF, 20, 1}, TimePoint{1s});
    io_.poll();
    EXPECT_THAT(sources_, ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(delivered_, ElementsAre(0xB0, 0xB1, 0xB2, 0xB3));
}

TEST_F(MidiInboxTest, MessagesOfAllInputsComeInTheOrderOfTheirTimes) {
    deliver();
    arrive_from(1, {0xB0, 20, 1}, TimePoint{10ms});
    arrive_from(1, {0xB1, 20, 1}, TimePoint{30ms});
    arrive_from(0, {0xB2, 20, 1}, TimePoint{20ms});
    arrive_from(0, {0xB3, 20, 1}, TimePoint{40ms});
    arrive_from(3, {0xB4, 20, 1}, TimePoint{5ms});
    io_.poll();
    EXPECT_THAT(delivered_, ElementsAre(0xB4, 0xB0, 0xB2, 0xB1, 0xB3));
    EXPECT_THAT(sources_, ElementsAre(3, 1, 0, 1, 0));
}

TEST_F(MidiInboxTest, TheBeatIsFollowedAtTheFirstInputAlone) {
    deliver();
    arrive_from(1, {0xFA});
    arrive_from(0, {0xF8});
    arrive_from(3, {0xF2, 1, 2});
    io_.poll();
    EXPECT_THAT(sync_statuses(), ElementsAre(0xF8));
    EXPECT_THAT(delivered_, IsEmpty());
    EXPECT_EQ(inbox_->dropped_sync(), 0U);
}

TEST_F(MidiInboxTest, ANoteOnOfVelocityZeroIsANoteOff) {
    deliver();
    arrive({0x93, 60, 0});
    arrive({0x93, 60, 1});
    arrive({0x83, 60, 7});
    io_.poll();
    ASSERT_EQ(messages_.size(), 3U);
    EXPECT_EQ(messages_[0], note_off(Channel{3}, Pitch{60}));
    EXPECT_EQ(messages_[1], note_on(Channel{3}, Pitch{60}, Velocity{1}));
    EXPECT_EQ(messages_[2].bytes(), (std::array<std::uint8_t, 3>{0x83, 60, 7}));
}

TEST_F(MidiInboxTest, AnInputThatFillsItsLaneTakesNoRoomFromTheOthers) {
    for (int i = 0; i < 1030; ++i) arrive_from(1, {0xB0, 20, 1});
    arrive_from(0, {0xB1, 20, 1});
    arrive_from(2, {0xB2, 20, 1});
    EXPECT_EQ(inbox_->dropped(), 6U);
    deliver();
    io_.poll();
    EXPECT_EQ(delivered_.size(), 1026U);
}

// What four threads send at once comes whole and in each one's order; what does not is counted.
TEST_F(MidiInboxTest, FourInputsAtOnceLoseNothingThatIsNotCounted) {
    constexpr int kEach = 20'000;
    const auto number_in = [](const MidiMessage& message) {
        return message.bytes()[1] * 128 + message.bytes()[2];
    };
    std::array<int, kMostInputs> came{};
    std::array<int, kMostInputs> newest{};
    newest.fill(-1);
    std::atomic<int> at_work{kMostInputs};
    const auto work = boost::asio::make_work_guard(io_);
    bool in_order = true;
    inbox_->deliver_to([&](const ArrivedMessage& message) {
        auto& last = newest[message.source];
        in_order = in_order && (message.message.bytes()[0] & 0x0F) == message.source &&
                   (number_in(message.message) - last + 16384) % 16384 >= 1;
        last = number_in(message.message);
        ++came[message.source];
    });
    std::vector<std::thread> inputs;
    for (int source = 0; source < static_cast<int>(kMostInputs); ++source)
        inputs.emplace_back([&, source] {
            for (int i = 0; i < kEach; ++i) {
                arrive_from(source, {0xB0 + source, i / 128 % 128, i % 128}, TimePoint{i * 1us});
                if (i % 64 == 0) arrive_from(source, {0xF8});
                if (i % 512 == 0) std::this_thread::yield();
            }
            at_work.fetch_sub(1);
        });
    std::uint64_t ticks = 0;
    TimedMessage tick;
    const auto take_ticks = [&] {
        while (sync_->try_pop(tick)) ++ticks;
    };
    while (at_work.load() > 0) {
        io_.poll();
        take_ticks();
    }
    for (auto& input : inputs) input.join();
    io_.poll();
    take_ticks();
    EXPECT_TRUE(in_order);
    std::uint64_t all = 0;
    for (const auto count : came) {
        EXPECT_GT(count, 0);
        all += static_cast<std::uint64_t>(count);
    }
    EXPECT_EQ(all + inbox_->dropped(), kMostInputs * kEach);
    EXPECT_EQ(ticks + inbox_->dropped_sync(), (kEach + 63) / 64);  // the first input's alone
}

// Each message wakes the loop or finds it awake: one that slipped between would hang here.
TEST_F(MidiInboxTest, NoWakeUpIsLostBetweenTwoThreads) {
    constexpr std::size_t kMessages = 50'000;
    const auto work = boost::asio::make_work_guard(io_);
    inbox_->deliver_to([this](const ArrivedMessage& message) {
        delivered_.push_back(message.message.bytes()[1]);
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
