#include "daemon/flight/flight_folder.hpp"

#include <fstream>

#include <sys/stat.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/eventually.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion {
namespace {

namespace fs = std::filesystem;

Result<fs::path> written(FlightFolder& folder) {
    std::optional<Result<fs::path>> news;
    while (!news) news = folder.news();
    return *news;
}

TEST(FlightFolderTest, AFlightIsForItsOwnerAlone) {
    const ScratchFolder scratch;
    FlightFolder folder{scratch.path() / "flights"};
    ASSERT_TRUE(folder.write("request", "text"));
    const auto file = written(folder);
    ASSERT_TRUE(file) << file.error().message;
    struct stat about {};
    ASSERT_EQ(::stat(file->c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U);
    EXPECT_EQ(about.st_size, 4);
    EXPECT_FALSE(folder.news()) << "told once";
    ASSERT_TRUE(folder.write("request", "text"));
    EXPECT_NE(*written(folder), *file) << "never over another";
}

TEST(FlightFolderTest, TheNewestAreKept) {
    const ScratchFolder scratch;
    const auto now = fs::file_time_type::clock::now();
    for (int i = 0; i < 30; ++i) {
        const auto file = scratch.path() / fmt::format("fusiond-{}.flight", i);
        std::ofstream{file} << i;
        fs::last_write_time(file, now - std::chrono::hours{i});
    }
    std::ofstream{scratch.path() / "mine.flight"} << "a copy";
    keep_flights(scratch.path(), 16);
    for (int i = 0; i < 30; ++i)
        EXPECT_EQ(fs::exists(scratch.path() / fmt::format("fusiond-{}.flight", i)), i < 16) << i;
    EXPECT_TRUE(fs::exists(scratch.path() / "mine.flight"));
}

TEST(FlightFolderTest, WithoutAFolderNothingIsWritten) {
    FlightFolder none{{}};
    EXPECT_FALSE(none.exists());
    EXPECT_FALSE(none.write("request", "text"));
    FlightFolder no_folder{"/proc/no/such"};
    EXPECT_FALSE(no_folder.exists());
}

}  // namespace
}  // namespace fusion
