#include "engine/base/whole_file.hpp"

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "tests/support/scratch_folder.hpp"

namespace fusion {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kLimit = std::size_t{1} << 20;
constexpr int kCannot = 77;

class WholeFile : public testing::Test {
protected:
    [[nodiscard]] std::string text(const fs::path& file) const {
        const auto bytes = read_file(file, kLimit);
        return bytes ? std::string{bytes->begin(), bytes->end()} : bytes.error().message;
    }
    [[nodiscard]] std::string refusal(const fs::path& file, std::string_view text = "new") const {
        const auto written = write_file(file, text);
        return written ? std::string{} : written.error().message;
    }
    [[nodiscard]] std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator{folder_.path()})
            names.push_back(entry.path().filename().string());
        std::ranges::sort(names);
        return names;
    }
    static mode_t mode_of(const fs::path& file) {
        struct stat about {};
        return ::stat(file.c_str(), &about) == 0 ? about.st_mode & 07777 : 0;
    }
    // What takes rights away takes them from a process of its own. `what` gives its exit status.
    static int in_a_child(const std::function<int()>& what) {
        const pid_t child = ::fork();
        if (child == 0) ::_exit(what());
        int status = 0;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    ScratchFolder folder_;
    const fs::path file_ = folder_.path() / "out.mid";
};

TEST_F(WholeFile, IsReadAsItWasWrittenAndNothingIsLeftBesideIt) {
    ASSERT_TRUE(write_file(file_, std::string(5000, 'x')));
    ASSERT_TRUE(write_file(file_, "shorter"));
    EXPECT_EQ(text(file_), "shorter");
    ASSERT_TRUE(write_file(file_, ""));
    EXPECT_EQ(text(file_), "");
    EXPECT_THAT(files(), ElementsAre("out.mid"));
}

