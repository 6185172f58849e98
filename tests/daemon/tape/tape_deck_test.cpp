// The deck and the clock's player together, under simulated time: what the sink gets is the file.
#include "daemon/tape/tape_deck.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/realtime/clock/tape_player.hpp"
#include "tests/support/recording_sink.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

struct DeckRig {
    explicit DeckRig(Nanos lead = milliseconds{5}) : sink{1U << 20U, lead} {}

    // Control looks each 100 ms, or less often.
    void run_for(Nanos span, Nanos control = milliseconds{100}) {
        const auto end = time.now() + span;
        while (time.now() < end) {
            if (time.now() >= next_look) {
                deck.turn(time.now());
                next_look = time.now() + control;
            }
            clock_turn();
        }
    }
    void clock_turn() {
        const auto now = time.now();
        output.settle(now);
        player.obey(now);
        const auto wanted = player.turn(now);
        time.sleep_until(std::clamp(wanted, now + Nanos{1}, now + milliseconds{10}));
    }
    Ticks beat() const { return deck.tape()->ticks_at(deck.place(time.now())); }
    std::vector<TimedMessage> notes_on(std::size_t from = 0) const {
        auto all = sink.notes_on();
        all.erase(all.begin(),
                  all.begin() + static_cast<std::ptrdiff_t>(std::min(from, all.size())));
        return all;
    }

    SimulatedTime time;
    RecordingSink sink;
    EngineMeters meters;
    RtLog log;
    NoteOutput output{sink, time, meters, log};
    TapeCrossing crossing;
    TapePlayer player{crossing.link(), output, time};
    int wakes = 0;
    TapeDeck deck{crossing.hand([this] { ++wakes; })};
    TimePoint next_look{};
};

// Notes each `step`, of which `held` sound; pitches go up and round.
std::shared_ptr<const Tape> scale(int notes, Ticks step, Ticks held, Bpm tempo = Bpm{120}) {
    SmfWriter writer;
    writer.tempo(Ticks{0}, tempo);
    writer.message(Ticks{0}, program_change(Channel{2}, 33));
    for (int i = 0; i < notes; ++i) {
        const Pitch pitch{static_cast<std::uint8_t>(30 + i % 60)};
        writer.message(step * i, note_on(Channel{2}, pitch, Velocity{80}));
        writer.message(step * i + held, note_off(Channel{2}, pitch));
    }
    return std::make_shared<const Tape>(read_tape(writer.bytes(step * notes), "scale").value());
}

TEST(TapeDeck, PlaysEveryMessageOfTheFileInItsTime) {
    DeckRig rig;
    const auto tape = scale(500, Ticks{240}, Ticks{200});
    rig.deck.put_in(tape);
    rig.deck.play(rig.time.now());
    EXPECT_EQ(rig.wakes, 1);
    rig.run_for(tape->length() + seconds{1});
    EXPECT_FALSE(rig.deck.plays());
    std::vector<TimedMessage> heard;
    for (const auto& one : rig.sink.messages())
        if (one.message.status() != 0xB0U) heard.push_back(one);
    ASSERT_EQ(heard.size(), tape->moments().size());
    for (std::size_t i = 0; i < heard.size(); ++i) {
        EXPECT_EQ(heard[i].message, tape->moments()[i].message);
        EXPECT_EQ(heard[i].deadline - heard[0].deadline, tape->moments()[i].at);
    }
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    EXPECT_EQ(rig.meters.lateness.max(), Micros{0});
}

