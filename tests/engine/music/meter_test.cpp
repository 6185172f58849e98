#include "engine/music/meter.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

TEST(Meter, KnowsItsBarAndItsClass) {
    EXPECT_EQ((Meter{4, 4}.bar()), Cells{48});
    EXPECT_EQ((Meter{3, 4}.bar()), Cells{36});
    EXPECT_EQ((Meter{6, 8}.bar()), Cells{36});
    EXPECT_EQ((Meter{1, 16}.bar()), Cells{3});
    EXPECT_EQ((Meter{3, 4}.meter_class()), MeterClass::triple);
    EXPECT_EQ((Meter{6, 8}.meter_class()), MeterClass::compound);
    EXPECT_EQ((Meter{2, 2}.meter_class()), MeterClass::quadruple);
    EXPECT_EQ((Meter{2, 4}.bar()), Cells{24});
    EXPECT_EQ((Meter{2, 4}.heard_bar()), Cells{48});
    EXPECT_EQ((Meter{2, 4}.meter_class()), MeterClass::quadruple);
    EXPECT_EQ((Meter{5, 4}.meter_class()), MeterClass::other);
}

TEST(Meter, APositionIsAlwaysWithinTheBarAndBelow48) {
    for (std::uint8_t numerator = 1; numerator <= 16; ++numerator)
        for (std::uint8_t denominator = 1; denominator <= 16;
             denominator = static_cast<std::uint8_t>(denominator * 2)) {
            const Meter meter{numerator, denominator};
            for (std::int64_t cell = 0; cell < 2000; ++cell) {
                EXPECT_LT(bar_position(cell, meter), kBarPositions);
                EXPECT_LT(bar_position(cell, meter), meter.heard_bar().count());
            }
            EXPECT_EQ(bar_position(meter.bar().count() * 8, meter), 0);
        }
}

TEST(Meter, TwoBarsOfTwoBeatsAreHeardAsOneOfFour) {
    for (std::int64_t cell = 0; cell < 200; ++cell)
        EXPECT_EQ(bar_position(cell, Meter{2, 4}), bar_position(cell, Meter{4, 4}));
}

TEST(Meter, ItsSecondHalfBeginsOnABeat) {
    EXPECT_EQ((Meter{4, 4}.half_bar()), Cells{24});
    EXPECT_EQ((Meter{2, 4}.half_bar()), Cells{24});
    EXPECT_EQ((Meter{4, 8}.half_bar()), Cells{24});
    EXPECT_EQ((Meter{2, 2}.half_bar()), Cells{24});
    EXPECT_EQ((Meter{3, 4}.half_bar()), Cells{24});
    EXPECT_EQ((Meter{5, 4}.half_bar()), Cells{36});
    EXPECT_EQ((Meter{7, 8}.half_bar()), Cells{24});
    EXPECT_EQ((Meter{6, 8}.half_bar()), Cells{18});
    EXPECT_EQ((Meter{9, 8}.half_bar()), Cells{36});
    EXPECT_EQ((Meter{12, 8}.half_bar()), Cells{36});
    EXPECT_EQ((Meter{3, 8}.half_bar()), (Meter{3, 8}.bar()));
}

TEST(Cells, AndTicksMeetOnTheGrid) {
    EXPECT_EQ(to_ticks(kCellsPerBeat), kTicksPerBeat);
    EXPECT_EQ(cell_of(Ticks{79}), 0);
    EXPECT_EQ(cell_of(Ticks{80}), 1);
}

}  // namespace
}  // namespace fusion
