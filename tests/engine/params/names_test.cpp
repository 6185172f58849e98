#include "engine/params/names.hpp"

#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "engine/params/table.hpp"

namespace fusion {
namespace {

using Names = std::vector<std::string>;

TEST(Names, ANameThatStandsThereIsThatOneWhateverElseThereIs) {
    const Names names{"Jazz", "jazz", "pop"};
    EXPECT_EQ(place_of_name(names, "jazz"), 1U);
    EXPECT_EQ(place_of_name(names, "Jazz"), 0U);
}

TEST(Names, WhatDiffersInCaseAloneIsMeantWhereThereIsOneOfIt) {
    EXPECT_EQ(place_of_name(Names{"jazz", "pop"}, "JAZZ"), 0U);
    EXPECT_EQ(place_of_name(Names{"Jazz", "jazz", "pop"}, "JAZZ"), std::nullopt);
    EXPECT_EQ(place_of_name(Names{"Jazz", "jazz", "JaZZ"}, "JAZZ"), std::nullopt);
    EXPECT_EQ(place_of_name(Names{"jazz"}, "jaz"), std::nullopt);
    EXPECT_EQ(place_of_name(Names{}, "jazz"), std::nullopt);
}

TEST(Names, CaseIsAsciiAndNothingElseIsTouched) {
    EXPECT_TRUE(same_but_for_case("Chanson", "CHANSON"));
    EXPECT_FALSE(same_but_for_case("ÜBUNG", "übung"));
    EXPECT_FALSE(same_but_for_case("a[", "a{")) << "a bit apart, as letters of two cases are";
}

TEST(Names, NoTwoOfTheTableAreOneWithoutCase) {
    std::set<std::string> bare;
    const auto is_new = [&](std::string_view name) { return bare.insert(bare_word(name)).second; };
    for (const auto& row : param_table()) EXPECT_TRUE(is_new(row.name)) << row.name;
    for (const auto& row : action_table()) EXPECT_TRUE(is_new(row.name)) << row.name;
    for (const auto& row : family_table()) EXPECT_TRUE(is_new(row.name)) << row.name;
    for (const auto& row : param_table()) {
        std::set<std::string> words;
        for (const auto word : row.words)
            EXPECT_TRUE(words.insert(bare_word(word)).second) << row.name << ' ' << word;
    }
}

TEST(Names, TheTableIsFoundWithoutRegardToCase) {
    EXPECT_EQ(find_param("Tempo"), &spec(ParamId::tempo));
    EXPECT_EQ(find_action("Scene/Save"), &spec(ActionId::scene_save));
    EXPECT_EQ(find_family("WEIGHT"), &spec(FamilyId::weight));
    EXPECT_EQ(find_param("tempi"), nullptr);
    EXPECT_EQ(find_word(spec(ParamId::scale).words, "Harmonic minor"), 8.0);
    EXPECT_EQ(find_word(spec(ParamId::scale).words, "whole-tone"), 14.0);
}

}  // namespace
}  // namespace fusion
