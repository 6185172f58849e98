#include "daemon/terminal/keys.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace fusion {
namespace {

using Key = KeyPress::Key;

TEST(Keys, EveryCommandHasAKeyAndAPlaceInTheHelp) {
    std::set<ViewCommand> bound;
    for (const auto& row : key_bindings()) bound.insert(row.command);
    EXPECT_EQ(bound.size(), static_cast<std::size_t>(ViewCommand::quit) + 1);
    for (const auto& row : key_bindings()) {
        EXPECT_EQ(row.keys.empty(), row.doc.empty());
        EXPECT_TRUE(row.hint.empty() || !row.keys.empty());
    }
}

TEST(Keys, NoKeyMeansTwoThings) {
    const auto rows = key_bindings();
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) EXPECT_NE(rows[i].press, rows[j].press) << i;
}

TEST(Keys, EveryDigitButZeroChoosesAGenre) {
    for (char32_t digit = U'1'; digit <= U'9'; ++digit)
        EXPECT_EQ(command_of({Key::character, digit}), ViewCommand::choose_genre);
    EXPECT_EQ(command_of({Key::character, U'0'}), ViewCommand::nothing_of_it);
}

TEST(Keys, AKeyThatMeansNothingIsNoCommand) {
    EXPECT_FALSE(command_of({Key::character, U'ß'}));
    EXPECT_FALSE(command_of({Key::erase, 0}));
}

}  // namespace
}  // namespace fusion
