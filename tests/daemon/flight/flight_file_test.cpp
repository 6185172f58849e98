#include "daemon/flight/flight_file.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/flight/flight_print.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

constexpr const char* kFlight =
    "# fusiond flight 1\n"
    "# build 0.1.0 abc\n"
    "# bundle 12-ab /there\n"
    ":0 seed 7\n"
    "#! placed 0 12 960\n"
    "#! fell 0 13 56\n"
    "#! astray 1 2 57\n"
    "#! late 0 9 57\n"
    "#! something a later version says\n"
    "#= 0 11 0 900 1 60 96 50            \n"
    "#~ 0 12 0 950 1 60 96 50            \n"
    ":4 end                              \n";

TEST(FlightFileTest, AFlightIsReadBack) {
    const auto flight = parse_flight(kFlight, "f");
    ASSERT_TRUE(flight) << flight.error().message;
    EXPECT_EQ(flight->build, "0.1.0 abc");
    EXPECT_EQ(flight->bundle, "12-ab /there");
    ASSERT_EQ(flight->notes.size(), 1U);
    EXPECT_EQ(flight->notes[0].index, 11U);
    EXPECT_EQ(flight->fillers, 1U);
    EXPECT_EQ(flight->at(0, 12).placed, Ticks{960});
    EXPECT_TRUE(flight->at(0, 13).falls);
    EXPECT_EQ(flight->at(1, 2).event, 57);
    EXPECT_FALSE(flight->at(0, 14).placed);
    EXPECT_TRUE(flight->late.contains({0, 9}));
    EXPECT_EQ(flight->unexplained(), 3U);
    EXPECT_FALSE(flight->torn);
    EXPECT_TRUE(flight->cut.empty());
    EXPECT_THAT(flight->session, HasSubstr(":0 seed 7\n"));
    EXPECT_EQ(std::ranges::count(flight->session, '\n'), 12) << "its lines keep their numbers";
}

TEST(FlightFileTest, ATornTailIsLeftOutAndTold) {
    const std::string whole{kFlight};
    const auto flight = parse_flight(whole.substr(0, whole.size() - 20), "f");
    ASSERT_TRUE(flight);
    EXPECT_TRUE(flight->torn);
    EXPECT_EQ(flight->notes.size(), 1U);
    EXPECT_EQ(flight->session.find("end"), std::string::npos);
}

TEST(FlightFileTest, AForeignFileAndAnotherVersionAreRefused) {
    EXPECT_THAT(parse_flight("MThd", "f").error().message, HasSubstr("f: this is no flight"));
    EXPECT_THAT(parse_flight("", "f").error().message, HasSubstr("no flight"));
    EXPECT_THAT(parse_flight("# fusiond flight 2\n", "f").error().message, HasSubstr("version 2"));
    EXPECT_THAT(parse_flight("# fusiond flight x\n", "f").error().message, HasSubstr("version x"));
}

TEST(FlightFileTest, ACutIsToldOnceWithItsPlace) {
    const auto flight =
        parse_flight("# fusiond flight 1\n#! cut 3.5 it is full\n#! cut 4 again\n", "f");
    ASSERT_TRUE(flight);
    EXPECT_EQ(flight->cut, "3.5 it is full");
}

TEST(FlightFileTest, AnotherBundleHasAnotherPrint) {
    const ScratchFolder folder;
    const auto write = [&](const char* name, char checksum) {
        const auto file = folder.path() / name;
        std::ofstream out{file, std::ios::binary};
        out << std::string{"FUSNBDL1\1\0\0\0\1\0\0\0", 16};
        out << std::string{"VOCB\2\0\0\0\0\0\0\0", 12} << checksum << std::string{"\0\0\0ab", 5};
        out.close();
        return bundle_print(file.string());
    };
    EXPECT_EQ(write("a", 'x'), write("b", 'x'));
    EXPECT_NE(write("a", 'x'), write("b", 'y'));
    EXPECT_THAT(write("a", 'x'), HasSubstr("34-"));
    EXPECT_EQ(bundle_print((folder.path() / "none").string()), "unknown");
}

TEST(FlightFileTest, ThisProgramHasAName) { EXPECT_THAT(build_print(), HasSubstr(".")); }

}  // namespace
}  // namespace fusion
