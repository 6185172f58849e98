#include "engine/nn/torch_generator.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/model/lead.hpp"
#include "tests/support/plain_networks.hpp"
#include "tests/support/random_bundle.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

// Guidance is as it is asked for.
const Bundle& three_genres() {
    static const Bundle bundle = [] {
        Bundle made = random_bundle(3);
        made.dice.assign(3, GenreDice{1.0F, 1.0F, 1.0F});
        return made;
    }();
    return bundle;
}

std::unique_ptr<Generator> generator_of(const Bundle& bundle) {
    auto made = make_torch_generator(bundle, DeviceChoice::cpu);
    EXPECT_TRUE(made) << made.error().message;
    return std::move(*made);
}

StepRequest request(std::uint32_t index, std::vector<float> shares = {0.5F, 0.3F, 0.2F}) {
    StepRequest r;
    r.index = index;
    r.position = static_cast<std::uint8_t>(index * 6 % kBarPositions);
    std::copy(shares.begin(), shares.end(), r.blend.share.begin());
    r.sampling.top_p = 1.0F;
    r.sampling.inertia = 0.0F;  // the mixture as the formulas have it
    return r;
}

std::vector<EventId> play(Generator& generator, std::uint32_t count,
                          const std::vector<float>& shares = {0.5F, 0.3F, 0.2F},
                          SamplingSettings sampling = {.top_p = 1.0F, .inertia = 0.0F}) {
    std::vector<EventId> line;
    for (std::uint32_t i = 0; i < count; ++i) {
        auto r = request(generator.next_index(), shares);
        r.sampling = sampling;
        const auto made = generator.generate(r);
        EXPECT_TRUE(made);
        line.push_back(made ? made->event : 0);
    }
    return line;
}

// A chord for each two steps, none for the last two of eight; the next is known in each first.
HarmonyAsk some_harmony(std::uint32_t index) {
    HarmonyAsk ask;
    ask.bar = static_cast<std::uint8_t>(index % kPeriodBars);
    const auto chord = [](std::uint32_t n) {
        return n % 4 == 3 ? kNoChordCode
                          : ChordCode{static_cast<std::uint8_t>(n * 37 % kChordCodes)};
    };
    ask.now.code = chord(index / 2);
    ask.onset = index % 2 == 0 ? HarmonyAsk::Onset::first : HarmonyAsk::Onset::later;
    if (index % 2 == 0) {
        ask.next.code = chord(index / 2 + 1);
        ask.next_in = Cells{6};
    }
    return ask;
}

std::size_t argmax(const PlainNetworks::Vector& v) {
    return static_cast<std::size_t>(std::max_element(v.begin(), v.end()) - v.begin());
}

// Forced random lines, argmax asked for on a second, rolled-back try: every choice must be the
// plain formulas' argmax. Near ties are left to the float's last bits.
void compare_with_plain_formulas(float coupling, float guidance) {
    const auto& bundle = three_genres();
    const auto generator = generator_of(bundle);
    PlainNetworks plain{bundle};
    std::mt19937 bits{5};
    std::uniform_int_distribution<int> any_event{0, static_cast<int>(bundle.vocabulary.size()) - 1};
    const std::vector<double> blend{0.5, 0.3, 0.2};
    std::size_t last = bundle.vocabulary.size();
    std::vector<std::size_t> own(3, bundle.vocabulary.size());
    int compared = 0;
    for (std::uint32_t i = 0; i < 40; ++i) {
        auto r = request(i);
        r.meter = i % 2 == 0 ? MeterClass::quadruple : MeterClass::triple;
        r.sampling.coupling = coupling;
        r.sampling.guidance = guidance;
        r.sampling.decision = 1.0F;
        r.harmony = some_harmony(i);
        const auto decided = generator->generate(r);
        ASSERT_TRUE(decided);
        auto scores = PlainNetworks::log_softmax(
            plain.next(last, r.position, static_cast<std::size_t>(r.meter), blend, coupling, own,
                       told_of(r.harmony)));
        for (std::size_t e = 0; e < scores.size(); ++e) {
            double expected = 0.0, all = 0.0;
            for (std::size_t g = 0; g < 3; ++g) {
                expected += blend[g] * plain.proposals[g][e];
                all += plain.proposals[g][e] / 3.0;
            }
            scores[e] += guidance * std::log(expected / all);
        }
        auto sorted = scores;
        std::sort(sorted.rbegin(), sorted.rend());
        if (sorted[0] - sorted[1] > 1e-3) {
            EXPECT_EQ(decided->event, argmax(scores)) << "step " << i;
            ++compared;
        }
        for (std::size_t g = 0; g < 3; ++g) own[g] = decided->proposals[g];
        last = static_cast<std::size_t>(any_event(bits));
        generator->rollback(i);
        r.forced = static_cast<EventId>(last);
        ASSERT_EQ(generator->generate(r)->event, last);
    }
    EXPECT_GT(compared, 30);
}

