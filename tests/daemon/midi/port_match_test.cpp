#include "daemon/midi/port_match.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace fusion {
namespace {

TEST(PortMatch, TrailingNumbersAreLeftOut) {
    EXPECT_EQ(without_numbers("Synth:MIDI In 24:0"), "Synth:MIDI In");
    EXPECT_EQ(without_numbers("Synth:MIDI In"), "Synth:MIDI In");
    EXPECT_EQ(without_numbers("Bus 2"), "Bus 2");
    EXPECT_EQ(without_numbers(""), "");
}

TEST(PortMatch, APartOfTheNameWillDoInAnyCase) {
    EXPECT_TRUE(port_matches("midi in", "Synth:MIDI In 24:0"));
    EXPECT_TRUE(port_matches("Synth:MIDI In 128:0", "Synth:MIDI In 24:0"));
    EXPECT_FALSE(port_matches("organ", "Synth:MIDI In 24:0"));
}

TEST(PortMatch, APatternMustFitTheWholeName) {
    EXPECT_TRUE(port_matches("syn*in", "Synth:MIDI In 24:0"));
    EXPECT_TRUE(port_matches("*midi*", "Synth:MIDI In 24:0"));
    EXPECT_FALSE(port_matches("midi*", "Synth:MIDI In 24:0"));
    EXPECT_TRUE(port_matches("synth:midi ?n", "Synth:MIDI In 24:0"));
}

TEST(PortMatch, AnExactNameGoesBeforeAPartOfOne) {
    const std::vector<std::string> ports{"Synth two:in 20:0", "Synth:in 21:0", "synth 22:0"};
    EXPECT_EQ(find_port("synth", ports), 2U);
    EXPECT_EQ(find_port("synth:in", ports), 1U);
    EXPECT_EQ(find_port("two", ports), 0U);
    EXPECT_EQ(find_port("piano", ports), std::nullopt);
}

}  // namespace
}  // namespace fusion
