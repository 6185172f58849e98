// A tape in the line's place: where its messages fall, what ends its notes, and what becomes of the
// line meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "tests/engine/realtime/clock/clock_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

constexpr Channel kOfTape{4};
constexpr Pitch kKey{64};

struct TapeRig : ClockRig {
    explicit TapeRig(Nanos lead = Nanos{0}) : ClockRig{lead}, hand{queues->tape.hand([] {})} {}

    void order(TapeOrder::What what, Nanos from = Nanos{0}) {
        hand.orders.publish({++run, what, from});
    }
    void put(Nanos at, const MidiMessage& message) {
        ASSERT_TRUE(hand.events.try_push({at, run, TapeEvent::Kind::message, message}));
    }
    void put(Nanos at, TapeEvent::Kind kind) {
        ASSERT_TRUE(hand.events.try_push({at, run, kind, {}}));
    }
    // In the order of their time, as a feeder has them.
    struct Sound {
        Nanos from, to;
        Pitch pitch = kKey;
    };
    void put_notes(const std::vector<Sound>& sounds) {
        std::vector<std::pair<Nanos, MidiMessage>> all;
        for (const auto& [from, to, pitch] : sounds) {
            all.emplace_back(from, note_on(kOfTape, pitch, kVelocity));
            all.emplace_back(to, note_off(kOfTape, pitch));
        }
        std::ranges::stable_sort(all, {}, &std::pair<Nanos, MidiMessage>::first);
        for (const auto& [at, message] : all) put(at, message);
    }
    void put_note(Nanos from, Nanos to, Pitch pitch = kKey) { put_notes({{from, to, pitch}}); }
    // The line of quarter notes, under way.
    void play_line() {
        for (int i = 0; i < 30; ++i) send(next());
        run_for(milliseconds{1200});
    }
    std::vector<TimedMessage> of_tape() const {
        std::vector<TimedMessage> found;
        for (const auto& one : sink.messages())
            if (one.message.channel() == kOfTape &&
                (one.message.is_note_on() || one.message.is_note_off()))
                found.push_back(one);
        return found;
    }
    bool tape_sounds() { return core->output().sounding() > 0; }
    TapeHead::State state() { return hand.head.read().state; }

    TapeHand hand;
    std::uint32_t run = 0;
};