TEST(TorchGenerator, ComputesTheFormulasOfThePage) { compare_with_plain_formulas(1.0F, 0.0F); }
TEST(TorchGenerator, LetsEachGenreHearItsOwnMelodyWhenUncoupled) {
    compare_with_plain_formulas(0.0F, 0.0F);
}
TEST(TorchGenerator, MixesFusedAndOwnLineInBetween) { compare_with_plain_formulas(0.35F, 0.0F); }
TEST(TorchGenerator, AddsWhatTellsTheBlendFromAllGenresAsGuidance) {
    compare_with_plain_formulas(1.0F, 1.0F);
}

TEST(TorchGenerator, SaysTheSameAgainAfterARollback) {
    for (const float coupling : {1.0F, 0.5F}) {
        const SamplingSettings sampling{.top_p = 1.0F, .coupling = coupling};
        const auto generator = generator_of(three_genres());
        play(*generator, 10, {0.5F, 0.3F, 0.2F}, sampling);
        const auto tail = play(*generator, 30, {0.5F, 0.3F, 0.2F}, sampling);
        generator->forget_before(5);
        generator->rollback(10);
        EXPECT_EQ(play(*generator, 30, {0.5F, 0.3F, 0.2F}, sampling), tail);
    }
}

// The kept half of a step must not leak from one branch of the line into another.
TEST(TorchGenerator, GeneratesATailAsIfItHadNeverTriedAnother) {
    std::mt19937 bits{11};
    std::uniform_real_distribution<float> share{0.0F, 1.0F};
    for (int round = 0; round < 12; ++round) {
        const SamplingSettings sampling{.top_p = 1.0F, .coupling = round % 3 == 0 ? 0.4F : 1.0F};
        const std::vector<float> a{share(bits), share(bits), share(bits)};
        const std::vector<float> b{share(bits), share(bits), share(bits)};
        const auto wavering = generator_of(three_genres());
        play(*wavering, 8, a, sampling);
        play(*wavering, 12, a, sampling);
        wavering->rollback(8);
        play(*wavering, 5, b, sampling);
        wavering->rollback(9);
        play(*wavering, 9, a, sampling);
        wavering->rollback(8);
        const auto wavered = play(*wavering, 14, b, sampling);

        const auto straight = generator_of(three_genres());
        play(*straight, 8, a, sampling);
        EXPECT_EQ(play(*straight, 14, b, sampling), wavered) << "round " << round;
    }
}

TEST(TorchGenerator, GeneratesATailAgainWithAnotherPositionAsIfFresh) {
    const auto wavering = generator_of(three_genres());
    play(*wavering, 12);
    wavering->rollback(6);
    const auto moved = [](Generator& generator) {
        std::vector<EventId> line;
        for (int i = 0; i < 8; ++i) {
            auto r = request(generator.next_index());
            r.position = static_cast<std::uint8_t>((r.position + 3) % kBarPositions);
            line.push_back(generator.generate(r)->event);
        }
        return line;
    };
    const auto wavered = moved(*wavering);
    const auto straight = generator_of(three_genres());
    play(*straight, 6);
    EXPECT_EQ(moved(*straight), wavered);
}

