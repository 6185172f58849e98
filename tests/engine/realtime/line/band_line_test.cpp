// The band from the parameters to the port, planner and clock together under simulated time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/support/chord_book.hpp"
#include "tests/support/engine_rig.hpp"
#include "tests/support/small_band.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

struct BandedRig {
    BandedRig() {
        bands[1].parts[0].patterns = {pattern_of_notes({bass_note(12, BassTone::third)})};
        rig.harmony.tell(HarmonyBook{chords, {}, bands});
        rig.params.harmony_changed();
        for (const auto* part : {"bass", "chords", "drums"}) {
            rig.params.set(std::string{part} + "/plays", 2.0).value();
            rig.params.set(std::string{part} + "/humanise", 0.0).value();
        }
        only(0);
    }
    void only(std::size_t genre) {
        for (std::size_t g = 0; g < 3; ++g)
            rig.params.set_weight(g, g == genre ? 10.0 : 0.0).value();
    }
    std::vector<Step> of(BandPart part) {
        std::vector<Step> found;
        for (const auto& event : rig.played())
            if (event.kind == PlayedEvent::Kind::band &&
                event.step.part == static_cast<std::uint8_t>(part))
                found.push_back(event.step);
        return found;
    }

    std::vector<ChordModel> chords =
        std::vector<ChordModel>(3, bar_by_bar("C", {{"C", "F"}, {"F", "G"}, {"G", "C"}}));
    std::vector<GenreBand> bands{small_band(), small_band(), GenreBand{}};
    EngineRig rig;
};

TEST(BandLine, PlaysToTheChordsThatThePlanHas) {
    BandedRig band;
    band.rig.run_for(seconds{8});
    const auto bass = band.of(BandPart::bass);
    ASSERT_GE(bass.size(), 8U);
    const std::array<int, 8> expected{36, 43, 41, 48, 43, 38 + 12, 36, 43};
    for (std::size_t n = 0; n < expected.size(); ++n) {
        EXPECT_EQ(bass[n].pitch.count(), expected[n]) << n;
        EXPECT_EQ(bass[n].start, Ticks{static_cast<std::int64_t>(n) * 1920}) << n;
    }
    band.rig.finish();
    EXPECT_THAT(faults(band.rig.sink.messages()), IsEmpty());
}

TEST(BandLine, GoesWithKeyAndTransposition) {
    BandedRig band;
    band.rig.params.set("key", 2.0).value();
    band.rig.run_for(seconds{1});
    EXPECT_EQ(band.of(BandPart::bass).front().pitch, Pitch{38});
}

TEST(BandLine, ObeysChordsThatAreGivenByHand) {
    BandedRig band;
    band.rig.harmony.tell(*Progression::parse("Am"));
    band.rig.params.harmony_changed();
    band.rig.run_for(seconds{1});
    EXPECT_EQ(band.of(BandPart::bass).front().pitch, Pitch{33});
}

TEST(BandLine, ATurnedWeightIsHeardInTheVeryNextNote) {
    BandedRig band;
    std::size_t changes = 0, late = 0;
    std::mt19937_64 random{5};
    for (int turn = 0; turn < 200; ++turn) {
        band.only(turn % 2 == 0 ? 1 : 0);
        const auto revision = band.rig.params.current().revision;
        const auto at = band.rig.time.now();
        const auto told = band.rig.played().size();
        band.rig.run_for(milliseconds{300 + random() % 700});
        const auto& played = band.rig.played();
        for (std::size_t e = told; e < played.size(); ++e) {
            if (played[e].kind != PlayedEvent::Kind::band || played[e].due - at < milliseconds{5})
                continue;
            ++changes;
            if (played[e].step.revision < revision) ++late;
            break;
        }
    }
    EXPECT_GT(changes, 150U);
    EXPECT_EQ(late, 0U);
}

TEST(BandLine, APartHasWeightsOfItsOwn) {
    BandedRig band;
    band.rig.params.set("bass/weight/classical", 0.0).value();
    band.rig.params.set("bass/weight/jazz", 4.0).value();
    band.rig.run_for(seconds{2});
    const auto bass = band.of(BandPart::bass);
    ASSERT_FALSE(bass.empty());
    EXPECT_EQ(bass.front().start, Ticks{960}) << "jazz's bass";
    EXPECT_FALSE(band.of(BandPart::drums).empty()) << "with the line's drums";
    band.rig.params.set("bass/weight/jazz", 0.0).value();
    const auto before = bass.size();
    band.rig.run_for(seconds{4});
    EXPECT_LE(band.of(BandPart::bass).size(), before + 1) << "all of its own at zero: silent";
}

