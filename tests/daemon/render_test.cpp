#include "daemon/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/corpus/smf.hpp"
#include "engine/model/ngram_generator.hpp"
#include "tests/daemon/synthetic_bundle.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

class Render : public testing::Test {
protected:
    // A session, or none.
    Result<Rendered> run(std::string_view text, std::int64_t bars = 8, double seed = 1) {
        const auto session = parse_session(text, "session");
        if (!session) return tl::unexpected{session.error()};
        SimulatedTime time;
        ParamStore params{bundle_.genres, time};
        EXPECT_TRUE(params.set(ParamId::seed, seed));
        EXPECT_TRUE(params.set(ParamId::ramp, 0));
        EXPECT_TRUE(params.set_weights({10, 0, 0}));
        const auto generator = make_ngram_generator(bundle_);
        return render(*generator, nullptr, params, time, {bars, session->changes, {}});
    }
    static SmfTrack track_of(const Rendered& rendered) {
        const auto smf = read_smf(rendered.bytes, "rendered");
        EXPECT_TRUE(smf);
        return smf->tracks.front();
    }
    static constexpr std::int64_t kBar = 4 * 960;

    Bundle bundle_ = test::synthetic_bundle();
};

TEST_F(Render, SameArgumentsGiveTheSameBytesAndAnotherSeedGivesOthers) {
    const auto first = run("4 tempo 90");
    const auto second = run("4 tempo 90");
    const auto other = run("4 tempo 90", 8, 2);
    ASSERT_TRUE(first && second && other);
    EXPECT_EQ(first->bytes, second->bytes);
    EXPECT_NE(first->bytes, other->bytes);
}

TEST_F(Render, EveryNoteLiesOnTheGridWithinTheLengthAndEnds) {
    const auto rendered = run("2 tempo 133.7\n5 tempo 61.3");
    ASSERT_TRUE(rendered) << rendered.error().message;
    const auto track = track_of(*rendered);
    const auto notes = notes_of(track);
    EXPECT_GT(notes.size(), 50U);
    EXPECT_EQ(notes.size(), rendered->notes);
    std::size_t offs = 0;
    for (const auto& [at, message] : track.messages) offs += message.is_note_off() ? 1 : 0;
    EXPECT_EQ(offs, notes.size());
    for (const auto& note : notes) {
        EXPECT_EQ(note.onset % kTicksPerCell, 0) << "at tick " << note.onset;
        EXPECT_LE(note.end, 8 * kBar);
    }
}

TEST_F(Render, AWeightChangesAtItsBarAndNotBefore) {
    const auto rendered = run("4 weight/pop 10\n4 weight/jazz 0");
    ASSERT_TRUE(rendered) << rendered.error().message;
    std::size_t before = 0, after = 0;
    for (const auto& note : notes_of(track_of(*rendered))) {
        const bool jazz = test::belongs_to(0, note.pitch.count());
        const bool pop = test::belongs_to(1, note.pitch.count());
        if (note.onset < 4 * kBar && jazz) ++before;
        if (note.onset < 4 * kBar && pop) ADD_FAILURE() << "pop at tick " << note.onset;
        if (note.onset >= 4 * kBar && pop) ++after;
        if (note.onset >= 4 * kBar && jazz) ADD_FAILURE() << "jazz at tick " << note.onset;
    }
    EXPECT_GT(before, 30U);
    EXPECT_GT(after, 30U);
}

TEST_F(Render, ATempoChangeLandsInTheFileAtItsBar) {
    const auto rendered = run("2 tempo 90");
    ASSERT_TRUE(rendered) << rendered.error().message;
    const auto track = track_of(*rendered);
    ASSERT_EQ(track.tempi.size(), 2U);
    EXPECT_EQ(track.tempi[1].at, 2 * kBar);
    EXPECT_NEAR(track.tempi[1].tempo.count(), 90.0, 0.001);
}

TEST_F(Render, BarsAfterAChangeOfMetreHaveTheNewLength) {
    const auto rendered = run("2 meter_numerator 3");
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(rendered->length, beats(2 * 4 + 6 * 3));
    EXPECT_EQ(track_of(*rendered).meters.size(), 2U);
}

