// Random operations in simulated time: whatever the hands do, no note is lost, stuck or doubled,
// and the line has no hole and no overlap.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/engine/realtime/clock/clock_rig.hpp"
#include "tests/support/engine_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::IsEmpty;

struct Hands {
    std::mt19937_64 random;
    std::size_t between(std::size_t low, std::size_t high) {
        return std::uniform_int_distribution<std::size_t>{low, high}(random);
    }
    double real(double low, double high) {
        return std::uniform_real_distribution<double>{low, high}(random);
    }

    // Few channels, so that the line and the parts meet on them.
    void turn_a_part(ParamStore& p) {
        const auto genre = p.genres()[between(0, 2)];
        switch (between(0, 3)) {
            case 0:
                p.set("part_channel/" + genre, static_cast<double>(between(1, 4))).value();
                break;
            case 1:
                p.set("part_program/" + genre, static_cast<double>(between(0, 9))).value();
                break;
            default: p.set("part/" + genre, between(0, 3) == 0 ? 0.0 : 1.0).value(); break;
        }
    }

    void do_something(ParamStore& p) {
        switch (between(0, 29)) {
            case 0: p.set(ParamId::tempo, real(10, 400)).value(); break;
            case 1: p.act(ActionId::stop); break;
            case 2: p.act(ActionId::restart); break;
            case 3: p.act(ActionId::panic); break;
            case 4: p.set(ParamId::channel, static_cast<double>(between(1, 16))).value(); break;
            case 5: p.set(ParamId::seed, static_cast<double>(between(0, 999))).value(); break;
            case 6: EXPECT_TRUE(p.set_weights({0.0, 0.0, 0.0})); break;
            case 7: p.set(ParamId::gate, real(0.05, 1)).value(); break;
            case 8: p.set(ParamId::transpose, real(-36, 36)).value(); break;
            case 9: p.set(ParamId::meter_numerator, real(1, 16)).value(); break;
            case 10: p.set(ParamId::ramp, real(0, 8)).value(); break;
            case 11:
            case 12:
            case 13: p.act(ActionId::play); break;
            case 14:
            case 15:
            case 16:
            case 17:
            case 18: turn_a_part(p); break;
            case 19: p.set(ParamId::mute, between(0, 3) == 0 ? 1.0 : 0.0).value(); break;
            case 20: p.set(ParamId::program, static_cast<double>(between(0, 128))).value(); break;
            case 21: p.set(ParamId::humanise, real(0, 1)).value(); break;
            case 22: p.set(ParamId::swing, real(0.5, 0.75)).value(); break;
            default: p.set_weight(between(0, 2), real(0, 10)).value(); break;
        }
    }
};

void soak(std::uint64_t seed, std::size_t operations, Nanos lead) {
    EngineRig rig{{.lead = lead, .steps_in_flight = 24}};
    Hands hands{std::mt19937_64{seed}};
    std::size_t failing = 0;
    rig.neural.before_each([&](const StepRequest&) -> Status {
        const auto dice = hands.between(0, 999);
        if (dice == 0) failing = 20;
        if (failing > 0) {
            --failing;
            return fail(Error::Code::io, "as scripted");
        }
        if (dice < 20) rig.time.sleep_until(rig.time.now() + milliseconds{dice * 5});
        return {};
    });
    bool full = false;
    rig.sink.refuse_when([&](const TimedMessage&) { return full; });
    for (std::size_t i = 0; i < operations; ++i) {
        hands.do_something(rig.params);
        const auto dice = hands.between(0, 99);
        if (dice == 0) full = !full;
        if (dice < 60) rig.planner.advance();
        if (dice < 30) rig.plan();
        for (std::size_t turn = hands.between(1, 12); turn > 0; --turn) rig.clock_turn();
        if (hands.between(0, 4999) == 0)
            rig.time.sleep_until(rig.time.now() + milliseconds{hands.between(1, 20000)});
    }
    full = false;
    rig.params.act(ActionId::play);
    rig.run_for(milliseconds{500});
    rig.finish();

    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty()) << "seed " << seed;
    EXPECT_EQ(rig.core.output().sounding() + rig.core.output().owed(), 0U);
    EXPECT_EQ(rig.meters.notes_on.load(), rig.meters.notes_off.load());
    EXPECT_GT(rig.meters.notes_on.load(), operations / 100) << "and there was music";
    EXPECT_THAT(rig.neural.breaches(), IsEmpty()) << "seed " << seed;
    EXPECT_THAT(rig.fallback.breaches(), IsEmpty()) << "seed " << seed;

    // The line: between restarts consecutive in index, and never one step on top of another.
    std::vector<Step> line;
    for (const auto& event : rig.played()) {
        const auto of_line =
            event.kind == PlayedEvent::Kind::step && event.step.rung != Rung::repeat;
        if (of_line) line.push_back(event.step);
    }
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (line[i].index <= line[i - 1].index) {
            EXPECT_LE(line[i].index, 64U) << "a restart";
            continue;
        }
        EXPECT_GE(line[i].start, line[i - 1].end());
    }
}

