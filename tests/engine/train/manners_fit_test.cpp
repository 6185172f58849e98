#include "engine/train/manners_fit.hpp"

#include <gtest/gtest.h>

#include "engine/train/random.hpp"
#include "tests/engine/train/two_habits.hpp"

namespace fusion::train {
namespace {

constexpr auto kRepeated = static_cast<std::size_t>(ToneTrait::repeated);

// "steps" as of two_habits(), whose network would as soon play its note again as take one of four
// steps; its pieces play three of five notes again, by chance.
Bundle steps_or_stays() {
    Bundle bundle = two_habits();
    bundle.tensors[phase1_prefix("steps") + "line.bias"].values[24] = 6.0F;
    return bundle;
}

DataSet pieces_that_stay(const Vocabulary& vocabulary, std::size_t count, Split split) {
    DataSet data;
    data.vocabulary = vocabulary;
    data.genres = {"leaps", "steps"};
    for (std::size_t p = 0; p < count; ++p) {
        Piece piece;
        piece.genre = 1;
        piece.split = split;
        Random random{p};
        int pitch = 72;
        for (std::size_t i = 0; i < 120; ++i) {
            if (random.uniform() >= 0.6) {
                const int step = 1 + static_cast<int>(random.below(2));
                const bool up = pitch < 65 || (pitch < 79 && random.uniform() < 0.5);
                pitch += up ? step : -step;
            }
            piece.line.events.push_back(
                *vocabulary.find({Pitch{static_cast<std::uint8_t>(pitch)}, Cells{6}}));
            piece.line.positions.push_back(static_cast<std::uint8_t>(i * 6 % 48));
            piece.line.meters.push_back(static_cast<std::uint8_t>(MeterClass::quadruple));
            piece.line.velocities.push_back(90);
        }
        data.pieces.push_back(std::move(piece));
    }
    return data;
}

constexpr MannersSearch kQuick{.rounds = 12, .lines = 4, .notes = 96};

TEST(MannersFit, BringsATraitToWhereThePiecesHaveIt) {
    const Bundle bundle = steps_or_stays();
    const DataSet data = pieces_that_stay(bundle.vocabulary, 12, Split::training);
    Progress progress{std::tmpfile()};
    const auto found = find_manners(bundle, data, {0, 1}, kQuick, progress);
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ(found->manners.size(), 2U);
    EXPECT_EQ(found->manners[0], Manners{}) << "a genre without pieces learns none";
    const auto& repeated = found->record["steps"]["tone.repeated"];
    EXPECT_NEAR(repeated["pieces"].get<double>(), 0.6, 0.05);
    EXPECT_LT(repeated["without"].get<double>(), 0.4);
    EXPECT_NEAR(repeated["with"].get<double>(), 0.6, 0.1);
    EXPECT_LT(found->record["steps"]["tone.wide"]["with"].get<double>(), 0.05)
        << "and leaves what was right";

    const auto again = find_manners(bundle, data, {0, 1}, kQuick, progress);
    EXPECT_EQ(again->manners, found->manners) << "the same dice";
}

TEST(MannersFit, NeverLearnsFromPiecesThatAreHeldOut) {
    const Bundle bundle = steps_or_stays();
    const DataSet data = pieces_that_stay(bundle.vocabulary, 12, Split::test);
    Progress progress{std::tmpfile()};
    const auto found = find_manners(bundle, data, {0, 1}, kQuick, progress);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->manners[1], Manners{});
    EXPECT_TRUE(found->record.empty());
}

TEST(TraitsAlong, AreMeansOverTheEvents) {
    const Bundle bundle = steps_or_stays();
    const DataSet data = pieces_that_stay(bundle.vocabulary, 1, Split::training);
    auto line = data.pieces[0].line;
    line.events.assign(line.size(), *bundle.vocabulary.find({Pitch{72}, Cells{6}}));
    const auto traits = traits_along(line, bundle.vocabulary, 10);
    EXPECT_NEAR(traits.mean[kRepeated], 0.9, 1e-9);
    EXPECT_NEAR(traits.square[kRepeated], 0.9, 1e-9);
    EXPECT_NEAR(traits.mean[kToneTraits + static_cast<std::size_t>(LengthTrait::as_last)], 0.9,
                1e-9);
    EXPECT_DOUBLE_EQ(traits.mean[static_cast<std::size_t>(ToneTrait::rest)], 0.0);
}

}  // namespace
}  // namespace fusion::train
