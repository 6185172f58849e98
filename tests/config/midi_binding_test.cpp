#include "config/midi_binding.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using testing::HasSubstr;

std::string problem_of(std::string_view toml) {
    const auto read = parse_controllers(toml, "stage.toml");
    return read ? "" : read.error().message;
}

MidiBinding only(std::string_view toml) {
    const auto read = parse_controllers(toml, "stage.toml");
    EXPECT_TRUE(read) << read.error().message;
    return read && read->size() == 1 ? read->front() : MidiBinding{};
}

TEST(MidiBinding, ATableWithASourceAndATargetIsEnough) {
    const auto binding = only("[[controller]]\ncc = 20\ntarget = \"weight/1\"\n");
    EXPECT_EQ(binding, (MidiBinding{{MidiKind::cc, 20, 0, 0}, "weight/1"}));
}

TEST(MidiBinding, EveryKeySaysWhatItSays) {
    const auto binding = only(R"([[controller]]
nrpn = 1234
channel = 16
input = 4
target = "tempo"
minimum = 180
maximum = 60.5
curve = "exponential"
step = 0.5
takeover = "jump"
)");
    MidiBinding expected{{MidiKind::nrpn, 1234, 16, 4}, "tempo"};
    expected.minimum = 180.0;
    expected.maximum = 60.5;
    expected.curve = Curve::exponential;
    expected.step = 0.5;
    expected.takeover = Takeover::jump;
    EXPECT_EQ(binding, expected);
    const auto encoder = only(
        "[[controller]]\ncc = 1\ntarget = \"octave\"\nencoder = \"sign_magnitude\"\nstep = 2\n");
    EXPECT_EQ(encoder.encoder, Encoder::sign_magnitude);
    const auto button =
        only("[[controller]]\nnote = 60\ntarget = \"hold\"\npress = \"momentary\"\n");
    EXPECT_EQ(button.press, Press::momentary);
    const auto scene = only("[[controller]]\nprogram = 128\ntarget = \"scene/A b\"\nmorph = 8\n");
    EXPECT_EQ(scene.source, (MidiSource{MidiKind::program, 128, 0, 0}));
    EXPECT_EQ(scene.morph, 8.0);
    EXPECT_EQ(only("[[controller]]\npitch_bend = true\ntarget = \"tempo\"\n").source.kind,
              MidiKind::pitch_bend);
}

TEST(MidiBinding, TheRestOfTheDocumentIsNotLookedAt) {
    EXPECT_TRUE(parse_controllers("[midi]\noutput = 3\n", "x")->empty());
    EXPECT_TRUE(parse_controllers("", "x")->empty());
    EXPECT_TRUE(parse_controllers("controller = []\n", "x")->empty());
}

TEST(MidiBinding, EveryFaultIsToldWithItsPlaceAndItsController) {
    const auto problem = problem_of(R"([[controller]]
cc = 20
target = "weight/1"
[[controller]]
cc = 120
target = "tempo"
[[controller]]
ccc = 1
target = "tempo"
)");
    EXPECT_THAT(problem, HasSubstr("stage.toml:5:6: controller 2: cc must be a whole number from 0 "
                                   "to 119"));
    EXPECT_THAT(problem, HasSubstr("stage.toml:8:1: controller 3: unknown key 'ccc' (did you mean "
                                   "'cc'?)"));
}

struct Fault {
    const char* keys;
    const char* words;
};

class MidiBindingFault : public testing::TestWithParam<Fault> {};

