#include "engine/model/ngram_generator.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/small_bundle.hpp"

namespace fusion {
namespace {

StepRequest request(std::uint32_t index, float high, float low) {
    StepRequest r;
    r.index = index;
    r.blend.share[0] = high;
    r.blend.share[1] = low;
    r.sampling.top_p = 1.0F;
    return r;
}

std::vector<EventId> play(Generator& generator, std::uint32_t count, float high, float low) {
    std::vector<EventId> line;
    for (std::uint32_t i = 0; i < count; ++i)
        line.push_back(generator.generate(request(generator.next_index(), high, low))->event);
    return line;
}

TEST(NgramGenerator, PlaysTheGenreItsWeightsName) {
    const auto bundle = small_bundle();
    const auto generator = make_ngram_generator(bundle);
    int high = 0;
    for (const EventId e : play(*generator, 300, 1.0F, 0.0F)) high += e >= 3 ? 1 : 0;
    generator->reset();
    int low = 0;
    for (const EventId e : play(*generator, 300, 0.0F, 1.0F)) low += e == 1 || e == 2 ? 1 : 0;
    EXPECT_GT(high, 200);
    EXPECT_GT(low, 200);
}

TEST(NgramGenerator, EachGenreProposesWhatItWouldPlayWhateverItsWeight) {
    const auto bundle = small_bundle();
    const auto generator = make_ngram_generator(bundle);
    int high = 0;
    int low = 0;
    for (std::uint32_t i = 0; i < 300; ++i) {
        const auto made = generator->generate(request(i, 1.0F, 0.0F));
        high += made->proposals[0] >= 3 ? 1 : 0;
        low += made->proposals[1] == 1 || made->proposals[1] == 2 ? 1 : 0;
        EXPECT_EQ(made->proposals[2], kNoProposal);
    }
    EXPECT_GT(high, 200);
    EXPECT_GT(low, 150) << "in the other's line it is not quite at home";
}

TEST(NgramGenerator, SaysTheSameAgainAfterARollback) {
    const auto bundle = small_bundle();
    const auto generator = make_ngram_generator(bundle);
    play(*generator, 20, 0.5F, 0.5F);
    const auto tail = play(*generator, 12, 0.5F, 0.5F);
    generator->forget_before(18);
    generator->rollback(20);
    EXPECT_EQ(generator->next_index(), 20U);
    EXPECT_EQ(play(*generator, 12, 0.5F, 0.5F), tail);
}

TEST(NgramGenerator, GoesOnFromWhatItIsForcedToSay) {
    const auto bundle = small_bundle();
    const auto generator = make_ngram_generator(bundle);
    auto forced = request(0, 0.5F, 0.5F);
    forced.forced = EventId{2};
    EXPECT_EQ(generator->generate(forced)->event, 2);
    EXPECT_EQ(generator->next_index(), 1U);
}

TEST(NgramGenerator, SkipsStepsOthersMade) {
    const auto bundle = small_bundle();
    const auto generator = make_ngram_generator(bundle);
    play(*generator, 3, 1.0F, 0.0F);
    generator->skip_to(10);
    EXPECT_EQ(generator->next_index(), 10U);
    EXPECT_EQ(play(*generator, 2, 1.0F, 0.0F).size(), 2U);
}

Bundle accented_bundle() {
    auto bundle = small_bundle();
    bundle.accents.genres.resize(2);
    bundle.accents.genres[0].by_interval[5] = 100;  // louder after a tone up
    bundle.accents.genres[0].after_rest[4] = -200;  // softer after a rest
    bundle.accents.genres[1].by_place[0] = 50;
    return bundle;
}

std::vector<int> loudness(Generator& generator, std::uint32_t count) {
    std::vector<int> played;
    for (std::uint32_t i = 0; i < count; ++i)
        played.push_back(generator.generate(request(generator.next_index(), 0.8F, 0.2F))->velocity);
    return played;
}

TEST(NgramGenerator, PlaysFlatWithoutAccents) {
    const auto bundle = small_bundle();
    EXPECT_EQ(loudness(*make_ngram_generator(bundle), 50), std::vector<int>(50, 96));
}

TEST(NgramGenerator, AccentsANoteByTheOneBeforeIt) {
    const auto bundle = accented_bundle();
    const auto generator = make_ngram_generator(bundle);
    std::vector<int> played;
    for (const EventId event : std::vector<EventId>{3, 4, 0, 4, 3}) {
        auto forced = request(generator->next_index(), 1.0F, 0.0F);
        forced.forced = event;
        played.push_back(generator->generate(forced)->velocity);
    }
    // First, a tone up, a rest, after the rest, a tone down.
    EXPECT_EQ(played, (std::vector<int>{96, 106, 96, 77, 96}));
}

TEST(NgramGenerator, AccentsTheSameAgainAfterARollback) {
    const auto bundle = accented_bundle();
    const auto generator = make_ngram_generator(bundle);
    loudness(*generator, 20);
    const auto tail = loudness(*generator, 12);
    EXPECT_NE(tail, std::vector<int>(12, tail.front()));
    generator->forget_before(20);
    generator->rollback(20);
    EXPECT_EQ(loudness(*generator, 12), tail);
}

}  // namespace
}  // namespace fusion
