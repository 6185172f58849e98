#include "daemon/synth/device_clock.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace fusion::test {
namespace {

using namespace std::chrono_literals;

constexpr SampleRate kRate{48000};
constexpr Frames kBlock{128};

class DeviceClockTest : public testing::Test {
protected:
    // The next block of a card whose crystal is off by so many parts in a million, for which the
    // thread is woken late by `late`: how far the clock has its beginning after the true one.
    Nanos next(Nanos late, double ppm = 0.0) {
        const auto begins =
            kOrigin + Nanos{static_cast<std::int64_t>(static_cast<double>(block_) * 128e9 /
                                                      48000.0 * (1.0 + ppm * 1e-6))};
        ++block_;
        return clock_.begin_block(begins + late, kBlock) - begins;
    }
    void lose_a_block() { ++block_; }

    const TimePoint kOrigin{7s};
    std::int64_t block_ = 0;
    DeviceClock clock_{kRate};
};

TEST_F(DeviceClockTest, TheJitterOfWakesDoesNotReachTheBlocks) {
    std::mt19937 random{5};
    Nanos most{0};
    for (int i = 0; i < 4000; ++i) {
        // Mostly late by up to 6 ms; one in ten is prompt.
        const Nanos late{i % 10 == 0 ? 20'000 : static_cast<std::int64_t>(random() % 6'000'000)};
        const auto off = next(late);
        if (i > 10) most = std::max(most, off);
        ASSERT_GE(off, Nanos{0}) << "never before it begins";
    }
    EXPECT_LE(most, 21us);
}

TEST_F(DeviceClockTest, ACardThatIsNotQuiteInTimeIsFollowed) {
    for (const double ppm : {200.0, -200.0}) {
        for (int i = 0; i < 20'000; ++i) {
            const auto off = next(10us, ppm);
            ASSERT_LE(std::chrono::abs(off), 150us) << "at block " << i << ", " << ppm;
        }
        block_ = 0;
        clock_ = DeviceClock{kRate};
    }
}

TEST_F(DeviceClockTest, ALostBlockIsBelievedAfterTwoWindows) {
    for (int i = 0; i < 1000; ++i) next(10us);
    lose_a_block();
    EXPECT_LT(next(10us), -2ms) << "nobody has told it";
    for (int i = 0; i < 200; ++i) next(10us);  // 533 ms
    EXPECT_EQ(next(10us), 10us);
}

TEST_F(DeviceClockTest, BlocksThatAreFetchedInBurstsLieOneAfterTheOther) {
    // Two at a time, as some drivers do: the second is early by its whole length.
    TimePoint last{};
    for (int i = 0; i < 1000; ++i) {
        const auto woken = kOrigin + i * 2 * 2'666'667ns;
        for (int k = 0; k < 2; ++k) {
            const auto begins = clock_.begin_block(woken, kBlock);
            if (i > 0) {
                EXPECT_LT(std::chrono::abs(begins - last - 2'666'667ns), 1us);
            }
            last = begins;
        }
    }
}

// A JACK server's cycles, of which the port is told in its turn.
class CycleClockTest : public testing::Test {
protected:
    static constexpr Nanos kLength = 2'666'667ns;
    enum class Port : bool { had_its_turn, to_come };

    // The cycle `n`, for which the synth is woken late by `late`: how far it is off.
    Nanos cycle(std::int64_t n, Port port, Nanos late = 50us) {
        const auto begins = kOrigin + n * kLength;
        const auto told = port == Port::had_its_turn ? begins : begins - kLength;
        return clock_.begin_block({told, kLength}, begins + late) - begins;
    }

    const TimePoint kOrigin{9s};
    CycleClock clock_;
};

TEST_F(CycleClockTest, IsExactWhoeverHasItsTurnFirstAndHoweverLateItIsWoken) {
    EXPECT_EQ(cycle(0, Port::to_come), 0ns);
    std::mt19937 random{3};
    for (std::int64_t n = 1; n < 2000; ++n) {
        const auto port = random() % 2 == 0 ? Port::to_come : Port::had_its_turn;
        // A wake that is late by a cycle or two: the server waits for it.
        const Nanos late{static_cast<std::int64_t>(random() % 6'000'000)};
        ASSERT_EQ(cycle(n, port, late), 0ns) << "in cycle " << n;
    }
}

TEST_F(CycleClockTest, BeginsRightAndFindsItselfAfterLostCycles) {
    EXPECT_EQ(cycle(0, Port::had_its_turn), 0ns);
    EXPECT_EQ(cycle(1, Port::had_its_turn), 0ns);
    EXPECT_EQ(cycle(7, Port::to_come), 0ns) << "five were lost";
    EXPECT_EQ(cycle(20, Port::had_its_turn), 0ns);
}

}  // namespace
}  // namespace fusion::test