TEST_P(MidiBindingFault, IsToldInWords) {
    EXPECT_THAT(problem_of(std::string{"[[controller]]\n"} + GetParam().keys),
                HasSubstr(std::string{"controller 1: "}));
    EXPECT_THAT(problem_of(std::string{"[[controller]]\n"} + GetParam().keys),
                HasSubstr(GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    Each, MidiBindingFault,
    testing::Values(
        Fault{"target = \"tempo\"", "no source"},
        Fault{"cc = 1\nnote = 2\ntarget = \"tempo\"", "several sources"},
        Fault{"cc = 1", "no target"}, Fault{"cc = 1\ntarget = 3", "must be text"},
        Fault{"cc = 1\ntarget = \"\"\nminimum = 1", "turns nothing"},
        Fault{"cc = 1\ntarget = \"tmepo\"", "did you mean 'tempo'?"},
        Fault{"cc = 1\ntarget = \"weight/\"", "nothing is called"},
        Fault{"cc = 1\ntarget = \"nudge\"", "wants arguments"},
        Fault{"cc = 1\ntarget = \"scene/save\"", "wants arguments"},
        Fault{"cc = 1\ntarget = \"scene/\"", "a scene's name"},
        Fault{"cc14 = 32\ntarget = \"tempo\"", "0 to 31"},
        Fault{"nrpn = 16383\ntarget = \"tempo\"", "0 to 16382"},
        Fault{"program = 0\ntarget = \"play\"", "1 to 128"},
        Fault{"pitch_bend = 1\ntarget = \"tempo\"", "pitch_bend = true"},
        Fault{"cc = 1\nchannel = 17\ntarget = \"tempo\"", "0 to 16"},
        Fault{"cc = 1\ninput = 5\ntarget = \"tempo\"", "0 to 4"},
        Fault{"cc = 1\ntarget = \"tempo\"\nminimum = 5", "10 to 400"},
        Fault{"cc = 1\ntarget = \"tempo\"\nminimum = nan", "must be a number"},
        Fault{"cc = 1\ntarget = \"tempo\"\nminimum = 400", "both 400"},
        Fault{"cc = 1\ntarget = \"octave\"\nminimum = 0.5", "must be whole"},
        Fault{"cc = 1\ntarget = \"scale\"\ncurve = \"exponential\"", "makes no sense"},
        Fault{"cc = 1\ntarget = \"tempo\"\ncurve = \"bent\"", "linear, exponential or logarithmic"},
        Fault{"cc = 1\ntarget = \"tempo\"\nencoder = \"ofset\"", "did you mean 'offset'?"},
        Fault{"cc = 1\ntarget = \"tempo\"\nstep = 1", "step goes with an encoder"},
        Fault{"cc = 1\ntarget = \"tempo\"\nencoder = \"offset\"\nstep = 0", "above 0"},
        Fault{"cc = 1\ntarget = \"octave\"\nencoder = \"offset\"\nstep = 0.5", "must be whole"},
        Fault{"note = 1\ntarget = \"tempo\"\nencoder = \"offset\"", "by cc alone"},
        Fault{"cc = 1\ntarget = \"tempo\"\nencoder = \"offset\"\ntakeover = \"jump\"", "takeover"},
        Fault{"cc = 1\ntarget = \"mute\"\nencoder = \"offset\"\npress = \"toggle\"", "no button"},
        Fault{"program = 1\ntarget = \"mute\"\npress = \"momentary\"", "never released"},
        Fault{"cc = 1\ntarget = \"tempo\"\nmorph = 1", "morph goes with"},
        Fault{"cc = 1\ntarget = \"scene/a\"\nmorph = -1", "0 to 1024"},
        Fault{"cc = 1\ntarget = \"play\"\nminimum = 1", "has no value"}));

TEST(MidiBinding, TwoOnOneSourceAreToldApartByChannelAndInputAlone) {
    const std::string first = "[[controller]]\ncc = 1\ntarget = \"tempo\"\n";
    EXPECT_THAT(problem_of(first + first), HasSubstr("controller 2: CC 1 is controller 1 already"));
    EXPECT_EQ(problem_of(first + first + "channel = 2\n"), "");
    EXPECT_EQ(problem_of(first + first + "input = 2\n"), "");
}

TEST(MidiBinding, WhatIsNoTomlOrNoTableIsToldAndNotThrown) {
    EXPECT_THAT(problem_of("[[controller]\n"), HasSubstr("stage.toml:1:"));
    EXPECT_THAT(problem_of("controller = 3\n"), HasSubstr("[[controller]]"));
    EXPECT_THAT(problem_of("[controller]\ncc = 3\n"), HasSubstr("[[controller]]"));
    EXPECT_THAT(problem_of("controller = [1, 2]\n"), HasSubstr("[[controller]]"));
}

TEST(MidiBinding, DescribesWhereItComesFrom) {
    EXPECT_EQ(describe({MidiKind::cc, 20, 3, 1}), "CC 20 on channel 3 of input 1");
    EXPECT_EQ(describe({MidiKind::cc14, 1, 0, 0}), "CC 1 and 33");
    EXPECT_EQ(describe({MidiKind::pitch_bend, 0, 9, 0}), "pitch bend on channel 9");
}

TEST(MidiBinding, TheShortFormSaysTheSameAsTheLong) {
    EXPECT_EQ(cc_bindings({{20, "weight/1"}}),
              *parse_controllers("[[controller]]\ncc = 20\ntarget = \"weight/1\"\n", "x"));
}

// Any binding that checks out, at random.
MidiBinding any_binding(std::mt19937& dice) {
    const auto below = [&](unsigned n) { return std::uniform_int_distribution{0U, n - 1}(dice); };
    constexpr std::array kTargets{
        "",     "tempo", "weight/jazz",        "weight/1",  "octave", "scale",
        "mute", "play",  R"(scene/"Vers\ 2")", "part/café", "seed"};
    for (;;) {
        MidiBinding binding;
        binding.source.kind = static_cast<MidiKind>(below(6));
        binding.source.number = static_cast<std::uint16_t>(
            lowest_number(binding.source.kind) + below(highest_number(binding.source.kind) + 1));
        binding.source.channel = static_cast<std::uint8_t>(below(17));
        binding.source.input = static_cast<std::uint8_t>(below(5));
        binding.target = kTargets[below(kTargets.size())];
        std::uniform_real_distribution real{0.0, 12.0};
        if (below(2) == 0) binding.minimum = below(2) == 0 ? real(dice) : below(12);
        if (below(2) == 0) binding.maximum = below(2) == 0 ? real(dice) : below(12);
        binding.curve = static_cast<Curve>(below(3));
        binding.encoder = static_cast<Encoder>(below(2) * below(4));
        if (below(3) == 0) binding.step = below(2) == 0 ? real(dice) : below(3);
        if (below(3) == 0) binding.press = static_cast<Press>(below(2));
        if (below(3) == 0) binding.takeover = static_cast<Takeover>(below(2));
        if (below(3) == 0) binding.morph = real(dice);
        if (check_binding(binding)) return binding;
    }
}

TEST(MidiBinding, WhatIsWrittenIsReadBackTheSame) {
    std::mt19937 dice{20};
    for (int round = 0; round < 200; ++round) {
        std::vector<MidiBinding> bindings;
        for (int i = 0; i < 10; ++i) {
            auto binding = any_binding(dice);
            const auto is_twin = [&](const auto& b) { return b.source == binding.source; };
            if (std::ranges::none_of(bindings, is_twin)) bindings.push_back(std::move(binding));
        }
        const auto text = format_controllers(bindings);
        const auto read = parse_controllers(text, "state");
        ASSERT_TRUE(read) << read.error().message << '\n' << text;
        ASSERT_EQ(*read, bindings) << text;
    }
}

}  // namespace
}  // namespace fusion
