#include "engine/params/table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace fusion {
namespace {

TEST(ParamTable, EveryRowIsWholeAndItsNameIsItsOwn) {
    std::set<std::string_view> names;
    std::set<int> controllers;
    for (const auto& row : param_table()) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_LT(row.minimum, row.maximum) << row.name;
        EXPECT_GE(row.initial, row.minimum) << row.name;
        EXPECT_LE(row.initial, row.maximum) << row.name;
        EXPECT_FALSE(row.doc.empty()) << row.name;
        EXPECT_TRUE(row.type != ParamType::toggle || (row.minimum == 0.0 && row.maximum == 1.0));
        EXPECT_EQ(row.type == ParamType::choice, !row.words.empty()) << row.name;
        if (row.type == ParamType::choice) {
            EXPECT_EQ(row.maximum + 1, static_cast<double>(row.words.size())) << row.name;
        }
        if (row.cc) {
            EXPECT_TRUE(controllers.insert(*row.cc).second) << row.name;
        }
    }
    for (const auto& row : family_table()) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_LT(row.minimum, row.maximum) << row.name;
        EXPECT_FALSE(row.doc.empty()) << row.name;
        for (std::size_t g = 0; row.first_cc && g < kWeightCcs; ++g)
            EXPECT_TRUE(controllers.insert(*row.first_cc + static_cast<int>(g)).second) << row.name;
    }
    for (const auto& row : action_table()) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_FALSE(row.doc.empty()) << row.name;
    }
}

TEST(ParamTable, AnActionTakesAtMostOneTextAndThenOneNumber) {
    for (const auto& row : action_table()) {
        ASSERT_LE(row.arguments.size(), 2U) << row.name;
        if (row.arguments.size() == 2) {
            EXPECT_EQ(row.text(), &row.arguments[0]) << row.name;
            EXPECT_EQ(row.number(), &row.arguments[1]) << row.name;
        }
    }
}

TEST(ParamTable, NamesAreWhatAnOscPathAndATomlKeyMayHold) {
    for (const auto& row : param_table()) {
        EXPECT_TRUE(std::all_of(row.name.begin(), row.name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9') || c == '/';
        })) << row.name;
        const auto member = member_name(row.name);
        EXPECT_EQ(member.has_value(), row.name.find('/') != std::string_view::npos) << row.name;
        EXPECT_TRUE(!member || member->family.find('/') == std::string_view::npos)
            << row.name << ": a section of one word";
    }
}

TEST(ParamTable, AMembersNameComesApartAtItsLastSlash) {
    EXPECT_EQ(member_name("weight/jazz")->family, "weight");
    EXPECT_EQ(member_name("bass/weight/jazz")->family, "bass/weight");
    EXPECT_EQ(member_name("bass/weight/jazz")->genre, "jazz");
    for (const auto* none : {"", "tempo", "weight/", "bass/weight/"})
        EXPECT_FALSE(member_name(none)) << none;
}

TEST(ParamTable, FindsByNameAndOnlyByTheWholeName) {
    for (const auto& row : param_table()) EXPECT_EQ(find_param(row.name), &spec(row.id));
    EXPECT_EQ(find_param("temp"), nullptr);
    EXPECT_EQ(find_param(""), nullptr);
    ASSERT_NE(find_action("panic"), nullptr);
    EXPECT_EQ(find_action("panic")->id, ActionId::panic);
    EXPECT_EQ(find_action("tempo"), nullptr);
}

}  // namespace
}  // namespace fusion
