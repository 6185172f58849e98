#include "daemon/terminal/held_errors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>

namespace fusion {
namespace {

// Standard error is a terminal of the test's own.
class HeldErrorsTest : public testing::Test {
protected:
    void SetUp() override {
        // A page's reader and writer: the two ends of a pseudo-terminal.
        master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
        if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0)
            GTEST_SKIP() << "no pseudo-terminal can be had here";
        const int terminal = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
        ASSERT_GE(terminal, 0);
        real_ = ::dup(STDERR_FILENO);
        ::dup2(terminal, STDERR_FILENO);
        ::close(terminal);
    }
    void TearDown() override {
        if (real_ < 0) return;
        ::dup2(real_, STDERR_FILENO);
        ::close(real_);
        ::close(master_);
    }
    std::string on_the_terminal() const {
        std::string text;
        std::array<char, 1024> part{};
        for (auto size = ::read(master_, part.data(), part.size()); size > 0;
             size = ::read(master_, part.data(), part.size()))
            text.append(part.data(), static_cast<std::size_t>(size));
        return text;
    }

    int master_ = -1;
    int real_ = -1;
};

TEST_F(HeldErrorsTest, LinesComeOutWithoutColoursAndWithTheirKind) {
    HeldErrors held;
    std::fputs("10:00 \x1b[32minfo\x1b[m one\n10:01 \x1b[33mwarning\x1b[m two\n10:02 error th",
               stderr);
    held.drain();
    std::fputs("ree\n", stderr);
    held.drain();
    ASSERT_EQ(held.lines().size(), 3U);
    EXPECT_EQ(held.lines()[0].text, "10:00 info one");
    EXPECT_EQ(held.lines()[1].kind, HeldErrors::Line::Kind::warning);
    EXPECT_EQ(held.lines()[2].text, "10:02 error three");
    EXPECT_EQ(held.lines()[2].kind, HeldErrors::Line::Kind::error);
    EXPECT_EQ(on_the_terminal(), "") << "the page stands there";
}

TEST_F(HeldErrorsTest, WhatWasHeldGoesToTheTerminalInTheEnd) {
    {
        HeldErrors held;
        std::fputs("first\n", stderr);
        held.drain();
        std::fputs("second\nunfinished", stderr);
    }
    EXPECT_EQ(on_the_terminal(), "first\r\nsecond\r\nunfinished\r\n");
    std::fputs("later\n", stderr);
    EXPECT_EQ(on_the_terminal(), "later\r\n");
}

TEST_F(HeldErrorsTest, WhoeverWritesWithoutAReaderDoesNotWait) {
    // A person's terminal takes what comes in the end; this one's buffer would be full.
    std::atomic<bool> done{false};
    std::thread person{[&] {
        while (!done) static_cast<void>(on_the_terminal());
    }};
    {
        HeldErrors held;
        const std::string line(999, 'x');
        for (int i = 0; i < 1000; ++i) std::fprintf(stderr, "%s\n", line.c_str());
        held.drain();
        EXPECT_GE(held.lines().size(), 4U) << "a pipe holds a few";
        EXPECT_LE(held.lines().size(), HeldErrors::kShown);
    }
    done = true;
    person.join();
}

TEST(HeldErrors, WhereStandardErrorIsNoTerminalNothingIsHeld) {
    if (::isatty(STDERR_FILENO) != 0) GTEST_SKIP() << "standard error is a terminal";
    HeldErrors held;
    std::fputs("a line of a test\n", stderr);
    held.drain();
    EXPECT_TRUE(held.lines().empty());
}

}  // namespace
}  // namespace fusion
