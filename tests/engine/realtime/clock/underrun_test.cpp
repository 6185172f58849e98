#include "engine/realtime/clock/underrun.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace fusion::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Ticks kBar = kTicksPerBeat * 4;

class UnderrunTest : public testing::Test {
protected:
    void play_beats(std::int64_t first, std::int64_t end) {
        for (auto beat = first; beat < end; ++beat) {
            Step step;
            step.start = beats(beat);
            step.duration = kTicksPerBeat;
            underrun_.remember(step);
        }
    }
    // Where the repeat plays, in beats, to its end.
    std::vector<std::int64_t> repeated() {
        std::vector<std::int64_t> places;
        for (Step again; underrun_.peek(again); underrun_.pop()) {
            EXPECT_EQ(again.rung, Rung::repeat);
            places.push_back(again.start.count() / kTicksPerBeat.count());
        }
        return places;
    }

    Underrun underrun_;
};

TEST_F(UnderrunTest, RepeatsTheBarBeforeTheHoleOnce) {
    play_beats(0, 10);
    EXPECT_FALSE(underrun_.lasts());
    underrun_.begin(beats(10), kBar);
    EXPECT_TRUE(underrun_.lasts());
    EXPECT_TRUE(underrun_.repeats());
    EXPECT_EQ(underrun_.place(), beats(10));
    EXPECT_THAT(repeated(), ElementsAre(10, 11, 12, 13));
    EXPECT_THAT(repeated(), IsEmpty());
}

TEST_F(UnderrunTest, FallsSilentAndLasts) {
    play_beats(0, 4);
    underrun_.begin(beats(4), kBar);
    underrun_.fall_silent();
    EXPECT_TRUE(underrun_.lasts());
    EXPECT_FALSE(underrun_.repeats());
}

TEST_F(UnderrunTest, EndsInTheMiddleOfTheRepeatAndTheNextOneRepeatsWhatWasPlayedSince) {
    play_beats(0, 4);
    underrun_.begin(beats(4), kBar);
    underrun_.pop();
    underrun_.end();
    EXPECT_FALSE(underrun_.lasts());
    EXPECT_THAT(repeated(), IsEmpty());
    play_beats(6, 8);
    underrun_.begin(beats(8), kBar);
    EXPECT_THAT(repeated(), ElementsAre(10, 11));
}

TEST_F(UnderrunTest, ALineThatBeginsAnewHasNothingToRepeat) {
    play_beats(0, 4);
    underrun_.begin(beats(4), kBar);
    underrun_.clear();
    EXPECT_FALSE(underrun_.lasts());
    underrun_.begin(Ticks{0}, kBar);
    EXPECT_THAT(repeated(), IsEmpty());
}

}  // namespace
}  // namespace fusion::test