TEST(BandLine, WithoutABandInTheBundleTheLineIsTheSame) {
    const auto bytes = [](bool with_band) {
        EngineRig rig;
        const std::vector<GenreBand> bands(3, small_band());
        if (with_band) rig.harmony.tell(HarmonyBook{{}, {}, bands});
        rig.params.harmony_changed();
        rig.run_for(seconds{20});
        rig.finish();
        return rig.sink.messages();
    };
    const auto alone = bytes(false), beside = bytes(true);
    ASSERT_EQ(alone.size(), beside.size());
    for (std::size_t m = 0; m < alone.size(); ++m) {
        EXPECT_EQ(alone[m].message, beside[m].message);
        EXPECT_EQ(alone[m].deadline, beside[m].deadline);
    }
}

TEST(BandLine, ComesToItsEndWithTheLine) {
    BandedRig band;
    band.rig.run_for(seconds{1});
    band.rig.params.finish_at(Ticks{4 * 3840});
    band.rig.run_for(seconds{12});
    const auto bass = band.of(BandPart::bass);
    ASSERT_FALSE(bass.empty());
    EXPECT_EQ(bass.back().start, Ticks{3 * 3840}) << "one note in the last bar";
    EXPECT_EQ(bass.back().duration, Ticks{3840});
    EXPECT_FALSE(band.rig.core.running());
    EXPECT_THAT(faults(band.rig.sink.messages()), IsEmpty());
}

// What a hand can do to the band, at random, under a port that refuses now and then.
TEST(BandLine, WhateverTheHandsDoNoNoteIsStuckOrDoubled) {
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        BandedRig band;
        auto& rig = band.rig;
        std::mt19937_64 random{seed};
        const auto between = [&](int low, int high) {
            return std::uniform_int_distribution<int>{low, high}(random);
        };
        rig.sink.set_synth(RecordingSink::Synth::there);
        rig.sink.refuse_when([&](const TimedMessage&) { return between(0, 199) == 0; });
        for (int turn = 0; turn < 1500; ++turn) {
            const auto part = std::string{kBandPartNames[static_cast<std::size_t>(between(0, 2))]};
            switch (between(0, 15)) {
                case 0: rig.params.set(part + "/plays", between(0, 2)).value(); break;
                case 1: rig.params.set(part + "/mute", between(0, 1)).value(); break;
                case 2: rig.params.set(part + "/channel", between(1, 3)).value(); break;
                case 3: rig.params.set(part + "/program", between(0, 5)).value(); break;
                case 4: rig.params.set(part + "/density", between(0, 10) / 10.0).value(); break;
                case 5: rig.params.set(part + "/humanise", between(0, 10) / 10.0).value(); break;
                case 6: rig.params.set(part + "/weight/jazz", between(-1, 10)).value(); break;
                case 7: rig.params.set("tempo", between(10, 400)).value(); break;
                case 8: rig.params.set("meter_numerator", between(1, 16)).value(); break;
                case 9: rig.params.set("meter_denominator", 1 << between(0, 4)).value(); break;
                case 10: rig.params.set("swing", 0.5 + between(0, 25) / 100.0).value(); break;
                case 11: rig.params.act(ActionId::panic).value(); break;
                case 12: rig.params.act(ActionId::restart).value(); break;
                case 13: rig.params.act(ActionId::stop).value(); break;
                default: band.only(static_cast<std::size_t>(between(0, 2))); break;
            }
            rig.params.act(ActionId::play).value();
            rig.run_for(milliseconds{between(0, 300)});
        }
        rig.sink.refuse_when({});
        rig.run_for(milliseconds{50});
        rig.finish();
        EXPECT_THAT(faults(rig.sink.messages()), IsEmpty()) << "seed " << seed;
        EXPECT_GT(rig.count(PlayedEvent::Kind::band), 300U);
    }
}

}  // namespace
}  // namespace fusion::test
