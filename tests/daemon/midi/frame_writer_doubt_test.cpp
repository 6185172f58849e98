// Periods that nobody heard.
#include <random>

#include <gmock/gmock.h>

#include "tests/daemon/midi/frame_writer_rig.hpp"

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto periods_in(Nanos time) {
    return static_cast<int>(time.count() * 48 / (kLength.count() * 1'000'000));
}
constexpr int kRemembered = periods_in(LastEnds::kMemory);
constexpr int kUntilForgotten = 2 * kRemembered + periods_in(LastEnds::kDoubt) + 4;

class FrameWriterDoubtTest : public FrameWriterTest {
protected:
    static constexpr Channel kChannel{2};
    void on(std::uint8_t pitch) {
        send(first_.count(), note_on(kChannel, Pitch{pitch}, Velocity{9}));
    }
    void off(std::uint8_t pitch) { send(first_.count(), note_off(kChannel, Pitch{pitch})); }
    void quiet_for(int periods) {
        for (int i = 0; i < periods; ++i) ear_.hears(period());
    }

    Ear ear_;
};

TEST_F(FrameWriterDoubtTest, WhicheverOfTheLastPeriodsHeldTheNoteOffItIsHeardAfterTheXrun) {
    for (int later = 0; later < kRemembered; ++later) {
        on(60);
        ear_.hears(period());
        off(60);
        period();  // nobody hears it
        quiet_for(later);
        ASSERT_EQ(ear_.sounding(), 1U);
        writer_.doubt();
        ear_.hears(period());
        ASSERT_EQ(ear_.sounding(), 0U) << later << " periods later";
        quiet_for(kUntilForgotten);
    }
}

// JACK tells of the first lost period of several.
TEST_F(FrameWriterDoubtTest, ANoteOffThatIsLostAfterTheXrunWasToldIsHeardInTheEnd) {
    for (int later = 0; later < periods_in(LastEnds::kDoubt); ++later) {
        on(60);
        ear_.hears(period());
        writer_.doubt();
        quiet_for(later);
        off(60);
        period();
        quiet_for(kUntilForgotten);
        ASSERT_EQ(ear_.sounding(), 0U) << later << " periods later";
    }
}

TEST_F(FrameWriterDoubtTest, ANoteThatHasBegunAgainIsNotCutByTheEndOfTheOneBefore) {
    on(60);
    period();
    off(60);
    period();
    on(60);
    writer_.doubt();
    EXPECT_THAT(period(), ElementsAre(Written{0, 0x82, 60}, Written{0, 0x92, 60}));
    writer_.doubt();
    for (int i = 0; i < kUntilForgotten; ++i) ASSERT_THAT(period(), IsEmpty());
    off(60);
    EXPECT_THAT(period(), ElementsAre(Written{0, 0x82, 60}));
}

TEST_F(FrameWriterDoubtTest, ANoteThatBeginsAgainInTimesOfTroubleDoesNotSoundTwice) {
    writer_.doubt();
    period();
    on(60);
    ear_.hears(period());
    off(60);
    period();  // nobody hears it
    on(60);
    ear_.hears(period());
    EXPECT_EQ(ear_.doubled(), 0U);
    EXPECT_TRUE(ear_.sounds(kChannel.count(), 60));
    on(60);  // its own doing
    EXPECT_THAT(period(), ElementsAre(Written{0, 0x92, 60}));
}

TEST_F(FrameWriterDoubtTest, AGapBetweenTwoPeriodsIsReasonEnough) {
    on(60);
    period();
    off(60);
    period();
    EXPECT_THAT(period(), IsEmpty());
    first_ = first_ + kLength;
    EXPECT_THAT(period(), ElementsAre(Written{0, 0x82, 60}));
    EXPECT_EQ(counters().again, 1U);
    EXPECT_FALSE(writer_.settled());
    quiet_for(kUntilForgotten);
    EXPECT_TRUE(writer_.settled());
    first_ = first_ + kLength;
    EXPECT_THAT(period(), IsEmpty()) << "it is long ago";
}

TEST_F(FrameWriterDoubtTest, APanicIsSaidAgainButCutsNothingThatBeganSince) {
    const auto panic = [this] {
        for (const auto controller : kSilenceControllers)
            send(first_.count(), control_change(kChannel, controller, 0));
        period();
    };
    panic();
    writer_.doubt();
    EXPECT_THAT(period(),
                ElementsAre(Written{0, 0xB2, 64}, Written{0, 0xB2, 123}, Written{0, 0xB2, 120}));
    quiet_for(kUntilForgotten);
    panic();
    on(60);
    period();
    writer_.doubt();
    EXPECT_THAT(period(), ElementsAre(Written{0, 0xB2, 64}));
}

