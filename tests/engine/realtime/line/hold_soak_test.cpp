// Random hands on every control, with a line that is held and let go, and a planner that is late.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "tests/engine/realtime/line/loop_faults.hpp"

namespace fusion::test {
namespace {

using std::chrono::seconds;
using testing::IsEmpty;

struct Hands {
    std::mt19937_64 random;
    double real(double low, double high) {
        return std::uniform_real_distribution<double>{low, high}(random);
    }
    std::size_t whole(std::size_t most) {
        return std::uniform_int_distribution<std::size_t>{0, most}(random);
    }

    void turn_something(EngineRig& rig) {
        constexpr std::array kTurned{ParamId::temperature, ParamId::density,  ParamId::rests,
                                     ParamId::gate,        ParamId::velocity, ParamId::accent,
                                     ParamId::humanise,    ParamId::key,      ParamId::scale,
                                     ParamId::octave,      ParamId::tempo,    ParamId::seed,
                                     ParamId::longest_rest};
        const auto which = whole(kTurned.size() + 3);
        if (which < kTurned.size()) {
            const auto& row = spec(kTurned.at(which));
            rig.params.set(row.id, real(row.minimum, row.maximum)).value();
            if (row.id == ParamId::tempo) rig.params.set(row.id, real(60, 240)).value();
        } else {
            rig.params.set_weight(whole(2), whole(3) == 0 ? 0.0 : real(0, 10)).value();
        }
    }

    void play(EngineRig& rig, Nanos span) {
        const auto end = rig.time.now() + span;
        while (rig.time.now() < end) {
            if (whole(2) == 0) turn_something(rig);
            if (whole(3) == 0) rig.planner.advance();
            if (whole(3) != 0) rig.plan();
            for (auto turn = whole(60); turn > 0; --turn) rig.clock_turn();
        }
    }
};

std::vector<Step> held_and_let_go(std::uint64_t seed) {
    EngineRig rig;
    Hands hands{std::mt19937_64{seed}};
    hands.play(rig, seconds{20});
    for (int round = 0; round < 8; ++round) {
        const auto bars = static_cast<int>(1 + hands.whole(3));
        set_loop_bars(rig, bars);
        hold(rig);
        const auto revision = rig.params.current().revision;
        hands.play(rig, seconds{20});
        const auto line = rig.line();
        const auto from = std::find_if(line.begin(), line.end(),
                                       [&](const Step& s) { return s.revision >= revision; });
        EXPECT_NE(from, line.end());
        // Pitch and loudness follow the hands; the events and their times do not.
        auto plain = line;
        for (auto& step : plain) step.pitch = Pitch{0};
        EXPECT_THAT(
            faults_of_loop(plain, static_cast<std::size_t>(from - line.begin()), kBar * bars),
            IsEmpty())
            << "seed " << seed << ", round " << round;
        if (hands.whole(1) == 0) rig.params.act(ActionId::again).value();
        release(rig);
        if (hands.whole(1) == 0) rig.params.act(ActionId::again).value();
        hands.play(rig, seconds{12});
    }
    rig.finish();
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty()) << "seed " << seed;
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty()) << "seed " << seed;
    EXPECT_THAT(rig.neural.breaches(), IsEmpty()) << "seed " << seed;
    EXPECT_EQ(rig.meters.underruns.load(), 0U) << "seed " << seed;
    return rig.line();
}

TEST(Hold, WhateverTheHandsDoTheLoopIsExactAndTheLineWithoutAHole) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) EXPECT_GT(held_and_let_go(seed).size(), 300U);
}

TEST(Hold, TheSameHandsMakeTheSameLine) { EXPECT_EQ(held_and_let_go(99), held_and_let_go(99)); }

}  // namespace
}  // namespace fusion::test
