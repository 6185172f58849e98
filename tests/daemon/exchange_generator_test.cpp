#include "daemon/exchange_generator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/model/ngram_generator.hpp"
#include "engine/realtime/line/voice.hpp"
#include "tests/daemon/synthetic_bundle.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

class ExchangeGeneratorTest : public testing::Test {
protected:
    static StepRequest request(std::uint32_t index) {
        StepRequest asked;
        asked.index = index;
        std::vector<float> weights{1.0F, 0.0F, 0.0F};
        std::copy(weights.begin(), weights.end(), asked.blend.share.begin());
        return asked;
    }
    // Makes the next step as the planner does.
    Event step() {
        const auto index = static_cast<std::uint32_t>(line_.empty() ? 0 : next_);
        const auto made = voice_.generate(request(index), line_);
        EXPECT_TRUE(made) << made.error().message;
        PlannedStep planned;
        planned.request = request(index);
        planned.made = *made;
        planned.message.step.index = index;
        line_.push_back(planned);
        next_ = index + 1;
        return generator_.vocabulary()[made->event];
    }

    Bundle low_ = test::synthetic_bundle(), high_ = test::synthetic_bundle(12);
    ExchangeGenerator generator_{make_ngram_generator(low_)};
    Voice voice_{&generator_};
    PlannedLine line_;
    std::uint32_t next_ = 0;
};

TEST_F(ExchangeGeneratorTest, TheNextStepIsTheNewOnesAndTheOldStepsKeepTheirMeaning) {
    for (int i = 0; i < 10; ++i) step();
    const auto before = line_.back().made->event;
    const Event meant = generator_.vocabulary()[before];
    ASSERT_TRUE(generator_.offer(make_ngram_generator(high_)));
    bool higher = false;
    for (int i = 0; i < 20; ++i) {
        const auto event = step();
        if (event.pitch && event.pitch->count() >= 72) higher = true;
        if (event.pitch) {
            EXPECT_GE(event.pitch->count(), 72) << "what the old one would have made";
        }
    }
    EXPECT_TRUE(higher);
    EXPECT_EQ(generator_.vocabulary()[before], meant);
    generator_.sweep();
    // And back: the numbers stay those that the line has.
    ASSERT_TRUE(generator_.offer(make_ngram_generator(low_)));
    const auto size = generator_.vocabulary().size();
    for (int i = 0; i < 20; ++i)
        if (const auto event = step(); event.pitch) {
            EXPECT_LT(event.pitch->count(), 72);
        }
    EXPECT_EQ(generator_.vocabulary().size(), size);
    EXPECT_EQ(generator_.vocabulary()[before], meant);
}

TEST_F(ExchangeGeneratorTest, StepsMayBeTakenBackOverTheExchange) {
    for (int i = 0; i < 12; ++i) step();
    voice_.commit(4);
    ASSERT_TRUE(generator_.offer(make_ngram_generator(high_)));
    step();
    voice_.truncate(6);
    while (line_.size() > 6) line_.pop_back();
    next_ = 6;
    for (int i = 0; i < 8; ++i) step();
    EXPECT_EQ(generator_.next_index(), 14U);
}

TEST_F(ExchangeGeneratorTest, OneOfOtherGenresIsRefusedAndTheOldOnePlaysOn) {
    auto other = test::synthetic_bundle();
    other.genres = {"jazz", "pop", "polka"};
    const auto refused = generator_.offer(make_ngram_generator(other));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("polka"));
    step();
}

}  // namespace
}  // namespace fusion
