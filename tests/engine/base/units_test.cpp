#include "engine/base/units.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace fusion {
namespace {

static_assert(!std::is_convertible_v<int, Ticks>, "a bare number is no time");
static_assert(!std::is_convertible_v<Ticks, std::int64_t>);
static_assert(!std::is_constructible_v<Pitch, Velocity>, "units do not mix");
static_assert(std::is_trivially_copyable_v<Ticks>);

TEST(Ticks, AddSubtractScaleAndCompare) {
    EXPECT_EQ(beats(2) + Ticks{40}, Ticks{1960});
    EXPECT_EQ(beats(1) - beats(3), Ticks{-1920});
    EXPECT_EQ(Ticks{80} * 12, kTicksPerBeat);
    EXPECT_LT(Ticks{-1}, Ticks{0});
    Ticks sum{5};
    sum += Ticks{6};
    EXPECT_EQ(sum, Ticks{11});
}

}  // namespace
}  // namespace fusion
