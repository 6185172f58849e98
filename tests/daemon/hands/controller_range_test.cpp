#include "daemon/hands/controller_range.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace fusion {
namespace {

const std::vector<Parameter>& parameters() {
    static const std::vector<std::string> genres{"jazz", "pop"};
    static const auto all = parameters_of(genres);
    return all;
}

const Parameter& parameter(std::string_view tail) {
    return *std::ranges::find(parameters(), tail, &Parameter::tail);
}

ControllerRange range(std::string_view tail, std::optional<double> minimum = {},
                      std::optional<double> maximum = {}, Curve curve = Curve::linear,
                      std::optional<double> step = {}) {
    MidiBinding binding;
    binding.minimum = minimum;
    binding.maximum = maximum;
    binding.curve = curve;
    binding.step = step;
    return {parameter(tail), binding};
}

struct Way {
    Curve curve;
    bool reversed;
    unsigned highest;
};

class EveryWay : public testing::TestWithParam<Way> {
protected:
    [[nodiscard]] static ControllerRange whole_of(const Parameter& row) {
        const auto& [curve, reversed, highest] = GetParam();
        return reversed ? range(row.tail, row.maximum, row.minimum, curve)
                        : range(row.tail, row.minimum, row.maximum, curve);
    }
};

TEST_P(EveryWay, APositionOfARealControlComesBackTheSame) {
    const auto highest = GetParam().highest;
    for (const auto& row : parameters()) {
        if (row.type != fusion::ParamType::real) continue;
        const auto whole = whole_of(row);
        for (unsigned position = 0; position <= highest; ++position) {
            // As the store keeps weights.
            const double value = row.is_weight()
                                     ? static_cast<float>(whole.value(position, highest))
                                     : whole.value(position, highest);
            ASSERT_EQ(whole.position(value, highest), position) << row.tail;
        }
    }
}

TEST_P(EveryWay, AWholeValueComesBackTheSameWhereAPositionStandsForIt) {
    const auto highest = GetParam().highest;
    for (const auto& row : parameters()) {
        if (row.type == fusion::ParamType::real) continue;
        const auto whole = whole_of(row);
        for (unsigned position = 0; position <= highest; ++position) {
            const double value = whole.value(position, highest);
            ASSERT_EQ(value, std::round(value)) << row.tail;
            ASSERT_EQ(whole.value(whole.position(value, highest), highest), value)
                << row.tail << " at " << position;
        }
    }
}

TEST_P(EveryWay, TheWayIsMonotoneAndItsEndsAreExact) {
    const auto highest = GetParam().highest;
    for (const auto& row : parameters()) {
        const auto whole = whole_of(row);
        EXPECT_EQ(whole.value(0, highest), whole.minimum()) << row.tail;
        EXPECT_EQ(whole.value(highest, highest), whole.maximum()) << row.tail;
        double before = whole.minimum();
        for (unsigned position = 1; position <= highest; ++position) {
            const double value = whole.value(position, highest);
            ASSERT_TRUE(GetParam().reversed ? value <= before : value >= before) << row.tail;
            ASSERT_GE(value, row.minimum);
            ASSERT_LE(value, row.maximum);
            before = value;
        }
    }
}

TEST_P(EveryWay, ClicksUpAndDownAgainLeadBack) {
    for (const auto& row : parameters()) {
        const auto whole = whole_of(row);
        const double start = whole.value(50, 127);
        const double there = whole.stepped(start, 3);
        if (there == whole.maximum()) continue;  // there was no room
        EXPECT_NEAR(whole.stepped(there, -3), start, 1e-9 * (row.maximum - row.minimum))
            << row.tail;
        EXPECT_EQ(there > start, !GetParam().reversed) << row.tail;
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, EveryWay, testing::ValuesIn([] {
        std::vector<Way> all;
        for (const auto curve : {Curve::linear, Curve::exponential, Curve::logarithmic})
            for (const bool reversed : {false, true})
                for (const unsigned highest : {127U, 16383U})
                    all.push_back({curve, reversed, highest});
        return all;
    }()));

TEST(ControllerRange, CurvesAreFineAtTheirOwnEnd) {
    const auto step_at = [](Curve curve, unsigned position) {
        const auto whole = range("weight/jazz", 0, 10, curve);
        return whole.value(position + 1, 127) - whole.value(position, 127);
    };
    EXPECT_LT(step_at(Curve::exponential, 0) * 20, step_at(Curve::exponential, 126));
    EXPECT_GT(step_at(Curve::logarithmic, 0), step_at(Curve::logarithmic, 126) * 20);
    EXPECT_NEAR(step_at(Curve::linear, 0), step_at(Curve::linear, 126), 1e-12);
}

TEST(ControllerRange, AChoiceSharesTheWayEvenly) {
    const auto keys = range("key");
    std::array<int, 12> positions{};
    for (unsigned position = 0; position <= 127; ++position)
        ++positions[static_cast<std::size_t>(keys.value(position, 127))];
    for (const int count : positions) EXPECT_TRUE(count == 10 || count == 11) << count;
    const auto some = range("scale", 5, 3);
    EXPECT_EQ(some.value(0, 127), 5.0);
    EXPECT_EQ(some.value(64, 127), 4.0);
    EXPECT_EQ(some.value(127, 127), 3.0);
}

TEST(ControllerRange, StepsAreInTheUnitOfTheControlAndEndAtItsEnds) {
    const auto tempo = range("tempo", 60, 180, Curve::linear, 0.5);
    EXPECT_DOUBLE_EQ(tempo.stepped(120, 3), 121.5);
    EXPECT_DOUBLE_EQ(tempo.stepped(179.8, 3), 180);
    EXPECT_DOUBLE_EQ(tempo.stepped(60.2, -63), 60);
    const auto octave = range("octave");
    EXPECT_EQ(octave.stepped(0, 1), 1.0);
    EXPECT_EQ(octave.stepped(0, -64), -4.0);
    EXPECT_EQ(range("mute").stepped(0, 5), 1.0);
    EXPECT_EQ(range("tempo", 180, 60, Curve::linear, 1).stepped(120, 1), 119.0) << "reversed";
}

TEST(ControllerRange, AValueOutsideMovesInwardsOnlyAndDoesNotJumpThere) {
    const auto tempo = range("tempo", 60, 180, Curve::linear, 1);
    EXPECT_EQ(tempo.stepped(300, 1), 300.0);
    EXPECT_EQ(tempo.stepped(300, -2), 298.0);
    EXPECT_EQ(tempo.stepped(20, 2), 22.0);
    EXPECT_EQ(tempo.stepped(20, -1), 20.0);
    const auto curved = range("tempo", 60, 180, Curve::exponential);
    EXPECT_NEAR(curved.stepped(300, -1), 300 - 120.0 / 127, 1e-9);
}

}  // namespace
}  // namespace fusion
