#include "daemon/progress_line.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(ProgressLine, ShowsABarAndWhatIsLeft) {
    const ProgressLine line{stderr, "music", ProgressLine::Onto::terminal};
    EXPECT_EQ(line.line(0.5, 20s), "music [###############...............]  50 %  0:20 left");
    EXPECT_THAT(line.line(0.01, 60s), HasSubstr("1:39:00 left"));
    EXPECT_THAT(line.line(0.0, 60s), testing::Not(HasSubstr("left"))) << "nobody knows yet";
    EXPECT_THAT(line.line(7.0, 60s), HasSubstr("100 %")) << "and no more";
}

TEST(ProgressLine, IsPlainWhereThereIsNoTerminal) {
    std::FILE* file = std::tmpfile();
    ASSERT_NE(file, nullptr);
    {
        ProgressLine line{file, "music"};
        EXPECT_EQ(line.line(0.25, 10s), "music: 25 %, 0:30 left");
        for (int i = 0; i < 1000; ++i) line.show(0.001 * i);
    }
    EXPECT_EQ(std::ftell(file), 0) << "nothing in the first half minute";
    std::fclose(file);
}

}  // namespace
}  // namespace fusion