TEST_F(WholeFile, AReaderNeverSeesHalfOfIt) {
    const std::string before(200'000, 'a');
    const std::string after(70'000, 'b');
    ASSERT_TRUE(write_file(file_, before));
    std::atomic<bool> done = false;
    std::thread writer{[&] {
        for (int i = 0; i < 50; ++i) EXPECT_TRUE(write_file(file_, i % 2 == 0 ? after : before));
        done = true;
    }};
    int reads = 0;
    int halves = 0;
    do {
        const auto seen = text(file_);
        halves += seen != before && seen != after ? 1 : 0;
        ++reads;
    } while (!done);
    writer.join();
    EXPECT_EQ(halves, 0) << "of " << reads;
}

TEST_F(WholeFile, OfTwoWritersAtATimeEachWritesAllOfItOrIsToldOfTheOther) {
    const auto write = [&](char letter, std::size_t size) {
        for (int i = 0; i < 50; ++i) {
            const auto why = refusal(file_, std::string(size, letter));
            EXPECT_THAT(why, AnyOf(IsEmpty(), HasSubstr("another program is writing it")));
        }
    };
    std::thread one{write, 'a', 90'000};
    std::thread other{write, 'b', 30'000};
    one.join();
    other.join();
    ASSERT_TRUE(write_file(file_, "last")) << "no lock is left";
    EXPECT_EQ(text(file_), "last");
    EXPECT_THAT(files(), ElementsAre("out.mid"));
}

TEST_F(WholeFile, WhatACrashHasLeftBesideItIsTakenOver) {
    folder_.put("out.mid.new", std::vector<std::uint8_t>(5000, 'x'));
    ASSERT_TRUE(write_file(file_, "new"));
    EXPECT_EQ(text(file_), "new");
    EXPECT_THAT(files(), ElementsAre("out.mid"));
}

TEST_F(WholeFile, ALinkOrAPipeThatSomebodyPutBesideItIsNotFollowed) {
    const std::vector<std::uint8_t> mine{'m'};
    folder_.put("victim", mine);
    const fs::path beside = file_.string() + ".new";
    fs::create_symlink(folder_.path() / "victim", beside);
    EXPECT_EQ(refusal(file_), "");
    fs::create_hard_link(folder_.path() / "victim", beside);
    EXPECT_EQ(refusal(file_), "");
    ASSERT_EQ(::mkfifo(beside.c_str(), 0600), 0);
    EXPECT_EQ(refusal(file_), "");
    EXPECT_EQ(text(folder_.path() / "victim"), "m");
    EXPECT_THAT(files(), ElementsAre("out.mid", "victim"));
}

TEST_F(WholeFile, ALinkStaysALinkAndItsFileIsReplaced) {
    const auto real = folder_.path() / "real";
    fs::create_directory(real);
    fs::create_symlink("real/there.mid", file_);
    fs::create_symlink(file_, folder_.path() / "link");
    for (const std::string words : {"it was not there", "it was"}) {
        ASSERT_TRUE(write_file(folder_.path() / "link", words));
        EXPECT_EQ(text(real / "there.mid"), words);
        EXPECT_TRUE(fs::is_symlink(file_));
        EXPECT_TRUE(fs::is_symlink(folder_.path() / "link"));
    }
    fs::create_symlink("round", folder_.path() / "round");
    EXPECT_THAT(refusal(folder_.path() / "round"), HasSubstr("symbolic links"));
}

TEST_F(WholeFile, PermissionsAreKept) {
    ASSERT_TRUE(write_file(file_, "old"));
    for (const mode_t mode : {0640U, 0755U, 0600U}) {
        ASSERT_EQ(::chmod(file_.c_str(), mode), 0);
        ASSERT_TRUE(write_file(file_, "new"));
        EXPECT_EQ(mode_of(file_), mode);
    }
}

TEST_F(WholeFile, ANewFileIsForWhomTheUmaskSaysOrForItsOwner) {
    const mode_t mask = ::umask(027);
    EXPECT_TRUE(write_file(file_, "new"));
    EXPECT_EQ(mode_of(file_), 0640U);
    ::umask(0);
    EXPECT_TRUE(write_file(file_, "secret", FileFor::owner));
    EXPECT_EQ(mode_of(file_), 0600U) << "though it was for more";
    EXPECT_TRUE(write_file(folder_.path() / "other", "secret", FileFor::owner));
    EXPECT_EQ(mode_of(folder_.path() / "other"), 0600U);
    ::umask(mask);
}

TEST_F(WholeFile, SaysWhatWhereAndWhatToDo) {
    EXPECT_THAT(
        refusal(folder_.path() / "no" / "out.mid"),
        AllOf(HasSubstr("cannot write "), HasSubstr("no/out.mid: No such file or directory"),
              HasSubstr("make the folder")));
    ASSERT_TRUE(write_file(file_, "old"));
    EXPECT_THAT(refusal(file_ / "below"), HasSubstr("Not a directory; make the folder"));
    EXPECT_THAT(refusal(""), HasSubstr("No such file"));
    EXPECT_EQ(write_file(file_ / "below", "").error().code, Error::Code::io);
}

TEST_F(WholeFile, AFolderInItsPlaceStays) {
    fs::create_directory(file_);
    EXPECT_THAT(refusal(file_), HasSubstr("out.mid: Is a directory; a folder has that name"));
    const auto other = folder_.path() / "other";
    fs::create_directories(other.string() + ".new/x");
    EXPECT_THAT(refusal(other), HasSubstr("other.new: Is a directory"));
    EXPECT_THAT(files(), ElementsAre("other.new", "out.mid"));
}

TEST_F(WholeFile, WhatIsNoRegularFileIsWrittenToAsItIs) {
    EXPECT_THAT(refusal("/dev/full"), HasSubstr("No space left on device; make room"));
    EXPECT_THAT(refusal("/dev/null"), IsEmpty());
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(WholeFile, AFileThatMayNotGrowLeavesTheOldOneWhole) {
    ASSERT_TRUE(write_file(file_, "old"));
    EXPECT_EQ(in_a_child([&] {
                  const rlimit limit{100, 100};
                  ::signal(SIGXFSZ, SIG_IGN);
                  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 3;
                  const auto why = refusal(file_, std::string(200, 'x'));
                  return why.find("File too large; make room") != std::string::npos ? 0 : 1;
              }),
              0);
    EXPECT_EQ(text(file_), "old");
    EXPECT_THAT(files(), ElementsAre("out.mid"));
}

TEST_F(WholeFile, AFullDiskLeavesTheOldOneWhole) {
    // A disk of its own, seen by the child alone.
    const int outcome = in_a_child([&] {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=64k") != 0)
            return kCannot;
        if (!write_file(file_, "old")) return 2;
        const auto why = refusal(file_, std::string(200'000, 'x'));
        if (why.find("No space left on device; make room") == std::string::npos) return 3;
        if (text(file_) != "old") return 4;
        if (files() != std::vector<std::string>{"out.mid"}) return 5;
        return write_file(file_, "and with room again") ? 0 : 6;
    });
    if (outcome == kCannot) GTEST_SKIP() << "this user may not mount a small disk";
    EXPECT_EQ(outcome, 0);
}

TEST_F(WholeFile, AFolderThatMayNotBeWrittenToIsToldAndTheOldOneStays) {
    ASSERT_TRUE(write_file(file_, "old"));
    fs::permissions(folder_.path(), fs::perms::owner_read | fs::perms::owner_exec |
                                        fs::perms::others_read | fs::perms::others_exec);
    const int outcome = in_a_child([&] {
        constexpr uid_t kNobody = 65534;  // root writes everywhere
        if (::geteuid() == 0 && ::setresuid(kNobody, kNobody, kNobody) != 0) return kCannot;
        const auto why = refusal(file_);
        return why.find("Permission denied; name a file in a folder that this user may write to") !=
                       std::string::npos
                   ? 0
                   : 1;
    });
    fs::permissions(folder_.path(), fs::perms::owner_all);
    if (outcome == kCannot) GTEST_SKIP() << "this user may not become another";
    EXPECT_EQ(outcome, 0);
    EXPECT_EQ(text(file_), "old");
    EXPECT_THAT(files(), ElementsAre("out.mid"));
}

TEST_F(WholeFile, OneThatIsTooLargeOrAFolderIsNotRead) {
    folder_.put("big", std::vector<std::uint8_t>(101));
    EXPECT_THAT(read_file(folder_.path() / "big", 100).error().message, HasSubstr("larger than"));
    EXPECT_TRUE(read_file(folder_.path() / "big", 101));
    EXPECT_THAT(read_file(folder_.path(), 100).error().message, HasSubstr("a folder"));
    EXPECT_EQ(read_file(folder_.path() / "none", 100).error().code, Error::Code::not_found);
}

}  // namespace
}  // namespace fusion