// A chord that is given by hand while the step is already made.
TEST(TorchGenerator, GeneratesATailAgainUnderAnotherChordAsIfFresh) {
    const auto under_chords = [](Generator& generator) {
        std::vector<EventId> line;
        for (int i = 0; i < 8; ++i) {
            auto r = request(generator.next_index());
            r.harmony = some_harmony(r.index);
            line.push_back(generator.generate(r)->event);
        }
        return line;
    };
    const auto wavering = generator_of(three_genres());
    const auto free = play(*wavering, 14);
    wavering->rollback(6);
    const auto wavered = under_chords(*wavering);
    const auto straight = generator_of(three_genres());
    play(*straight, 6);
    EXPECT_EQ(under_chords(*straight), wavered);
    EXPECT_NE(wavered, (std::vector<EventId>{free.begin() + 6, free.end()}))
        << "the networks hear the chords";
}

TEST(TorchGenerator, HearsTheWeights) {
    const auto generator = generator_of(three_genres());
    const auto first = play(*generator, 30, {1.0F, 0.0F, 0.0F});
    generator->reset();
    EXPECT_NE(play(*generator, 30, {0.0F, 0.0F, 1.0F}), first);
    generator->reset();
    EXPECT_EQ(play(*generator, 30, {1.0F, 0.0F, 0.0F}), first);
}

// Each control changes what is played, and soon: within a few notes of being turned.
class ModelControl : public testing::TestWithParam<std::pair<const char*, SamplingSettings>> {};

TEST_P(ModelControl, IsHeard) {
    // The genres' own networks have a say, or coupling, which is theirs, would hardly be heard.
    const SamplingSettings start{.top_p = 0.9F, .guidance = 1.0F};
    const SamplingSettings& turned = GetParam().second;
    const std::vector<float> shares{0.5F, 0.3F, 0.2F};
    const auto straight = generator_of(three_genres());
    const auto before = play(*straight, 20, shares, start);
    const auto unturned = play(*straight, 20, shares, start);
    const auto wavering = generator_of(three_genres());
    ASSERT_EQ(play(*wavering, 20, shares, start), before);
    const auto heard = play(*wavering, 20, shares, turned);
    ASSERT_NE(heard, unturned);
    // And turned back on the second try, the line is what it would have been.
    wavering->rollback(20);
    EXPECT_EQ(play(*wavering, 20, shares, start), unturned);
}

INSTANTIATE_TEST_SUITE_P(
    Every, ModelControl,
    testing::Values(
        std::pair{"temperature",
                  SamplingSettings{.temperature = 3.0F, .top_p = 0.9F, .guidance = 1.0F}},
        std::pair{"top_p", SamplingSettings{.top_p = 0.1F, .guidance = 1.0F}},
        std::pair{"decision", SamplingSettings{.top_p = 0.9F, .decision = 1.0F, .guidance = 1.0F}},
        std::pair{"coupling", SamplingSettings{.top_p = 0.9F, .coupling = 0.0F, .guidance = 1.0F}},
        std::pair{"guidance", SamplingSettings{.top_p = 0.9F, .guidance = 3.0F}}),
    [](const auto& of) { return std::string{of.param.first}; });

TEST(TorchGenerator, ThrowsTheDiceThatSuitTheGenreOfTheMoment) {
    Bundle bundle = random_bundle(3);
    bundle.dice = {{0.05F, 1.0F, 0.0F}, {5.0F, 1.0F, 0.0F}, {1.0F, 1.0F, 0.0F}};
    const auto likeliest = play(*generator_of(bundle), 30, {1.0F, 0.0F, 0.0F},
                                {.temperature = 1.0F, .top_p = 1.0F, .decision = 1.0F});
    const auto cold = play(*generator_of(bundle), 30, {1.0F, 0.0F, 0.0F}, {.top_p = 1.0F});
    const auto kinds = [](const std::vector<EventId>& line) {
        return std::set<EventId>(line.begin(), line.end()).size();
    };
    const auto hot = play(*generator_of(bundle), 30, {0.0F, 1.0F, 0.0F}, {.top_p = 1.0F});
    EXPECT_EQ(cold.front(), likeliest.front());
    EXPECT_GT(kinds(hot), kinds(cold));
}

