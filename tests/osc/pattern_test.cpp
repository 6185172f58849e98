#include "osc/pattern.hpp"

#include <string>

#include <gtest/gtest.h>

namespace fusion {
namespace {

TEST(OscPattern, AStarStaysWithinItsPartOfThePath) {
    EXPECT_TRUE(osc_pattern_matches("/fusiond/weight/*", "/fusiond/weight/jazz"));
    EXPECT_FALSE(osc_pattern_matches("/fusiond/*", "/fusiond/weight/jazz"));
    EXPECT_TRUE(osc_pattern_matches("/*/*/*azz", "/fusiond/weight/jazz"));
}

TEST(OscPattern, QuestionMarksClassesAndChoicesMatchAsOscSays) {
    EXPECT_TRUE(osc_pattern_matches("/a/?azz", "/a/jazz"));
    EXPECT_FALSE(osc_pattern_matches("/a/?azz", "/a/azz"));
    EXPECT_TRUE(osc_pattern_matches("/a/[h-k]azz", "/a/jazz"));
    EXPECT_FALSE(osc_pattern_matches("/a/[!j]azz", "/a/jazz"));
    EXPECT_TRUE(osc_pattern_matches("/a/[!k]azz", "/a/jazz"));
    EXPECT_TRUE(osc_pattern_matches("/a/{pop,jazz}", "/a/jazz"));
    EXPECT_TRUE(osc_pattern_matches("/a/{p,pop}x", "/a/popx"));
    EXPECT_FALSE(osc_pattern_matches("/a/{pop,folk}", "/a/jazz"));
}

TEST(OscPattern, AMalformedPatternMatchesNothing) {
    EXPECT_FALSE(osc_pattern_matches("/a/[jazz", "/a/jazz"));
    EXPECT_FALSE(osc_pattern_matches("/a/{jazz", "/a/jazz"));
    EXPECT_FALSE(osc_pattern_matches("", "/a"));
}

TEST(OscPattern, AHostilePatternEnds) {
    std::string pattern = "/";
    for (int i = 0; i < 120; ++i) pattern += "*?";
    pattern += "x";
    EXPECT_FALSE(osc_pattern_matches(pattern, "/" + std::string(300, 'a')));
    EXPECT_FALSE(osc_pattern_matches(std::string(60000, '*'), "/a"));
}

}  // namespace
}  // namespace fusion
