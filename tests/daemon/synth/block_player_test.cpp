#include "daemon/synth/block_player.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/synth/soft_limit.hpp"
#include "tests/daemon/synth/told_instrument.hpp"

namespace fusion::test {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;

constexpr SampleRate kRate{48000};
const FrameGrid kGrid{TimePoint{5s}, kRate};

class BlockPlayerTest : public testing::Test {
protected:
    void send(std::int64_t frame, const MidiMessage& message) {
        ASSERT_TRUE(queue_.in.try_push({message, kGrid.time_of(Frames{frame})}));
    }
    void on(std::int64_t frame, unsigned pitch = 60) {
        send(frame, note_on(Channel{0}, Pitch{static_cast<std::uint8_t>(pitch)}, Velocity{90}));
    }
    void off(std::int64_t frame, unsigned pitch = 60) {
        send(frame, note_off(Channel{0}, Pitch{static_cast<std::uint8_t>(pitch)}));
    }
    void block(std::size_t frames) {
        left_.assign(frames, 0.0F);
        right_.assign(frames, 0.0F);
        player_.render({kGrid.time_of(Frames{at_}), kRate, left_, right_});
        at_ += static_cast<std::int64_t>(frames);
    }
    // Where in the last block it begins to sound.
    [[nodiscard]] std::size_t first_sound() const {
        return static_cast<std::size_t>(
            std::find_if(left_.begin(), left_.end(), [](float s) { return s != 0.0F; }) -
            left_.begin());
    }

    SpscQueue<TimedMessage> queue_{64};
    ToldInstrument instrument_;
    BlockCounters counters_;
    BlockPlayer player_{queue_.out, instrument_, counters_};
    std::vector<float> left_, right_;
    std::int64_t at_ = 0;
};

TEST_F(BlockPlayerTest, EachMessageBeginsAtItsFrameOfTheBlock) {
    on(37), off(100), on(100, 64), on(127, 67), on(128, 69);
    block(128);
    EXPECT_EQ(first_sound(), 37U);
    std::vector<std::int64_t> frames;
    for (const auto& one : instrument_.notes()) frames.push_back(one.frame);
    // What lies before the first note is not rendered.
    EXPECT_THAT(frames, ElementsAre(0, 63, 63, 90));
    EXPECT_TRUE(instrument_.notes()[1].message.is_note_off()) << "in the order in which they came";
    block(128);
    EXPECT_EQ(instrument_.notes().back().frame, 91) << "the first frame of the next block";
    EXPECT_EQ(counters_.late.load(), 0U);
}

TEST_F(BlockPlayerTest, WhatComesLateBeginsAtOnceAndIsCounted) {
    block(256);
    on(200), on(300, 64);
    block(128);
    EXPECT_EQ(first_sound(), 0U);
    EXPECT_EQ(counters_.late.load(), 1U);
    EXPECT_EQ(counters_.most_late.load(), 56);
    EXPECT_EQ(instrument_.notes().size(), 2U);
}

TEST_F(BlockPlayerTest, OfWhatIsFarTooLateNoNoteBeginsButAllEnd) {
    on(0);
    block(128);
    at_ += 48000;
    off(128), on(200, 64), off(300, 64);
    block(128);
    EXPECT_EQ(instrument_.sounding, 0);
    EXPECT_EQ(counters_.left_out.load(), 1U);
    EXPECT_EQ(counters_.played.load(), 1U);
}

TEST_F(BlockPlayerTest, HushedItEndsWhatSoundsFadesAndIsSilentUntilItIsLetGo) {
    on(0);
    block(128);
    player_.hush(BlockPlayer::Hush::yes);
    EXPECT_EQ(instrument_.sounding, 0);
    instrument_.sounding = 1;  // it rings on
    block(4800);
    EXPECT_GT(left_.front(), 0.4F) << "not cut";
    EXPECT_EQ(left_.back(), 0.0F);
    EXPECT_EQ(instrument_.all_silenced, 1);
    instrument_.sounding = 0;
    on(5000), send(5001, program_change(Channel{3}, 7));
    block(4800);
    EXPECT_THAT(left_, Each(0.0F));
    EXPECT_EQ(instrument_.told.back().message, program_change(Channel{3}, 7))
        << "programs are followed";
    player_.hush(BlockPlayer::Hush::no);
    off(at_ + 5), on(at_ + 10, 64);
    block(128);
    EXPECT_EQ(first_sound(), 10U);
    EXPECT_EQ(left_[10], 0.5F) << "at once, since nothing is there that could click";
    EXPECT_EQ(instrument_.sounding, 1);
}

TEST_F(BlockPlayerTest, VolumeGoesOverInSmallStepsAndTheLimitIsNeverReached) {
    SynthSettings loud;
    loud.volume = 1.0F;
    player_.obey(loud);
    on(0);
    block(64);
    EXPECT_EQ(left_.back(), 0.5F);
    loud.volume = 4.0F;
    loud.reverb = 0.75F;
    player_.obey(loud);
    EXPECT_EQ(instrument_.reverb_share, 0.75F);
    block(4800);
    for (std::size_t i = 1; i < left_.size(); ++i)
        ASSERT_LT(std::abs(left_[i] - left_[i - 1]), 0.01F) << "at frame " << i;
    EXPECT_GT(left_.back(), kLimitKnee);
    EXPECT_LT(left_.back(), 1.0F);
    EXPECT_LT(soft_limited(1e30F), 1.0F);
    EXPECT_GT(soft_limited(-1e30F), -1.0F);
    EXPECT_EQ(soft_limited(0.5F), 0.5F);
}

TEST_F(BlockPlayerTest, NothingIsRenderedAfterTheLastTailHasDiedAway) {
    on(0), off(10);
    for (int i = 0; i < 50; ++i) block(4800);
    EXPECT_FALSE(player_.rings());
    const auto rendered = instrument_.frame;
    EXPECT_GE(rendered, 3 * 48000) << "the reverb had its time";
    block(4800);
    EXPECT_EQ(instrument_.frame, rendered);
    on(at_ + 7);
    block(128);
    EXPECT_EQ(first_sound(), 7U);
}

}  // namespace
}  // namespace fusion::test