// Steps of any kind and length, with parts and a hand of up to 160 ticks (25 ms at 400 BPM).
StepMessage random_step(Hands& hands, ClockRig& rig) {
    auto message = rig.next(Pitch{static_cast<std::uint8_t>(hands.between(58, 62))});
    auto& step = message.step;
    if (rig.meters.horizon_depth.load() == 0) {  // the first, or after an underrun
        message.placement = Placement::placed;
        step.start = Ticks{rig.meters.play_head_ticks.load()} + beats(step.index == 0 ? 0 : 1);
    }
    step.kind = hands.between(0, 4) == 0 ? StepKind::rest : StepKind::note;
    step.duration = Ticks{static_cast<std::int64_t>(hands.between(1, 12) * 40)};
    step.gate = Ticks{static_cast<std::int64_t>(hands.between(0, 1000))};
    step.lean = static_cast<std::int32_t>(hands.between(0, 320)) - 160;
    for (auto& part : message.parts) {
        part.kind = static_cast<PartNote::Kind>(hands.between(0, 2));
        part.pitch = Pitch{static_cast<std::uint8_t>(hands.between(58, 62))};
        part.velocity = kVelocity;
        part.gate = part.duration = Ticks{static_cast<std::int64_t>(hands.between(0, 1000))};
    }
    return message;
}

// The clock without its planner, so that a step may be of any kind at all.
void soak_the_clock(std::uint64_t seed, std::size_t operations, Nanos lead) {
    ClockRig rig{lead};
    Hands hands{std::mt19937_64{seed}};
    bool full = false;
    bool muted = false;
    std::size_t heard_while_muted = 0;
    rig.sink.refuse_when([&](const TimedMessage& message) {
        if (muted && message.message.is_note_on()) ++heard_while_muted;
        return full;
    });
    StepMessage last;
    for (std::size_t i = 0; i < operations; ++i) {
        const auto epoch = rig.params.current().restarts;
        hands.do_something(rig.params);
        if (rig.params.current().restarts != epoch) rig.index = 0;
        muted = rig.params.current().on(ParamId::mute);
        full = full ? hands.between(0, 4) != 0 : hands.between(0, 99) == 0;
        while (rig.meters.horizon_depth.load() < 8 && hands.between(0, 9) != 0) {
            last = random_step(hands, rig);
            rig.send(last);
            rig.turn();
        }
        if (hands.between(0, 9) == 0) {  // the same step with another hand
            last.step.lean = static_cast<std::int32_t>(hands.between(0, 320)) - 160;
            last.serial = ++rig.serial;
            rig.send(last);
        }
        for (std::size_t turn = hands.between(1, 60); turn > 0; --turn) rig.turn();
        if (hands.between(0, 4999) == 0)
            rig.time.sleep_until(rig.time.now() + milliseconds{hands.between(1, 20000)});
        // What sounds is held by the line and three parts, or the ledger has lost somebody.
        ASSERT_LE(rig.core->output().sounding(), muted ? 0U : 4U);
    }
    full = false;
    rig.run_for(milliseconds{50});
    rig.core->silence(rig.time.now());
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty()) << "seed " << seed;
    EXPECT_EQ(rig.core->output().sounding() + rig.core->output().owed(), 0U);
    EXPECT_EQ(rig.meters.notes_on.load(), rig.meters.notes_off.load());
    EXPECT_GT(rig.meters.notes_on.load(), operations / 10) << "and there was music";
    EXPECT_EQ(heard_while_muted, 0U);
}

TEST(Soak, PartsLeansAndProgramsOfAnyKindLoseStickAndDoubleNothing) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) soak_the_clock(seed, 5000, Nanos{0});
    soak_the_clock(5, 5000, Nanos{milliseconds{15}});
}

TEST(Soak, AHundredThousandRandomOperationsLoseStickAndDoubleNothing) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) soak(seed, 9000, Nanos{0});
    soak(11, 10000, Nanos{milliseconds{15}});
}

TEST(Soak, TheSameHandsMakeTheSameBytes) {
    const auto play = [] {
        EngineRig rig;
        Hands hands{std::mt19937_64{5}};
        for (int i = 0; i < 2000; ++i) {
            hands.do_something(rig.params);
            rig.plan();
            for (std::size_t turn = hands.between(1, 12); turn > 0; --turn) rig.clock_turn();
        }
        rig.finish();
        return rig.sink.messages();
    };
    const auto a = play();
    const auto b = play();
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].message, b[i].message);
        EXPECT_EQ(a[i].deadline, b[i].deadline);
    }
}

}  // namespace
}  // namespace fusion::test
