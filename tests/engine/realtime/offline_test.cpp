// render_offline: the same engine as fast as it goes, to the same bytes every time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/realtime/engine.hpp"
#include "tests/support/recording_sink.hpp"
#include "tests/support/scripted_generator.hpp"

namespace fusion::test {
namespace {

using testing::IsEmpty;

struct Rendered {
    std::vector<TimedMessage> messages;
    Status status;
    TimePoint began;
    std::vector<Ticks> heads;
};

struct ScheduledChange {
    Ticks at{0};
    std::function<void(ParamStore&)> make;
};

// Makes changes at their places, and remembers where the play head stood.
class ScriptedHand final : public OfflineHand {
public:
    ScriptedHand(ParamStore& params, std::vector<ScheduledChange> changes)
        : params_{params}, changes_{std::move(changes)} {}

    [[nodiscard]] std::optional<Ticks> next() const override {
        if (made_ == changes_.size()) return {};
        return changes_[made_].at;
    }
    void turn(Ticks at, Ticks head) override {
        heads.push_back(head);
        for (; made_ < changes_.size() && changes_[made_].at <= at; ++made_)
            changes_[made_].make(params_);
    }

    std::vector<Ticks> heads;

private:
    ParamStore& params_;
    std::vector<ScheduledChange> changes_;
    std::size_t made_ = 0;
};

Rendered render(Ticks length, const std::vector<ScheduledChange>& changes, std::int64_t seed = 1) {
    SimulatedTime time;
    ParamStore params{{"classical", "jazz", "pop"}, time};
    params.set(ParamId::ramp, 0.0).value();
    params.set(ParamId::seed, static_cast<double>(seed)).value();
    RecordingSink sink;
    ScriptedGenerator neural;
    ScriptedGenerator fallback;
    const auto began = time.now();
    ScriptedHand hand{params, changes};
    auto status = render_offline(neural, &fallback, params, sink, time, length, hand);
    EXPECT_THAT(neural.breaches(), IsEmpty());
    EXPECT_EQ(fallback.made(), 0U) << "nothing is urgent in simulated time";
    return {sink.messages(), status, began, hand.heads};
}

bool same(const std::vector<TimedMessage>& a, const std::vector<TimedMessage>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.message == y.message && x.deadline == y.deadline;
    });
}

std::vector<ScheduledChange> some_changes() {
    return {{beats(4), [](ParamStore& p) { p.set_weight(1, 9.0).value(); }},
            {beats(8), [](ParamStore& p) { p.set(ParamId::tempo, 60.0).value(); }},
            {beats(9),
             [](ParamStore& p) {
                 p.set_weights({0.0, 0.0, 0.0});
             }},
            {beats(11), [](ParamStore& p) { p.set_weight(2, 3.0).value(); }}};
}

TEST(Offline, TheSameSeedAndChangesGiveTheSameBytes) {
    const auto a = render(beats(64), some_changes());
    const auto b = render(beats(64), some_changes());
    ASSERT_TRUE(a.status) << a.status.error().message;
    EXPECT_TRUE(same(a.messages, b.messages));
    EXPECT_FALSE(same(a.messages, render(beats(64), some_changes(), 2).messages));
}

TEST(Offline, EveryNoteEndsByTheEndAndNoneBeginsAfterIt) {
    const std::vector<ScheduledChange> with_parts_and_a_hand{
        {Ticks{0}, [](ParamStore& p) {
             for (const auto& genre : p.genres()) p.set("part/" + genre, 1.0).value();
             p.set(ParamId::humanise, 1.0).value();
             p.set(ParamId::program, 12.0).value();
         }}};
    for (const std::int64_t ticks : {1, 961, 5000, 61440})
        for (const auto& changes : {std::vector<ScheduledChange>{}, with_parts_and_a_hand}) {
            const auto result = render(Ticks{ticks}, changes);
            ASSERT_TRUE(result.status);
            EXPECT_THAT(faults(result.messages), IsEmpty()) << ticks;
            const auto end = result.began + Nanos{ticks * 500'000'000 / 960} + Nanos{1};
            for (const auto& message : result.messages) {
                EXPECT_LE(message.deadline, end);
                EXPECT_FALSE(message.message.is_note_on() && message.deadline >= end);
            }
        }
}

TEST(Offline, AChangeLeavesEverythingBeforeItsPlaceAsItWas) {
    const auto plain = render(beats(32), {});
    const auto changed =
        render(beats(32), {{beats(16), [](ParamStore& p) { p.set_weight(0, 1.0).value(); }}});
    const auto place = plain.began + std::chrono::seconds{8};
    std::vector<TimedMessage> before_plain;
    std::vector<TimedMessage> before_changed;
    for (const auto& m : plain.messages)
        if (m.deadline < place) before_plain.push_back(m);
    for (const auto& m : changed.messages)
        if (m.deadline < place) before_changed.push_back(m);
    EXPECT_TRUE(same(before_plain, before_changed));
    EXPECT_FALSE(same(plain.messages, changed.messages));
}

TEST(Offline, ATempoChangeActsExactlyAtItsPlace) {
    const auto result =
        render(beats(16), {{beats(8), [](ParamStore& p) { p.set(ParamId::tempo, 60.0).value(); }}});
    ASSERT_TRUE(result.status);
    ASSERT_FALSE(result.messages.empty());
    const auto end = result.began + std::chrono::seconds{4 + 8};
    EXPECT_LE(result.messages.back().deadline, end + Nanos{2});
    EXPECT_GT(result.messages.back().deadline, end - std::chrono::seconds{4});
}

TEST(Offline, AStopWithoutAHandToStartItAgainIsAnErrorAndNotAHang) {
    const auto result =
        render(beats(16), {{beats(4), [](ParamStore& p) { p.act(ActionId::stop); }}});
    ASSERT_FALSE(result.status);
    EXPECT_THAT(result.status.error().message, testing::HasSubstr("playing"));
}

TEST(Offline, PlacesAreThoseOfTheRecordingAndThePlayHeadThatOfTheLine) {
    const auto act = [](ActionId action) {
        return [action](ParamStore& p) { p.act(action).value(); };
    };
    const auto result = render(beats(16), {{beats(4), act(ActionId::stop)},
                                           {beats(6), [](ParamStore&) {}},
                                           {beats(8), act(ActionId::play)},
                                           {beats(10), act(ActionId::restart)},
                                           {beats(11), [](ParamStore&) {}}});
    ASSERT_TRUE(result.status) << result.status.error().message;
    EXPECT_THAT(faults(result.messages), IsEmpty());
    EXPECT_EQ(result.heads, (std::vector{beats(4), beats(4), beats(4), beats(6), beats(1)}));
    ASSERT_FALSE(result.messages.empty());
    const auto end = result.began + std::chrono::seconds{8};
    EXPECT_LE(result.messages.back().deadline, end);
    EXPECT_GT(result.messages.back().deadline, end - std::chrono::seconds{2});
}

TEST(Offline, AFailureOfTheOnlyGeneratorIsReported) {
    SimulatedTime time;
    ParamStore params{{"classical"}, time};
    RecordingSink sink;
    ScriptedGenerator neural{{"classical"}};
    neural.before_each([](const StepRequest& request) -> Status {
        if (request.index < 5) return {};
        return fail(Error::Code::io, "no more music");
    });
    ScriptedHand hand{params, {}};
    const auto status = render_offline(neural, nullptr, params, sink, time, beats(64), hand);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "no more music");
}

}  // namespace
}  // namespace fusion::test
