// Which message is whose, and what each kind of source turns.
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.hpp"
#include "tests/daemon/hands/midi_map_rig.hpp"

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(MidiMapTest, ControllersFromTwentyUpTurnTheWeightsOverTheirWholeRange) {
    use(cc_bindings(default_cc_targets()));
    EXPECT_EQ(cc(20, 127, 0, 3), Did::turned);
    EXPECT_EQ(value("weight/jazz"), 10.0);
    EXPECT_EQ(cc(21, 0), Did::turned);
    EXPECT_EQ(value("weight/pop"), 0.0);
    EXPECT_EQ(cc(20, 64, 0, 3), Did::turned);
    EXPECT_NEAR(value("weight/jazz"), 5.04, 0.01);
}

TEST_F(MidiMapTest, TheTablesControllersTurnTheirParameters) {
    use(cc_bindings(default_cc_targets()));
    for (const auto& row : param_table()) {
        if (!row.cc) continue;
        EXPECT_EQ(cc(*row.cc, 127), Did::turned);
        EXPECT_EQ(params_.current().real(row.id), row.maximum) << row.name;
        EXPECT_EQ(cc(*row.cc, 0), Did::turned);
        EXPECT_EQ(params_.current().real(row.id), row.minimum) << row.name;
    }
}

TEST_F(MidiMapTest, MoreKnobsThanGenresIsNoErrorButAnUnknownNameIsTold) {
    use(cc_bindings({{22, "weight/3"}, {30, "weight/polka"}, {31, "weight/pop"}}));
    EXPECT_EQ(cc(22, 127), Did::nothing);
    EXPECT_EQ(cc(30, 127), Did::nothing);
    EXPECT_EQ(cc(31, 127), Did::turned);
    EXPECT_EQ(value("weight/pop"), 10.0);
    EXPECT_THAT(map_->unknown(), ElementsAre(HasSubstr("CC 30: nothing is called 'weight/polka'")));
}

TEST_F(MidiMapTest, OtherMessagesTurnNothing) {
    use(cc_bindings(default_cc_targets()));
    const auto before = params_.current().revision;
    EXPECT_EQ(press(20), Did::nothing);
    EXPECT_EQ(cc(1, 100), Did::nothing);
    EXPECT_EQ(map_->apply(kMidiClock, 0).did, Did::nothing);
    EXPECT_EQ(map_->apply(control_change(Channel{0}, 20, 1), 9).did, Did::nothing);
    EXPECT_EQ(params_.current().revision, before);
}

TEST_F(MidiMapTest, TheMostExactBindingHasTheMessageAndNoOther) {
    map(R"(
[[controller]]
cc = 20
target = "tempo"
[[controller]]
cc = 20
channel = 2
target = "weight/jazz"
[[controller]]
cc = 20
channel = 2
input = 3
target = "weight/pop"
)");
    cc(20, 127, 2, 1);
    EXPECT_EQ(value("weight/pop"), 10.0);
    EXPECT_EQ(value("weight/jazz"), 5.0);
    cc(20, 0, 1, 1);
    EXPECT_EQ(value("weight/jazz"), 0.0);
    EXPECT_EQ(value("tempo"), 120.0);
    cc(20, 0, 2, 7);
    EXPECT_EQ(value("tempo"), 10.0);
}

TEST_F(MidiMapTest, OfTwoOnOneSourceTheLaterHolds) {
    use({{{MidiKind::cc, 20, 0, 0}, "tempo"}, {{MidiKind::cc, 20, 0, 0}, "weight/1"}});
    cc(20, 127);
    EXPECT_EQ(value("tempo"), 120.0);
    EXPECT_EQ(value("weight/jazz"), 10.0);
    EXPECT_EQ(map_->size(), 1U);
}

TEST_F(MidiMapTest, ATargetOfNothingTakesAwayWhatIsBoundThereAndIsNoFault) {
    map(R"(
[[controller]]
cc = 20
target = "tempo"
[[controller]]
cc = 20
channel = 3
target = ""
[[controller]]
cc = 21
target = ""
)");
    EXPECT_EQ(cc(20, 127, 0, 2), Did::nothing);
    EXPECT_EQ(cc(20, 127, 0, 1), Did::turned);
    EXPECT_EQ(cc(21, 127), Did::nothing);
    EXPECT_THAT(map_->unknown(), testing::IsEmpty());
    map_->learn("gate");
    cc(20, 9, 0, 2);
    EXPECT_EQ(cc(20, 127, 0, 2), Did::turned) << "it can be learned again";
    EXPECT_EQ(value("gate"), 1.0);
}

TEST_F(MidiMapTest, APairTurnsInSixteenThousandSteps) {
    map("[[controller]]\ncc14 = 1\ntarget = \"weight/1\"\n");
    cc(1, 65);
    EXPECT_NEAR(value("weight/jazz"), 10.0 * 8320 / 16383, 1e-5);
    cc(33, 1);
    EXPECT_NEAR(value("weight/jazz"), 10.0 * 8321 / 16383, 1e-5);
    cc(1, 127);
    cc(33, 127);
    EXPECT_EQ(value("weight/jazz"), 10.0);
}

