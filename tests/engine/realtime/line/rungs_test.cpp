// The ladder alone: two generators by script, a line that the test writes, no clock and no queue.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/realtime/line/ladder.hpp"
#include "tests/support/scripted_generator.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;

class Rungs : public testing::Test {
protected:
    Rungs() {
        neural_.before_each([this](const StepRequest&) -> Status {
            time_.sleep_until(time_.now() + step_time_);
            if (broken_) return fail(Error::Code::io, "as scripted");
            return {};
        });
    }

    // The next step of the line, and who made it.
    std::optional<Rung> next(Ladder::Haste haste = Ladder::Haste::none) {
        PlannedStep step;
        step.request.index = static_cast<std::uint32_t>(line_.size());
        step.request.blend = normalised(kWeights);
        step.message.step.index = step.request.index;
        const auto made = ladder_.make(step.request, line_, haste);
        if (!made) return std::nullopt;
        step.made = made->event;
        line_.push_back(step);
        ladder_.commit(step.request.index + 1);
        return made->rung;
    }

    static constexpr GenreWeights kWeights{{10.0F}};

    SimulatedTime time_;
    ScriptedGenerator neural_;
    ScriptedGenerator fallback_;
    EngineMeters meters_;
    Ladder ladder_{&neural_, &fallback_, time_, meters_};
    PlannedLine line_;
    Nanos step_time_{milliseconds{2}};
    bool broken_ = false;
};

TEST_F(Rungs, TheNetworksMakeWhatIsNotUrgentAndTheFallbackWhatIs) {
    EXPECT_EQ(next(), Rung::neural);
    EXPECT_EQ(next(Ladder::Haste::urgent), Rung::ngram);
    EXPECT_EQ(next(), Rung::neural);
    EXPECT_THAT(neural_.breaches(), IsEmpty());
    EXPECT_THAT(fallback_.breaches(), IsEmpty());
}

TEST_F(Rungs, WithoutAFallbackEvenTheUrgentIsForTheNetworks) {
    Ladder alone{&neural_, nullptr, time_, meters_};
    StepRequest request;
    request.blend = normalised(kWeights);
    const auto made = alone.make(request, line_, Ladder::Haste::urgent);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->rung, Rung::neural);
    EXPECT_FALSE(alone.has_fallback());
}

TEST_F(Rungs, AFallbackAloneIsTheTopAndHasNoNetworksToWaitFor) {
    Ladder alone{nullptr, &fallback_, time_, meters_};
    EXPECT_EQ(alone.top(), Rung::ngram);
    EXPECT_EQ(alone.sure_time_for(3), Nanos{0});
    EXPECT_FALSE(alone.tell_a_copy(3, line_));
}

TEST_F(Rungs, AFailureIsCountedToldAndLeftAloneForEverLongerUntilAStepIsMadeAgain) {
    broken_ = true;
    std::vector<std::size_t> pauses;
    for (std::size_t i = 0, quiet = 0; i < 60; ++i, ++quiet) {
        const auto errors = meters_.generator_errors.load();
        ASSERT_EQ(next(), Rung::ngram);
        if (meters_.generator_errors.load() == errors) continue;
        pauses.push_back(quiet);
        quiet = 0;
    }
    ASSERT_GE(pauses.size(), 3U);
    EXPECT_EQ(pauses[1], 8U);
    EXPECT_EQ(pauses[2], 16U);
    ASSERT_TRUE(ladder_.error());
    EXPECT_EQ(ladder_.error()->message, "as scripted");
    ladder_.got_a_step();
    EXPECT_FALSE(ladder_.error());
}

TEST_F(Rungs, WhereNoRungCanNothingIsMade) {
    broken_ = true;
    fallback_.before_each(
        [](const StepRequest&) -> Status { return fail(Error::Code::io, "that too"); });
    EXPECT_FALSE(next());
    EXPECT_EQ(meters_.generator_errors.load(), 2U);
    EXPECT_EQ(ladder_.error()->message, "that too");
}

TEST_F(Rungs, ASlowStepIsRememberedAtOnceAndFadesAlsoWhileTheFallbackPlays) {
    next();
    const auto usual = ladder_.sure_time();
    EXPECT_EQ(usual, 3 * step_time_);
    step_time_ = milliseconds{200};
    next();
    const auto slow = ladder_.sure_time();
    EXPECT_EQ(slow, 3 * step_time_);
    step_time_ = milliseconds{2};
    next(Ladder::Haste::urgent);
    EXPECT_LT(ladder_.sure_time(), slow);
    for (int i = 0; i < 40; ++i) next(Ladder::Haste::urgent);
    EXPECT_LT(ladder_.sure_time(), 2 * usual);
}

TEST_F(Rungs, AStepThatOthersMustBeToldOfBeforehandTakesAsMuchLonger) {
    next();
    for (int i = 0; i < 3; ++i) next(Ladder::Haste::urgent);
    EXPECT_EQ(ladder_.sure_time_for(4), 4 * ladder_.sure_time());
}

TEST_F(Rungs, CopiesAreToldOneByOneUntilTheNetworksAreThere) {
    next();
    for (int i = 0; i < 3; ++i) next(Ladder::Haste::urgent);
    EXPECT_TRUE(ladder_.tell_a_copy(4, line_));
    EXPECT_EQ(neural_.next_index(), 2U);
    EXPECT_TRUE(ladder_.tell_a_copy(4, line_));
    EXPECT_FALSE(ladder_.tell_a_copy(4, line_)) << "that was the last one";
    EXPECT_EQ(neural_.next_index(), 4U);
    EXPECT_FALSE(ladder_.tell_a_copy(4, line_));
    EXPECT_THAT(neural_.breaches(), IsEmpty());
}

}  // namespace
}  // namespace fusion::test