TEST_F(FrameWriterDoubtTest, APedalThatIsDownAgainIsNotTakenUp) {
    for (const unsigned value : {0U, 127U}) {
        send(first_.count(), control_change(kChannel, kSustainPedal, value));
        quiet_for(kRemembered / 2);
    }
    writer_.doubt();
    EXPECT_THAT(period(), IsEmpty());
}

TEST_F(FrameWriterDoubtTest, WithAnotherServerNothingOfTheOldOneIsInDoubt) {
    on(60);
    off(60);
    period();
    writer_.doubt();
    writer_.forget();
    first_ = Frames{5};
    EXPECT_THAT(period(), IsEmpty());
    EXPECT_TRUE(writer_.settled());
}

TEST_F(FrameWriterDoubtTest, WhatFindsNoRoomToBeSaidAgainIsSaidInTheNextPeriods) {
    for (std::uint8_t pitch = 60; pitch < 64; ++pitch) {
        on(pitch);
        off(pitch);
    }
    period();
    writer_.doubt();
    EXPECT_THAT(period([this] { on(63); }, 3),
                ElementsAre(Written{0, 0x82, 60}, Written{0, 0x82, 61}, Written{0, 0x82, 62}));
    EXPECT_THAT(period(), ElementsAre(Written{0, 0x82, 63}, Written{0, 0x92, 63}));
}

TEST_F(FrameWriterDoubtTest, AProgramThatMayNotHaveBeenHeardIsToldOfOnceTheTroubleIsOver) {
    writer_.doubt();
    quiet_for(kUntilForgotten);
    EXPECT_EQ(counters().programs_lost, 0U);
    send(first_.count(), program_change(kChannel, 5));
    period();
    writer_.doubt();
    period();
    EXPECT_EQ(counters().programs_lost, 0U);
    quiet_for(kUntilForgotten);
    EXPECT_EQ(counters().programs_lost, 1U);
}

// Two hands, and an overloaded server: now and then up to forty periods of which each is heard or
// not, the first loss told of up to a hundred periods later, or seen as a gap.
TEST_F(FrameWriterDoubtTest, WhateverIsLostNothingIsStuckForLongAndNothingIsCut) {
    std::mt19937 random{11};
    const auto one_in = [&](unsigned n) { return random() % n == 0; };
    std::array<std::bitset<128>, 2> held{};
    std::array<std::bitset<128>, 2> heard{};  // of those held, the beginning
    const auto move = [&](std::size_t hand, bool begins) {
        const Pitch pitch{static_cast<std::uint8_t>(60 + random() % 12)};
        const Channel channel{static_cast<std::uint8_t>(hand)};
        if (held[hand].test(pitch.count()) == begins) return;
        held[hand].set(pitch.count(), begins);
        heard[hand].reset(pitch.count());
        const auto message =
            begins ? note_on(channel, pitch, Velocity{9}) : note_off(channel, pitch);
        if (hand == 0)
            send(first_.count(), message);
        else
            writer_.pass(Frames{9}, message);
    };
    int trouble = 0;
    int until_told = -1;
    int since = 0;
    std::size_t lost_periods = 0;
    std::size_t checks = 0;
    for (int i = 0; i < 200'000; ++i) {
        if (trouble == 0 && since > kUntilForgotten && one_in(100))
            trouble = 1 + static_cast<int>(random() % 40);
        const bool lost = trouble > 0 && !one_in(3);
        since = trouble > 0 || until_told >= 0 ? 0 : since + 1;
        if (lost && until_told < 0) until_told = static_cast<int>(random() % 100);
        if (until_told >= 0 && until_told-- == 0) writer_.doubt();
        if (trouble > 0) --trouble;
        if (one_in(12)) move(0, one_in(2));
        const auto page = period([&] {
            if (one_in(12)) move(1, one_in(2));
        });
        if (lost) {
            ++lost_periods;
            continue;
        }
        ear_.hears(page);
        for (const auto& event : page)
            if ((event.status & 0xF0U) == 0x90U) heard[event.status & 1U].set(event.number);
        for (unsigned hand = 0; hand < 2; ++hand)
            for (unsigned pitch = 60; pitch < 72; ++pitch) {
                const bool must_sound = heard[hand].test(pitch) && held[hand].test(pitch);
                ASSERT_TRUE(!must_sound || ear_.sounds(hand, pitch)) << "cut in period " << i;
                if (since > periods_in(LastEnds::kDoubt) + 2 && !held[hand].test(pitch)) {
                    ++checks;
                    ASSERT_FALSE(ear_.sounds(hand, pitch)) << "stuck in period " << i;
                }
            }
    }
    EXPECT_GT(lost_periods, 1000U);
    EXPECT_GT(checks, 10'000U);
}

}  // namespace
}  // namespace fusion
