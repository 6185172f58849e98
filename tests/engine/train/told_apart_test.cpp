#include "engine/train/told_apart.hpp"

#include <gtest/gtest.h>

#include "tests/engine/train/two_habits.hpp"

namespace fusion::train {
namespace {

NamedBlend blend(std::string name, std::size_t played, std::vector<std::size_t> beside) {
    NamedBlend made{std::move(name), {}, std::move(beside)};
    made.weights.value[played] = kMaxGenreWeight;
    return made;
}

TEST(ToldApart, AGenreIsToldFromAnotherAndItsOwnPiecesFromThemselvesAreTheFloor) {
    ToldApartSettings settings;
    settings.lines = 12;
    settings.stretches = 2;
    Progress progress;
    const auto found = evaluate_told_apart(
        two_habits(), lines_of_two_habits(),
        {blend("steps beside leaps", 1, {0}), blend("steps", 1, {1}), blend("both", 1, {0, 1})},
        settings, progress);
    ASSERT_TRUE(found) << found.error().message;
    const auto& blends = (*found)["blends"];
    const auto& wrong = blends["steps beside leaps"];
    EXPECT_GT(wrong["auc"], 0.95);
    EXPECT_GT(wrong["opening"], 0.95);
    EXPECT_LT(wrong["floor"], 0.9);
    EXPECT_EQ(wrong["stretches"]["played"], 24);
    EXPECT_FALSE(wrong["by"].empty());
    EXPECT_FALSE(wrong.contains("between"));
    EXPECT_LT(blends["steps"]["auc"], wrong["auc"].get<double>());
    const auto& between = blends["both"]["between"];
    ASSERT_TRUE(between.contains("range"));
    EXPECT_LE(between["range"]["least"], between["range"]["most"].get<double>());
}

TEST(ToldApart, AsksAboutEachStrongGenreThePairsThePapersCasesAndAll) {
    Bundle bundle = two_habits();
    bundle.genres = {"cinematic", "classical", "jazz", "pop"};
    std::vector<std::string> names;
    for (const NamedBlend& one : blends_to_hear(bundle, {1, 2, 3})) {
        names.push_back(one.name);
        EXPECT_FALSE(normalised(one.weights).silent());
    }
    EXPECT_EQ(names,
              (std::vector<std::string>{"classical", "jazz", "pop", "classical 10 jazz 5 pop 1",
                                        "cinematic 5 classical 5 jazz 5", "classical 5 jazz 5",
                                        "classical 5 pop 5", "jazz 5 pop 5", "all"}));
    bundle.genres = {"one"};
    EXPECT_TRUE(blends_to_hear(bundle, {}).empty());
}

}  // namespace
}  // namespace fusion::train