TEST_F(Render, AChangeThatCannotBeMadeIsToldBeforeTheMusic) {
    const auto unknown = run("2 weight/polka 1");
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().message, HasSubstr("polka"));
    const auto wide = run("2 tempo 9000");
    ASSERT_FALSE(wide);
    EXPECT_THAT(wide.error().message, HasSubstr("400"));
    const auto late = run("9 tempo 90");
    ASSERT_FALSE(late);
    EXPECT_THAT(late.error().message, HasSubstr("after 8 bars"));
}

TEST_F(Render, ValuesAreSpelledAsOverOsc) {
    const auto plain = run("2 key C#\n4 key D\n4 scale dorian\n6 mute 1\n6 weight/jazz 0");
    const auto otherwise = run("2 Key Db\n4 key \"D dorian\"\n6 mute on\n6 weight/Jazz/ \"+0\"");
    ASSERT_TRUE(plain) << plain.error().message;
    ASSERT_TRUE(otherwise) << otherwise.error().message;
    EXPECT_EQ(plain->bytes, otherwise->bytes);
    for (const auto* text : {"2 key H", "2 tempo 96,5", "2 tempo", "2 Sync link", "2 Tap/"})
        EXPECT_FALSE(run(text)) << text;
}

TEST_F(Render, BarsGoOnWhileTheTransportStandsAndTheLineGoesOnWhereItStood) {
    const auto stopped = run("2 stop\n4 play");
    const auto plain = run("", 6);
    ASSERT_TRUE(stopped && plain) << stopped.error().message;
    EXPECT_EQ(stopped->length, beats(8 * 4));
    auto moved = notes_of(track_of(*plain));
    for (auto& note : moved)
        if (note.onset >= 2 * kBar) {
            note.onset += 2 * kBar;
            note.end += 2 * kBar;
        }
    EXPECT_EQ(notes_of(track_of(*stopped)), moved);
}

TEST_F(Render, ARestartInTheMiddlePlaysTheBeginningOnceMoreAndEndsInTime) {
    const auto restarted = run("3 restart");
    const auto plain = run("");
    ASSERT_TRUE(restarted && plain) << restarted.error().message;
    EXPECT_EQ(restarted->length, plain->length);
    std::vector<SmfNote> expected;
    for (const auto& note : notes_of(track_of(*plain)))
        if (note.onset < 3 * kBar) expected.push_back(note);
    for (auto note : notes_of(track_of(*plain))) {
        if (note.onset >= 5 * kBar) continue;
        note.onset += 3 * kBar;
        note.end += 3 * kBar;
        expected.push_back(note);
    }
    EXPECT_EQ(notes_of(track_of(*restarted)), expected);
}

TEST_F(Render, AChangeBetweenBarLinesComesAtItsBeat) {
    const auto rendered = run("2:1.5 tempo 90");
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(track_of(*rendered).tempi.at(1).at, 2 * kBar + 1440);
    const auto beyond = run("2:4 tempo 90");
    ASSERT_FALSE(beyond);
    EXPECT_EQ(beyond.error().message, "session:1: tempo 90: bar 2 has 4 beats");
}

TEST_F(Render, ASceneComesBackOverItsBeats) {
    const auto rendered =
        run("0 scene/save verse\n"
            "2 tempo 180\n"
            "2 transpose 24\n"
            "4 scene/recall verse 8\n");
    ASSERT_TRUE(rendered) << rendered.error().message;
    const auto track = track_of(*rendered);
    ASSERT_GT(track.tempi.size(), 10U);
    EXPECT_GE(track.tempi[2].at, 4 * kBar);
    EXPECT_EQ(track.tempi.back().at, 6 * kBar);
    EXPECT_NEAR(track.tempi.back().tempo.count(), 120.0, 0.001);
    for (std::size_t i = 3; i < track.tempi.size(); ++i)
        EXPECT_LT(track.tempi[i].tempo, track.tempi[i - 1].tempo);
}

}  // namespace
}  // namespace fusion
