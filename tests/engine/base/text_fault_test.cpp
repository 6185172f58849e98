#include "engine/base/text_fault.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

TEST(TextFault, CountsCharactersAsAPersonDoes) {
    const auto told = [](std::size_t at, std::string_view text) {
        return to_error({at, "what", "right"}, text).message;
    };
    EXPECT_EQ(told(0, "abc"), "character 1: what; right");
    EXPECT_EQ(told(2, "abc"), "character 3: what; right");
    EXPECT_EQ(told(1, "B♭m"), "character 2: what; right");
    EXPECT_EQ(told(4, "B♭m"), "character 3: what; right");
    EXPECT_EQ(told(99, "abc"), "character 4: what; right");
    EXPECT_EQ(to_error({0, "", ""}, "").code, Error::Code::malformed);
}

}  // namespace
}  // namespace fusion
