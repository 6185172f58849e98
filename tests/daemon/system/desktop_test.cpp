#include "daemon/system/desktop.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/eventually.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

template <class Holds>
bool in_time(Holds&& holds) {
    return test::eventually(std::forward<Holds>(holds), [] { std::this_thread::yield(); });
}

class DesktopTest : public testing::Test {
protected:
    void SetUp() override {
        ::setenv("DISPLAY", ":9", 1);
        ::unsetenv("WAYLAND_DISPLAY");
        ::setenv("PATH", (folder_.path().string() + ":/usr/bin:/bin").c_str(), 1);
    }
    // Stands for the desktop's own.
    void put_xdg_open(const std::string& script) {
        const auto file = folder_.path() / "xdg-open";
        std::ofstream{file} << "#!/bin/sh\ncd " << folder_.path() << "\n" << script;
        ::chmod(file.c_str(), 0755);
    }
    [[nodiscard]] std::string said() const {
        std::stringstream text;
        text << std::ifstream{folder_.path() / "said"}.rdbuf();
        return text.str();
    }

    ScratchFolder folder_;
    Desktop desktop_;
};

TEST_F(DesktopTest, ThePageIsHandedToXdgOpenWithoutOurFiles) {
    const std::ifstream ours{"/proc/self/maps"};  // as a socket would be
    put_xdg_open("ls /proc/$$/fd >fds; echo \"$1\" >new; mv new said\n");
    ASSERT_TRUE(desktop_.open("http://127.0.0.1:9701/"));
    ASSERT_TRUE(in_time([&] { return !said().empty(); }));
    EXPECT_EQ(said(), "http://127.0.0.1:9701/\n");
    std::ifstream fds{folder_.path() / "fds"};
    for (int fd = 0; fds >> fd;)
        EXPECT_TRUE(fd <= 2 || fd >= 10) << fd;  // a shell keeps its script at 10 and above
    EXPECT_EQ(desktop_.news(), "");
}

TEST_F(DesktopTest, WithoutADesktopNothingIsStartedAndTheReasonIsSaid) {
    put_xdg_open("echo started >said\n");
    ::unsetenv("DISPLAY");
    const auto opened = desktop_.open("http://127.0.0.1:9701/");
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, HasSubstr("no desktop here"));
    ::setenv("WAYLAND_DISPLAY", "wayland-0", 1);
    ASSERT_TRUE(desktop_.open("http://127.0.0.1:9701/"));
    EXPECT_TRUE(in_time([&] { return !said().empty(); }));
}

TEST_F(DesktopTest, WithoutXdgOpenItSaysSo) {
    ::setenv("PATH", folder_.path().c_str(), 1);
    const auto opened = desktop_.open("http://127.0.0.1:9701/");
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, HasSubstr("xdg-utils"));
    EXPECT_EQ(desktop_.news(), "");
}

TEST_F(DesktopTest, WhatXdgOpenCouldNotShowIsNewsOnce) {
    put_xdg_open("exit 3\n");
    ASSERT_TRUE(desktop_.open("http://127.0.0.1:9701/"));
    ASSERT_TRUE(in_time([&] { return desktop_.news() != ""; }));
    EXPECT_EQ(desktop_.news(), "");
}

}  // namespace
}  // namespace fusion