TEST(TapePlayer, SetsEachMessageAtItsPlaceExactly) {
    TapeRig rig{milliseconds{7}};
    rig.order(TapeOrder::What::play);
    const std::vector<Nanos> places{milliseconds{0}, Nanos{333'333'333}, seconds{2}};
    for (const auto place : places) rig.put_note(place, place + Nanos{100'000'001});
    rig.put(seconds{3}, TapeEvent::Kind::end);
    rig.run_for(seconds{4});
    const auto heard = rig.of_tape();
    ASSERT_EQ(heard.size(), 6U);
    for (std::size_t i = 0; i < places.size(); ++i) {
        EXPECT_EQ(heard[2 * i].deadline - heard[0].deadline, places[i]);
        EXPECT_EQ(heard[2 * i + 1].deadline - heard[2 * i].deadline, Nanos{100'000'001});
    }
    EXPECT_EQ(rig.meters.lateness.max(), Micros{0});
    EXPECT_EQ(rig.state(), TapeHead::State::ended);
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(TapePlayer, BeginsInTheMiddleAtOnce) {
    TapeRig rig;
    rig.order(TapeOrder::What::play, seconds{90});
    rig.put_note(seconds{91}, seconds{92});
    const auto ordered = rig.time.now();
    rig.run_for(seconds{3});
    ASSERT_EQ(rig.of_tape().size(), 2U);
    EXPECT_EQ(rig.of_tape()[0].deadline, ordered + seconds{1});
}

TEST(TapePlayer, LetsTheLineStandAndGoOnWhereItWas) {
    TapeRig rig;
    rig.play_line();
    const auto before = rig.committed().size();
    ASSERT_GT(before, 1U);
    rig.order(TapeOrder::What::play);
    rig.put_note(Nanos{0}, seconds{3});
    rig.run_for(seconds{2});
    EXPECT_EQ(rig.committed().size(), before);
    EXPECT_FALSE(rig.core->running());
    EXPECT_TRUE(rig.tape_sounds());
    EXPECT_EQ(rig.of(note_on(Channel{0}, kMiddle, kVelocity)).size(),
              rig.of(note_off(Channel{0}, kMiddle)).size())
        << "the line's own note has ended";
    rig.order(TapeOrder::What::stand);
    rig.run_for(seconds{2});
    const auto committed = rig.committed();
    ASSERT_GT(committed.size(), before);
    EXPECT_EQ(committed[before].step.index, committed[before - 1].step.index + 1);
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(TapePlayer, EndsWhatSoundsWhereItIsStopped) {
    TapeRig rig;
    rig.order(TapeOrder::What::play);
    rig.put(Nanos{0}, control_change(kOfTape, kSustainPedal, 127));
    rig.put_note(Nanos{0}, seconds{60});
    rig.run_for(seconds{1});
    ASSERT_TRUE(rig.tape_sounds());
    rig.order(TapeOrder::What::stand);
    rig.turn();
    EXPECT_FALSE(rig.tape_sounds());
    EXPECT_FALSE(rig.of(control_change(kOfTape, kSustainPedal, 0)).empty());
    EXPECT_EQ(rig.state(), TapeHead::State::stands);
    rig.run_for(seconds{70});
    EXPECT_EQ(rig.of_tape().size(), 2U) << "nothing of it comes after";
}

TEST(TapePlayer, EndsWhatSoundsWhereItJumpsAndPlaysNothingOfBefore) {
    TapeRig rig;
    rig.order(TapeOrder::What::play);
    rig.put_notes({{Nanos{0}, seconds{60}}, {seconds{2}, seconds{3}, kLow}});
    rig.run_for(seconds{1});
    rig.order(TapeOrder::What::play, seconds{30});
    rig.turn();
    EXPECT_FALSE(rig.tape_sounds());
    rig.put_note(seconds{30}, seconds{31}, kHigh);
    rig.put(seconds{31}, TapeEvent::Kind::end);
    rig.run_for(seconds{5});
    EXPECT_TRUE(rig.of(note_on(kOfTape, kLow, kVelocity)).empty());
    EXPECT_EQ(rig.of(note_on(kOfTape, kHigh, kVelocity)).size(), 1U);
    EXPECT_EQ(rig.state(), TapeHead::State::ended);
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(TapePlayer, KnowsWhatComesBeforeItsOrderFromWhatIsOver) {
    TapeRig rig;
    rig.order(TapeOrder::What::play);
    rig.put_note(seconds{1}, seconds{2}, kLow);
    rig.turn();
    ++rig.run;  // the message overtakes the order
    rig.put_note(Nanos{0}, seconds{1}, kHigh);
    rig.run_for(milliseconds{100});
    rig.hand.orders.publish({rig.run, TapeOrder::What::play});
    rig.run_for(seconds{2});
    EXPECT_EQ(rig.of(note_on(kOfTape, kHigh, kVelocity)).size(), 1U);
    EXPECT_TRUE(rig.of(note_on(kOfTape, kLow, kVelocity)).empty());
}

TEST(TapePlayer, PlaysNoMoreAfterAPanic) {
    TapeRig rig;
    rig.order(TapeOrder::What::play);
    rig.put_notes({{Nanos{0}, seconds{60}}, {seconds{2}, seconds{3}, kLow}});
    rig.run_for(seconds{1});
    rig.params.act(ActionId::panic).value();
    rig.turn();
    EXPECT_FALSE(rig.tape_sounds());
    EXPECT_EQ(rig.state(), TapeHead::State::hushed);
    EXPECT_EQ(rig.of(control_change(kOfTape, kAllSoundOff, 0)).size(), 1U);
    rig.run_for(seconds{5});
    EXPECT_TRUE(rig.of(note_on(kOfTape, kLow, kVelocity)).empty());
}

TEST(TapePlayer, LetsNothingSoundForEverWhereNothingMoreComes) {
    TapeRig rig;
    rig.order(TapeOrder::What::play);
    rig.put(Nanos{0}, note_on(kOfTape, kKey, kVelocity));
    rig.put(seconds{4}, TapeEvent::Kind::mark);
    rig.run_for(milliseconds{3900});
    EXPECT_TRUE(rig.tape_sounds()) << "a long note is no reason to end it";
    rig.run_for(milliseconds{400});
    EXPECT_FALSE(rig.tape_sounds());
    rig.put(seconds{5}, note_off(kOfTape, kKey));
    rig.put_note(seconds{6}, seconds{7}, kHigh);
    rig.run_for(seconds{5});
    EXPECT_EQ(rig.of(note_on(kOfTape, kHigh, kVelocity)).size(), 1U) << "it goes on in its time";
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(TapePlayer, LeavesOutWhatIsTooLateAndEndsWhatWasToEnd) {
    TapeRig rig;
    rig.order(TapeOrder::What::play);
    std::vector<TapeRig::Sound> sounds{{Nanos{0}, seconds{2}}};
    for (int i = 1; i < 50; ++i)
        sounds.push_back({milliseconds{100 * i}, milliseconds{100 * i + 50}, kLow});
    rig.put_notes(sounds);
    rig.turn();
    rig.time.sleep_until(rig.time.now() + seconds{4});  // the machine was asleep
    rig.run_for(seconds{2});
    const auto late = rig.of(note_on(kOfTape, kLow, kVelocity));
    EXPECT_GT(late.size(), 5U);
    EXPECT_LT(late.size(), 15U);
    EXPECT_FALSE(rig.tape_sounds());
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(TapePlayer, IsSilentWhileItIsMuted) {
    TapeRig rig;
    rig.order(TapeOrder::What::play);
    rig.put_notes(
        {{Nanos{0}, seconds{10}}, {seconds{1}, seconds{2}, kLow}, {seconds{3}, seconds{4}, kHigh}});
    rig.run_for(milliseconds{500});
    rig.set("mute", 1.0);
    rig.turn();
    EXPECT_FALSE(rig.tape_sounds());
    rig.run_for(seconds{2});
    rig.set("mute", 0.0);
    rig.run_for(seconds{2});
    EXPECT_TRUE(rig.of(note_on(kOfTape, kLow, kVelocity)).empty());
    EXPECT_EQ(rig.of(note_on(kOfTape, kHigh, kVelocity)).size(), 1U);
}

TEST(TapePlayer, LosesNoEndWhateverIsDoneToIt) {
    for (unsigned seed = 0; seed < 40; ++seed) {
        TapeRig rig;
        std::mt19937 random{seed};
        const auto one_in = [&](std::uint32_t n) { return random() % n == 0; };
        rig.sink.refuse_when([&](const TimedMessage&) { return one_in(9); });
        rig.play_line();
        for (int i = 0; i < 60; ++i) {
            const Nanos from = milliseconds{random() % 3000};
            rig.order(one_in(4) ? TapeOrder::What::stand : TapeOrder::What::play, from);
            auto at = from;
            for (auto n = random() % 30; n > 0; --n) {
                at += milliseconds{random() % 40};
                const Pitch pitch{static_cast<std::uint8_t>(60 + random() % 5)};
                if (one_in(2))
                    rig.put(at, note_on(kOfTape, pitch, kVelocity));
                else
                    rig.put(at, note_off(kOfTape, pitch));
            }
            if (one_in(2)) rig.put(at, TapeEvent::Kind::end);
            if (one_in(5)) rig.params.act(ActionId::panic).value();
            if (one_in(5)) rig.set("playing", one_in(2) ? 1.0 : 0.0);
            if (one_in(7)) rig.set("mute", one_in(2) ? 1.0 : 0.0);
            rig.run_for(milliseconds{random() % 700});
        }
        rig.order(TapeOrder::What::stand);
        rig.set("playing", 0.0);
        rig.sink.refuse_when({});
        rig.run_for(milliseconds{50});
        EXPECT_EQ(rig.core->output().sounding() + rig.core->output().owed(), 0U) << seed;
        EXPECT_THAT(rig.faults_at_the_end(), IsEmpty()) << seed;
    }
}

}  // namespace
}  // namespace fusion::test
