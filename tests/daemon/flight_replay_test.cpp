// A flight is played back note by note as it was played.
#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/render.hpp"
#include "daemon/replay.hpp"
#include "engine/model/ngram_generator.hpp"
#include "engine/music/chord_symbol.hpp"
#include "tests/daemon/flight_rig.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using test::FlownLine;
using testing::HasSubstr;

// What a flight comes back as.
Result<Comparison> replay(const std::string& text) {
    const auto flight = parse_flight(text, "flight");
    if (!flight) return tl::unexpected{flight.error()};
    auto session = parse_session(flight->session, "flight");
    if (!session) return tl::unexpected{session.error()};
    const auto bundle = test::session_bundle();
    const auto generator = make_ngram_generator(bundle);
    const auto fallback = make_ngram_generator(bundle);
    SimulatedTime time;
    ParamStore params{bundle.genres, time};
    RenderOptions options;
    options.changes = std::move(session->changes);
    options.length = session->length;
    options.told = &*flight;
    std::vector<FlightNote> notes;
    options.heard = [&](const PlayedEvent& event) {
        if (!is_of_line(event)) return;
        for (auto& note : notes_of(event, event.line_at.epoch)) notes.push_back(note);
    };
    const auto made = render(*generator, fallback.get(), params, time, options);
    if (!made) return tl::unexpected{made.error()};
    return compare(flight->notes, notes);
}

// All notes, and so many at least.
void expect_same(const FlownLine& line, std::size_t least) {
    const auto found = replay(line.log.text());
    ASSERT_TRUE(found) << found.error().message << "\n" << line.log.text();
    EXPECT_GE(found->notes, least);
    EXPECT_TRUE(found->same()) << found->equal << " of " << found->notes << ", " << found->missing
                               << " missing, " << found->more << " more; " << found->first;
}

TEST(FlightReplayTest, AnUntouchedLineComesBack) {
    FlownLine line{{}};
    line.run_for(60s);
    expect_same(line, 50);
}

TEST(FlightReplayTest, WeightsOnTheirRampsComeBack) {
    FlownLine line{{.chance = 2}};
    for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(line.params.set_weight(line.pick(3), line.pick(11), line.pick(9) * 0.5));
        line.run_for(std::chrono::milliseconds{line.pick(700)});
    }
    line.run_for(2s);
    expect_same(line, 50);
}

TEST(FlightReplayTest, WhatTheClockObeysComesBack) {
    FlownLine line{{.chance = 3}};
    ASSERT_TRUE(line.params.set("part/jazz", 1));
    for (int i = 0; i < 200; ++i) {
        switch (line.pick(7)) {
            case 0: ASSERT_TRUE(line.params.set(ParamId::tempo, 60 + line.pick(200))); break;
            case 1: ASSERT_TRUE(line.params.set(ParamId::swing, 0.5 + line.pick(20) * 0.01)); break;
            case 2: ASSERT_TRUE(line.params.set(ParamId::channel, 1 + line.pick(16))); break;
            case 3: ASSERT_TRUE(line.params.set(ParamId::mute, line.pick(2))); break;
            case 4: ASSERT_TRUE(line.params.set("part/pop", line.pick(2))); break;
            case 5: ASSERT_TRUE(line.params.set("part_channel/jazz", 1 + line.pick(16))); break;
            default: ASSERT_TRUE(line.params.act(ActionId::panic)); break;
        }
        line.run_for(std::chrono::milliseconds{line.pick(700)});
    }
    expect_same(line, 50);
}

TEST(FlightReplayTest, StopsStartsAndRestartsComeBack) {
    FlownLine line{{.chance = 4}};
    for (int i = 0; i < 60; ++i) {
        switch (line.pick(4)) {
            case 0: ASSERT_TRUE(line.params.act(ActionId::stop)); break;
            case 1: ASSERT_TRUE(line.params.act(ActionId::restart)); break;
            case 2: ASSERT_TRUE(line.params.set(ParamId::transpose, line.pick(12))); break;
            default: break;
        }
        line.run_for(std::chrono::milliseconds{line.pick(3000)});
        ASSERT_TRUE(line.params.act(ActionId::play));
        line.run_for(std::chrono::milliseconds{line.pick(3000)});
    }
    expect_same(line, 50);
}

TEST(FlightReplayTest, ALineThatIsStandingWhenItIsWrittenComesBack) {
    FlownLine line{{}};
    line.run_for(10s);
    ASSERT_TRUE(line.params.act(ActionId::stop));
    line.run_for(5s);
    expect_same(line, 10);
    ASSERT_TRUE(line.params.set(ParamId::tempo, 90));
    ASSERT_TRUE(line.params.act(ActionId::play));
    line.run_for(1ms);
    expect_same(line, 10);
}