TEST(TorchGenerator, AGenreThatLeadsAPhrasePlaysItAlone) {
    const auto& bundle = three_genres();
    StepRequest r = request(0);
    r.sampling.inertia = 1.0F;
    for (r.phrase = 0; r.phrase < 12; ++r.phrase) {
        const Blend leader = led(r);
        const auto with = generator_of(bundle)->generate(r);
        StepRequest alone = request(0);
        alone.blend = leader;
        alone.sampling.inertia = 1.0F;
        const auto without = generator_of(bundle)->generate(alone);
        ASSERT_TRUE(with && without);
        EXPECT_EQ(with->event, without->event) << r.phrase;
    }
}

TEST(TorchGenerator, APhraseThatReturnsByPlanIsPlayedAsItWas) {
    const Bundle bundle = random_bundle(2, 4, 300);
    const auto generator = generator_of(bundle);
    std::map<std::int64_t, EventId> heard;
    std::int64_t cell = 0;
    int returned = 0, differs = 0;
    while (cell < 3 * 4 * 48) {
        StepRequest r = request(generator->next_index(), {1.0F, 0.0F});
        r.position = bar_position(cell, Meter{});
        r.phrase = phrase_of(cell, Meter{});
        if (r.phrase == 1) r.returns = ReturnAsk{Cells{4 * 48}, 0.999F};  // the third is let go
        const auto made = generator->generate(r);
        ASSERT_TRUE(made);
        generator->forget_before(r.index);
        if (const auto then = heard.find(cell - 4 * 48); then != heard.end()) {
            if (r.phrase == 1) {
                EXPECT_EQ(made->event, then->second) << cell;
                ++returned;
            } else {
                differs += made->event != then->second ? 1 : 0;
            }
        }
        heard[cell] = made->event;
        cell += bundle.vocabulary[made->event].duration.count();
    }
    EXPECT_GT(returned, 3);
    EXPECT_GT(differs, 0);
}

TEST(TorchGenerator, GoesOnPastItsRingForAsLongAsStepsAreForgotten) {
    const auto generator = generator_of(three_genres());
    for (std::uint32_t i = 0; i < 3 * kKeptSteps; ++i) {
        play(*generator, 1);
        if (i > 10) generator->forget_before(i - 10);
    }
    const auto tail_start = generator->next_index() - 8;
    generator->rollback(tail_start);
    const auto tail = play(*generator, 8);
    generator->rollback(tail_start);
    EXPECT_EQ(play(*generator, 8), tail);
}

TEST(TorchGenerator, SaysSoWhenNothingIsEverCommitted) {
    const auto generator = generator_of(three_genres());
    play(*generator, kKeptSteps - 1);
    const auto refused = generator->generate(request(kKeptSteps - 1));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("horizon"));
}

TEST(TorchGenerator, SkipsStepsOthersMadeAndKeepsItsMemory) {
    const auto generator = generator_of(three_genres());
    play(*generator, 20);
    generator->skip_to(57);
    EXPECT_EQ(generator->next_index(), 57U);
    const auto after = play(*generator, 10);
    const auto fresh = generator_of(three_genres());
    fresh->skip_to(57);
    EXPECT_NE(play(*fresh, 10), after);
}

TEST(TorchGenerator, RefusesABundleWhoseNetworksAreNotThere) {
    auto bundle = three_genres();
    bundle.tensors.erase("phase2/lstm.bias");
    const auto made = make_torch_generator(bundle, DeviceChoice::cpu);
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().message, HasSubstr("phase2/lstm.bias"));
}

TEST(TorchGenerator, RefusesANetworkOfAnotherShape) {
    auto bundle = three_genres();
    bundle.tensors.at("phase1/genre1/rnn.bias") = {{255}, std::vector<float>(255)};
    const auto made = make_torch_generator(bundle, DeviceChoice::cpu);
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().message, HasSubstr("phase1/genre1/rnn.bias"));
}

TEST(TorchGenerator, SaysWhatIsMissingForCuda) {
    const auto made = make_torch_generator(three_genres(), DeviceChoice::cuda);
    if (made) GTEST_SKIP() << "this machine has CUDA";
    EXPECT_EQ(made.error().code, Error::Code::unavailable);
    EXPECT_THAT(made.error().message, HasSubstr("--device cpu"));
}

}  // namespace
}  // namespace fusion