TEST_F(MidiMapTest, AnNrpnTurnsAndItsIncrementsStep) {
    map("[[controller]]\nnrpn = 1234\ntarget = \"tempo\"\nstep = 0.5\n");
    cc(99, 1234 >> 7);
    cc(98, 1234 & 127);
    EXPECT_EQ(cc(6, 127), Did::turned);
    EXPECT_EQ(cc(38, 127), Did::turned);
    EXPECT_EQ(value("tempo"), 400.0);
    EXPECT_EQ(cc(97, 0), Did::turned);
    EXPECT_EQ(value("tempo"), 399.5);
    cc(98, 3);
    EXPECT_EQ(cc(6, 0), Did::nothing) << "another NRPN";
    EXPECT_EQ(value("tempo"), 399.5);
}

TEST_F(MidiMapTest, PitchBendTurnsAndProgramsAct) {
    map(R"(
[[controller]]
pitch_bend = true
target = "decision"
[[controller]]
program = 5
target = "stop"
)");
    map_->apply(pitch_bend(Channel{0}, 16383), 0);
    EXPECT_EQ(value("decision"), 1.0);
    EXPECT_EQ(map_->apply(program_change(Channel{0}, 4), 0).did, Did::acted);
    EXPECT_EQ(value("playing"), 0.0);
    params_.set(ParamId::playing, 1.0);
    map_->apply(program_change(Channel{0}, 4), 0);
    EXPECT_EQ(value("playing"), 0.0) << "a second time too";
}

TEST_F(MidiMapTest, EncodersStepInEachEncoding) {
    map(R"(
[[controller]]
cc = 1
target = "tempo"
encoder = "twos_complement"
step = 1
[[controller]]
cc = 2
target = "octave"
encoder = "sign_magnitude"
[[controller]]
cc = 3
target = "tempo"
encoder = "offset"
step = 0.1
)");
    for (const unsigned v : {1U, 1U, 2U, 127U}) cc(1, v);
    EXPECT_EQ(value("tempo"), 123.0);
    for (const unsigned v : {1U, 1U, 65U, 1U}) cc(2, v);
    EXPECT_EQ(value("octave"), 2.0);
    for (const unsigned v : {65U, 66U, 63U}) cc(3, v);
    EXPECT_NEAR(value("tempo"), 123.2, 1e-9);
    params_.set(ParamId::tempo, 200.0);
    cc(1, 1);
    EXPECT_EQ(value("tempo"), 201.0) << "an encoder goes on from any value";
}

TEST_F(MidiMapTest, NoBytesFromFourInputsBreakItOrSetAValueOutOfRange) {
    std::string toml;
    std::vector<std::string> targets{"play", "tap", "again", "panic", "restart"};
    for (const auto& parameter : params_.parameters()) targets.push_back(parameter.tail);
    constexpr std::array kSources{"cc = {}", "cc14 = {}", "nrpn = {}", "note = {}"};
    constexpr std::array kEncoders{"twos_complement", "sign_magnitude", "offset"};
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const std::string number = std::to_string(i % 32);
        std::string source{kSources[i % 4]};
        source.replace(source.find("{}"), 2, number);
        toml += "[[controller]]\n" + source + "\nchannel = " + std::to_string(i / 32) +
                "\ntarget = \"" + targets[i] + "\"\n";
        if (i >= 5 && i % 4 == 0) toml += "encoder = \"" + std::string{kEncoders[i % 3]} + "\"\n";
    }
    map(toml);
    std::mt19937 dice{3};
    std::uniform_int_distribution byte{0, 255};
    std::bernoulli_distribution likely{0.8};
    int turned = 0;
    for (int i = 0; i < 200'000; ++i) {
        const auto any = [&] { return static_cast<std::uint8_t>(byte(dice)); };
        const std::array<std::uint8_t, 3> bytes{any(), any(), any()};
        auto message = MidiMessage::from(std::span{bytes}.first(any() % 4U)).value_or(kMidiClock);
        if (likely(dice)) {
            // Likelier ones: controllers, of which many choose and set NRPNs.
            constexpr std::array<std::uint8_t, 8> kChoosing{6, 38, 96, 97, 98, 99, 1, 33};
            const auto controller = likely(dice) ? kChoosing[any() % 8] : any() % 64;
            const unsigned value = controller == 99 ? 0 : any() % 128;
            message = control_change(Channel{static_cast<std::uint8_t>(any() % 16)},
                                     static_cast<unsigned>(controller), value);
        }
        if (i % 5000 == 0) (void)map_->learn(targets[any() % targets.size()]);
        if (i % 7000 == 0) (void)map_->unlearn(targets[any() % targets.size()]);
        if (map_->apply(message, any() % 5).did == Did::turned) ++turned;
        for (const auto& parameter : params_.parameters()) {
            const double now = value_of(parameter, params_.current());
            ASSERT_TRUE(now >= parameter.minimum && now <= parameter.maximum)
                << parameter.tail << now;
        }
        if (i % 100 == 0) pass(std::chrono::milliseconds{1});
    }
    EXPECT_GT(turned, 1000);
}

}  // namespace
}  // namespace fusion
