#include "config/nearest.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace fusion {
namespace {

const std::vector<std::string> kWords{"tempo", "temperature", "top_p"};

TEST(Nearest, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("tempo", "tempo"), 0U);
    EXPECT_EQ(edit_distance("tmpo", "tempo"), 1U);
    EXPECT_EQ(edit_distance("tenpo", "tempo"), 1U);
    EXPECT_EQ(edit_distance("temop", "tempo"), 1U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, FindsTheWordThatWasMeant) {
    EXPECT_EQ(nearest("tmepo", kWords), "tempo");
    EXPECT_EQ(nearest("temprature", kWords), "temperature");
}

TEST(Nearest, SaysNothingWhereNothingIsNear) {
    EXPECT_EQ(nearest("saxophone", kWords), "");
    EXPECT_EQ(did_you_mean("saxophone", kWords), "");
    EXPECT_EQ(nearest(std::string(100000, 'x'), kWords), "");
}

}  // namespace
}  // namespace fusion