TEST(TapeDeck, PlaysAFileThatIsDenserThanTheQueue) {
    DeckRig rig;
    const auto tape = scale(30'000, Ticks{2}, Ticks{1});  // 960 a second
    rig.deck.put_in(tape);
    rig.deck.play(rig.time.now());
    rig.run_for(tape->length() + seconds{1});
    EXPECT_EQ(rig.notes_on().size(), 30'000U);
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST(TapeDeck, KnowsWhereItIs) {
    DeckRig rig;
    rig.deck.put_in(scale(100, kTicksPerBeat, Ticks{900}));
    EXPECT_EQ(rig.beat(), Ticks{0});
    rig.deck.play(rig.time.now());
    rig.run_for(seconds{10});
    EXPECT_NEAR(static_cast<double>(rig.beat().count()), 20 * 960, 30);
    rig.deck.stop(rig.time.now());
    const auto stood = rig.beat();
    rig.run_for(seconds{5});
    EXPECT_EQ(rig.beat(), stood);
    const auto before = rig.notes_on().size();
    rig.deck.play(rig.time.now());
    rig.run_for(seconds{5});
    EXPECT_NEAR(static_cast<double>((rig.beat() - stood).count()), 10 * 960, 30);
    EXPECT_NEAR(static_cast<double>(rig.notes_on(before).size()), 10, 1);
}

TEST(TapeDeck, GoesToAnyPlaceWhileItPlaysAndTellsTheProgramThere) {
    DeckRig rig;
    rig.deck.put_in(scale(200, kTicksPerBeat, Ticks{900}));
    rig.deck.play(rig.time.now());
    rig.run_for(seconds{3});
    rig.sink.clear();
    rig.deck.seek(beats(50), rig.time.now());
    EXPECT_EQ(rig.beat(), beats(50));
    rig.run_for(milliseconds{1200});
    const auto& all = rig.sink.messages();
    const auto program =
        std::ranges::find(all, program_change(Channel{2}, 33), &TimedMessage::message);
    ASSERT_NE(program, all.end());
    const auto first =
        std::ranges::find_if(all, [](const auto& one) { return one.message.is_note_on(); });
    ASSERT_NE(first, all.end());
    EXPECT_LT(program - all.begin(), first - all.begin());
    EXPECT_EQ(first->message.pitch(), Pitch{30 + 50});
    rig.deck.seek(beats(0), rig.time.now());
    rig.run_for(milliseconds{200});
    EXPECT_EQ(rig.notes_on().back().message.pitch(), Pitch{30});
}

TEST(TapeDeck, IsPutAnywhereWhileItStands) {
    DeckRig rig;
    rig.deck.put_in(scale(200, kTicksPerBeat, Ticks{900}));
    rig.deck.seek(beats(150), rig.time.now());
    rig.run_for(seconds{1});
    EXPECT_TRUE(rig.sink.messages().empty());
    EXPECT_EQ(rig.beat(), beats(150));
    rig.deck.play(rig.time.now());
    rig.run_for(milliseconds{100});
    EXPECT_EQ(rig.notes_on().at(0).message.pitch(), Pitch{30 + 150 % 60});
}

TEST(TapeDeck, EndsAtOnceWhereItIsSoughtBeyondTheEndAndBeginsAnew) {
    DeckRig rig;
    rig.deck.put_in(scale(20, kTicksPerBeat, Ticks{900}));
    rig.deck.play(rig.time.now());
    rig.run_for(milliseconds{700});
    rig.deck.seek(beats(1'000'000), rig.time.now());
    rig.run_for(seconds{1});
    EXPECT_FALSE(rig.deck.plays());
    EXPECT_EQ(rig.output.sounding(), 0U);
    EXPECT_EQ(rig.beat(), rig.deck.tape()->beats());
    rig.sink.clear();
    rig.deck.play(rig.time.now());
    rig.run_for(milliseconds{100});
    EXPECT_EQ(rig.notes_on().at(0).message.pitch(), Pitch{30});
}

TEST(TapeDeck, EndsWhileAHandSeeksWithoutALostNote) {
    DeckRig rig;
    rig.deck.put_in(scale(40, Ticks{240}, Ticks{900}));
    rig.deck.play(rig.time.now());
    for (int i = 0; i < 300; ++i) {
        rig.deck.seek(Ticks{i * 53 % 11'000}, rig.time.now());
        rig.run_for(milliseconds{i * 37 % 400});
        if (!rig.deck.plays()) rig.deck.play(rig.time.now());
    }
    rig.deck.stop(rig.time.now());
    rig.run_for(milliseconds{50});
    EXPECT_EQ(rig.output.sounding(), 0U);
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST(TapeDeck, GoesOnForFourSecondsWhileControlHangsAndLetsNothingSoundAfter) {
    DeckRig rig;
    rig.deck.put_in(scale(100, kTicksPerBeat, Ticks{950}));
    rig.deck.play(rig.time.now());
    rig.run_for(milliseconds{50});
    const auto before = rig.notes_on().size();
    rig.next_look = rig.time.now() + seconds{10};
    rig.run_for(milliseconds{3900});
    EXPECT_GE(rig.notes_on(before).size(), 7U);
    rig.run_for(seconds{2});
    EXPECT_EQ(rig.output.sounding(), 0U);
    rig.run_for(seconds{10});
    EXPECT_NEAR(static_cast<double>(rig.beat().count()), 2 * 960 * 15.95, 50)
        << "in its time all along";
    rig.deck.stop(rig.time.now());
    rig.run_for(milliseconds{50});
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST(TapeDeck, LetsAnotherTapeInAndPlaysNothingOfTheOld) {
    DeckRig rig;
    rig.deck.put_in(scale(100, kTicksPerBeat, Ticks{900}));
    rig.deck.play(rig.time.now());
    rig.run_for(seconds{1});
    rig.deck.put_in(scale(10, kTicksPerBeat, Ticks{900}));
    EXPECT_FALSE(rig.deck.plays());
    rig.run_for(milliseconds{20});
    EXPECT_EQ(rig.output.sounding(), 0U);
    const auto before = rig.notes_on().size();
    rig.run_for(seconds{5});
    EXPECT_TRUE(rig.notes_on(before).empty());
    rig.deck.play(rig.time.now());
    rig.run_for(seconds{7});
    EXPECT_EQ(rig.notes_on(before).size(), 10U);
}

TEST(TapeDeck, KnowsThatItWasHushed) {
    DeckRig rig;
    rig.deck.put_in(scale(100, kTicksPerBeat, Ticks{900}));
    rig.deck.play(rig.time.now());
    rig.run_for(seconds{2});
    rig.player.hush(rig.time.now());
    rig.run_for(seconds{3});
    EXPECT_FALSE(rig.deck.plays());
    EXPECT_NEAR(static_cast<double>(rig.beat().count()), 4 * 960, 50);
}

TEST(TapeDeck, WithoutATapeDoesNothing) {
    DeckRig rig;
    rig.deck.play(rig.time.now());
    rig.deck.seek(beats(3), rig.time.now());
    rig.deck.stop(rig.time.now());
    rig.run_for(seconds{1});
    EXPECT_FALSE(rig.deck.plays());
    EXPECT_TRUE(rig.sink.messages().empty());
}

}  // namespace
}  // namespace fusion::test
