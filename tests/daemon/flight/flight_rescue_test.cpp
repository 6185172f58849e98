#include "daemon/flight/flight_rescue.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/base/whole_file.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion {
namespace {

std::string text_of(const std::filesystem::path& file) {
    const auto bytes = read_file(file, std::size_t{16} << 20);
    if (!bytes) return bytes.error().message;
    return {bytes->begin(), bytes->end()};
}

// A child with a log and a rescue that gets `signal`; returns how it ended.
int crash(const FlightLog& log, const std::filesystem::path& file, int signal) {
    const auto child = ::fork();
    if (child == 0) {
        const FlightRescue rescue{log, file};
        ::raise(signal);
        ::_exit(7);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

class FlightRescueTest : public testing::TestWithParam<int> {
protected:
    void SetUp() override {
        log_.begin("# head\n");
        for (int i = 0; i < 20000; ++i) log_.note("#= 1 2 3");
        log_.end(":9 end");
    }
    ScratchFolder folder_;
    FlightLog log_;
};

TEST_P(FlightRescueTest, ACrashWritesAllAndStaysACrash) {
    const auto file = folder_.path() / "crash.flight";
    const int status = crash(log_, file, GetParam());
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), GetParam());
    EXPECT_EQ(text_of(file), log_.text());
}
INSTANTIATE_TEST_SUITE_P(Signals, FlightRescueTest,
                         testing::Values(SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT));

using FlightRescueOnceTest = FlightRescueTest;
TEST_P(FlightRescueOnceTest, AFileThatIsThereIsNotWrittenOver) {
    const auto file = folder_.path() / "crash.flight";
    ASSERT_TRUE(write_file(file, std::string_view{"another's"}));
    ASSERT_TRUE(WIFSIGNALED(crash(log_, file, GetParam())));
    EXPECT_EQ(text_of(file), "another's");
}

TEST_P(FlightRescueOnceTest, WhoHadTheSignalBeforeHasItStill) {
    const auto file = folder_.path() / "crash.flight";
    const auto child = ::fork();
    if (child == 0) {
        struct sigaction before {};
        before.sa_handler = [](int) { ::_exit(42); };
        ::sigaction(GetParam(), &before, nullptr);
        const FlightRescue rescue{log_, file};
        ::raise(GetParam());
        ::_exit(7);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 42);
    EXPECT_EQ(text_of(file), log_.text());
}
INSTANTIATE_TEST_SUITE_P(Signals, FlightRescueOnceTest, testing::Values(SIGSEGV));

}  // namespace
}  // namespace fusion