TEST(FlightReplayTest, LoopsChordsAndAnEndComeBack) {
    FlownLine line{{.chance = 5}};
    const auto play = [&](const char* text) {
        ASSERT_TRUE(line.harmony.play(text));
        line.run_for(std::chrono::milliseconds{3000 + line.pick(4000)});
    };
    line.run_for(9s);
    ASSERT_TRUE(line.params.set(ParamId::hold, 1));
    line.run_for(9300ms);
    ASSERT_TRUE(line.params.set(ParamId::hold, 0));
    play("Dm7 G7 | C^7");
    ASSERT_TRUE(line.params.act(ActionId::again));
    play("Ebm7 | Ab7");
    play("");
    line.harmony.hold(*parse_chord_symbol("F#m7"));
    ASSERT_TRUE(line.params.set(ParamId::harmony, 2));
    line.run_for(5s);
    ASSERT_TRUE(line.actions.act(ActionId::finish, {}));
    line.run_for(20s);
    EXPECT_FALSE(line.runs());
    expect_same(line, 40);
    ASSERT_TRUE(line.params.act(ActionId::play));
    line.run_for(8s);
    expect_same(line, 45);
}

TEST(FlightReplayTest, HandsOnEverythingWithAPlannerThatIsBehindComeBack) {
    std::size_t notes = 0, equal = 0;
    for (std::uint32_t chance = 10; chance < 30; ++chance) {
        FlownLine line{{.chance = chance, .lead = 12ms, .planner_turns = 60}};
        for (int i = 0; i < 120; ++i) {
            const auto& all = line.params.parameters();
            const auto which = line.pick(static_cast<unsigned>(all.size()));
            const auto& row = all[which];
            if (who_obeys(row) == FlightValues::Obeys::nobody) continue;
            const double share = line.pick(1000) * 0.001;
            // A denominator of 3 is refused.
            static_cast<void>(
                line.params.set(which, row.minimum + share * (row.maximum - row.minimum)));
            if (line.pick(10) == 0) {
                ASSERT_TRUE(line.params.act(ActionId::restart));
            }
            line.run_for(std::chrono::milliseconds{line.pick(900)});
        }
        const auto found = replay(line.log.text());
        ASSERT_TRUE(found) << found.error().message;
        notes += found->notes;
        equal += found->equal;
        EXPECT_TRUE(found->same()) << chance << ": " << found->first;
    }
    std::printf("hands on everything, a planner behind: %zu of %zu notes equal\n", equal, notes);
    EXPECT_GT(notes, 4000U);
}

TEST(FlightReplayTest, AnUnderrunIsTold) {
    FlownLine line{{}};
    line.run_for(10s);
    line.planner_held = true;
    line.run_for(20s);
    line.planner_held = false;
    line.run_for(10s);
    const auto flight = parse_flight(line.log.text(), "f");
    ASSERT_TRUE(flight);
    EXPECT_GE(flight->unexplained(), 1U) << "it went on somewhere else";
    EXPECT_GE(flight->fillers, 1U) << "the last bar was repeated";
    expect_same(line, 20);
}

TEST(FlightReplayTest, AFullLogSaysWhereItEndsAndMendsWithARestart) {
    FlownLine line{{.chance = 6, .control_bytes = 2048}};
    for (int i = 0; i < 600; ++i) {
        ASSERT_TRUE(line.params.set(ParamId::transpose, line.pick(12)));
        line.run_for(std::chrono::milliseconds{100});
    }
    EXPECT_TRUE(line.recorder->is_cut());
    const auto flight = parse_flight(line.log.text(), "f");
    ASSERT_TRUE(flight);
    EXPECT_THAT(flight->cut, HasSubstr("full"));
    ASSERT_TRUE(line.params.act(ActionId::restart));
    line.run_for(10s);
    EXPECT_FALSE(line.recorder->is_cut());
    expect_same(line, 10);
}

TEST(FlightReplayTest, WhatWasTurnedOtherwiseIsSeen) {
    FlownLine line{{}};
    line.run_for(10s);
    ASSERT_TRUE(line.params.set(ParamId::transpose, 5));
    line.run_for(10s);
    auto text = line.log.text();
    const auto at = text.rfind("transpose 5");
    ASSERT_NE(at, std::string::npos);
    text[at + 10] = '4';
    const auto found = replay(text);
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->same());
    EXPECT_LT(found->equal, found->notes);
    EXPECT_THAT(found->first, HasSubstr("was played"));
}

TEST(FlightReplayTest, ATornFileIsPlayedUpToThere) {
    FlownLine line{{}};
    line.run_for(20s);
    const auto whole = line.log.text();
    for (std::size_t size = whole.size() - 1; size > whole.size() - 700; size -= 37) {
        const auto text = whole.substr(0, size);
        const auto flight = parse_flight(text, "f");
        ASSERT_TRUE(flight) << size;
        EXPECT_TRUE(flight->torn) << size;
    }
}

}  // namespace
}  // namespace fusion
