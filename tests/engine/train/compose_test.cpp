#include "engine/train/compose.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/nn/torch_generator.hpp"
#include "engine/params/table.hpp"
#include "tests/support/counting_generator.hpp"
#include "tests/support/random_bundle.hpp"

namespace fusion::train {
namespace {

const Bundle& three_genres() {
    static const Bundle bundle = random_bundle(3, 4, 300);
    return bundle;
}

Stretch stretch(std::vector<float> weights, std::size_t notes) {
    Stretch made;
    std::copy(weights.begin(), weights.end(), made.weights.value.begin());
    made.notes = notes;
    return made;
}

std::size_t notes_of(const EventSequence& line, const Vocabulary& vocabulary) {
    return static_cast<std::size_t>(
        std::count_if(line.events.begin(), line.events.end(),
                      [&](EventId event) { return !vocabulary[event].is_rest(); }));
}

Result<EventSequence> compose_with(const Bundle& bundle, const std::vector<Stretch>& stretches,
                                   std::uint64_t seed = 5) {
    const auto generator = make_torch_generator(bundle, DeviceChoice::cpu);
    EXPECT_TRUE(generator);
    return compose(**generator, {}, stretches, performance_settings(seed));
}

TEST(Compose, PlaysUnderTheSettingsThatAPerformerStartsWith) {
    const SamplingSettings settings = performance_settings(7);
    EXPECT_EQ(settings.temperature, static_cast<float>(spec(ParamId::temperature).initial));
    EXPECT_EQ(settings.top_p, static_cast<float>(spec(ParamId::top_p).initial));
    EXPECT_EQ(settings.coupling, static_cast<float>(spec(ParamId::coupling).initial));
    EXPECT_EQ(settings.guidance, static_cast<float>(spec(ParamId::guidance).initial));
    EXPECT_EQ(settings.inertia, static_cast<float>(spec(ParamId::inertia).initial));
    EXPECT_EQ(settings.form, static_cast<float>(spec(ParamId::form).initial));
    EXPECT_EQ(settings.seed, 7U);
}

TEST(Compose, WritesAsManyNotesAsAskedAndKnowsTheirPlaces) {
    const auto line =
        compose_with(three_genres(), {stretch({1, 0, 0}, 30), stretch({0, 1, 0}, 20)});
    ASSERT_TRUE(line) << line.error().message;
    const Vocabulary& vocabulary = three_genres().vocabulary;
    EXPECT_EQ(notes_of(*line, vocabulary), 50U);
    std::int64_t cell = 0;
    for (std::size_t i = 0; i < line->size(); ++i) {
        EXPECT_EQ(line->positions[i], cell % 48);
        EXPECT_EQ(line->velocities[i] == 0, vocabulary[line->events[i]].is_rest());
        cell += vocabulary[line->events[i]].duration.count();
    }
}

TEST(Compose, TheSecondStretchIsUnderItsOwnWeights) {
    const auto change =
        compose_with(three_genres(), {stretch({1, 0, 0}, 20), stretch({0, 0, 1}, 20)});
    const auto steady = compose_with(three_genres(), {stretch({1, 0, 0}, 40)});
    ASSERT_TRUE(change && steady);
    const auto differ = std::mismatch(change->events.begin(), change->events.end(),
                                      steady->events.begin(), steady->events.end());
    const auto same = EventSequence{{change->events.begin(), differ.first}, {}, {}, {}};
    EXPECT_GE(notes_of(same, three_genres().vocabulary), 20U);
    EXPECT_NE(change->events, steady->events);
}

// Plays rests of a quaver and nothing else.
class Silent final : public fusion::test::CountingGenerator {
public:
    Silent() : CountingGenerator{{{std::nullopt, Cells{6}}}, {}} {}

private:
    [[nodiscard]] EventId event(std::uint32_t) const override { return 0; }
};

TEST(Compose, GivesUpOnALineOfNothingButRests) {
    Silent generator;
    const auto line = compose(generator, {}, {stretch({1}, 10)}, performance_settings(1));
    ASSERT_TRUE(line);
    EXPECT_EQ(notes_of(*line, generator.vocabulary()), 0U);
    EXPECT_LE(line->size(), 170U);
}

TEST(ComposeOrders, GivesTheSameLinesOnAnyNumberOfThreads) {
    const std::vector<Order> orders{{{stretch({10}, 12)}, 2}, {{stretch({0, 4, 6}, 12)}, 3}};
    Progress progress{std::tmpfile()};
    const auto one = compose_orders(three_genres(), orders,
                                    {performance_settings(3), Device::cpu, 1}, "x", progress);
    const auto two = compose_orders(three_genres(), orders,
                                    {performance_settings(3), Device::cpu, 2}, "x", progress);
    ASSERT_TRUE(one && two);
    ASSERT_EQ(one->size(), 2U);
    EXPECT_EQ((*one)[1].size(), 3U);
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t n = 0; n < (*one)[i].size(); ++n)
            EXPECT_EQ((*one)[i][n].events, (*two)[i][n].events);
    EXPECT_NE((*one)[1][0].events, (*one)[1][1].events) << "each line has a seed of its own";
}

TEST(ComposeOrders, SaysWhatIsMissingWhenNoGeneratorCanBeMade) {
    Progress progress{std::tmpfile()};
    const auto none = compose_orders(three_genres(), {{{stretch({10}, 4)}, 1}},
                                     {performance_settings(1), Device::cuda, 2}, "x", progress);
    if (none) GTEST_SKIP() << "this machine has CUDA";
    EXPECT_THAT(none.error().message, testing::HasSubstr("--device cpu"));
}

}  // namespace
}  // namespace fusion::train
