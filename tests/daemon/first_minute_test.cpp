#include "daemon/first_minute.hpp"

#include <array>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_folder.hpp"

namespace fusion {
namespace {

using testing::ElementsAre;

FirstMinute known() {
    return {.panel = "http://127.0.0.1:9701/",
            .sound = "aconnect fusiond SYNTH",
            .osc_bind = "127.0.0.1",
            .osc_port = 9700,
            .genre = "folk",
            .fusionctl = "fusionctl"};
}

TEST(FirstMinuteTest, SaysWhereThePanelIsHowToHearItAndHowToTurnAWeight) {
    EXPECT_THAT(say(known()),
                ElementsAre("panel: http://127.0.0.1:9701/", "to hear it: aconnect fusiond SYNTH",
                            "to turn a weight: fusionctl set weight/folk 10"));
}

TEST(FirstMinuteTest, TheLinesToTypeReachThisDaemonWhereverItListens) {
    auto other = known();
    other.osc_port = 9800;
    EXPECT_EQ(say(other)[2], "to turn a weight: fusionctl --port 9800 set weight/folk 10");
    other.osc_bind = "192.168.1.5";
    other.genre = "rock 'n' roll";
    EXPECT_EQ(
        say(other)[2],
        R"(to turn a weight: fusionctl --host 192.168.1.5 --port 9800 set 'weight/rock '\''n'\'' roll' 10)");
    other.osc_bind = "0.0.0.0";
    other.genre = "pop";
    other.fusionctl.clear();
    other.panel.clear();
    EXPECT_EQ(say(other)[2], "to turn a weight: oscsend 127.0.0.1 9800 /fusiond/weight/pop f 10");
    EXPECT_EQ(say(other)[0], "panel: none in this run");
}

TEST(FirstMinuteTest, TheGenreToTurnIsHeardLeastAndHoldsUpAlone) {
    const std::array weights{5.0F, 0.0F, 7.0F, 0.0F};
    const std::vector<std::string> genres{"jazz", "game", "folk", "classical"};
    EXPECT_EQ(genre_to_turn(genres, weights, {}), "game");
    EXPECT_EQ(genre_to_turn(genres, weights, {"jazz", "classical"}), "classical");
    EXPECT_EQ(genre_to_turn({}, weights, {}), "");
}

TEST(FirstMinuteTest, AProgramIsCalledByItsNameWhereThePathFindsThatOne) {
    const ScratchFolder scratch;
    const auto bin = scratch.path() / "a/bin", other = scratch.path() / "other";
    std::filesystem::create_directories(bin);
    std::filesystem::create_directories(other);
    EXPECT_EQ(called("ctl", bin, bin.string(), other), "") << "it is not there";
    std::ofstream{bin / "ctl"} << "x";
    const auto path = other.string() + "::" + bin.string();
    EXPECT_EQ(called("ctl", bin, path, other), "ctl");
    EXPECT_EQ(called("ctl", bin, other.string(), other), (bin / "ctl").string());
    EXPECT_EQ(called("ctl", bin, "", scratch.path()), "a/bin/ctl");
    std::ofstream{other / "ctl"} << "x";
    EXPECT_EQ(called("ctl", bin, path, scratch.path()), "a/bin/ctl") << "another comes first";
}

}  // namespace
}  // namespace fusion
