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
    Result<Rendered> run(const std::vector<BarChange>& changes, std::int64_t bars = 8,
                         double seed = 1) {
        SimulatedTime time;
        ParamStore params{bundle_.genres, time};
        EXPECT_TRUE(params.set(ParamId::seed, seed));
        EXPECT_TRUE(params.set(ParamId::ramp, 0));
        EXPECT_TRUE(params.set_weights({10, 0, 0}));
        const auto generator = make_ngram_generator(bundle_);
        return render(*generator, nullptr, params, time, {bars, changes, {}});
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
    const auto first = run({{4, "tempo", 90}});
    const auto second = run({{4, "tempo", 90}});
    const auto other = run({{4, "tempo", 90}}, 8, 2);
    ASSERT_TRUE(first && second && other);
    EXPECT_EQ(first->bytes, second->bytes);
    EXPECT_NE(first->bytes, other->bytes);
}

TEST_F(Render, EveryNoteLiesOnTheGridWithinTheLengthAndEnds) {
    const auto rendered = run({{2, "tempo", 133.7}, {5, "tempo", 61.3}});
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
    const auto rendered = run({{4, "weight/pop", 10}, {4, "weight/jazz", 0}});
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
    const auto rendered = run({{2, "tempo", 90}});
    ASSERT_TRUE(rendered) << rendered.error().message;
    const auto track = track_of(*rendered);
    ASSERT_EQ(track.tempi.size(), 2U);
    EXPECT_EQ(track.tempi[1].at, 2 * kBar);
    EXPECT_NEAR(track.tempi[1].tempo.count(), 90.0, 0.001);
}

TEST_F(Render, BarsAfterAChangeOfMetreHaveTheNewLength) {
    const auto rendered = run({{2, "meter_numerator", 3}});
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(rendered->length, beats(2 * 4 + 6 * 3));
    EXPECT_EQ(track_of(*rendered).meters.size(), 2U);
}

TEST_F(Render, AChangeThatCannotBeMadeIsToldBeforeTheMusic) {
    const auto unknown = run({{2, "weight/polka", 1}});
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().message, HasSubstr("polka"));
    const auto wide = run({{2, "tempo", 9000}});
    ASSERT_FALSE(wide);
    EXPECT_THAT(wide.error().message, HasSubstr("400"));
    const auto late = run({{9, "tempo", 90}});
    ASSERT_FALSE(late);
    EXPECT_THAT(late.error().message, HasSubstr("after 8 bars"));
}

TEST_F(Render, TheWordsOfAChangeAreRead) {
    const auto weight = parse_change(16, "weight", "jazz=0.5");
    ASSERT_TRUE(weight);
    EXPECT_EQ(weight->path, "weight/jazz");
    EXPECT_EQ(weight->value, 0.5);
    const auto tempo = parse_change(8, "tempo", "90");
    ASSERT_TRUE(tempo);
    EXPECT_EQ(tempo->value, 90.0);
    EXPECT_FALSE(parse_change(8, "weight", "jazz"));
    EXPECT_FALSE(parse_change(8, "tempo", "fast"));
    EXPECT_FALSE(parse_change(8, "tempo", "nan"));
    EXPECT_FALSE(parse_change(-1, "tempo", "90"));
}

}  // namespace
}  // namespace fusion
