#include "daemon/render.hpp"

#include <array>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/cli.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"
#include "engine/model/ngram_generator.hpp"
#include "tests/daemon/synthetic_bundle.hpp"
#include "tests/support/scratch_folder.hpp"

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

TEST_F(Render, ChordsByHandStandInTheFileWhereTheyCome) {
    const auto rendered = run("2 progression \"Dm7 G7 | C^7\"\n3:1 tempo 90\n5 progression");
    ASSERT_TRUE(rendered) << rendered.error().message;
    const auto markers = track_of(*rendered).markers;
    EXPECT_EQ(markers, (std::vector<SmfMarker>{{2 * kBar, "chord:Dm7"},
                                               {2 * kBar + kBar / 2, "chord:G7"},
                                               {3 * kBar, "chord:Cmaj7"},
                                               {4 * kBar, "chord:Dm7"},
                                               {4 * kBar + kBar / 2, "chord:G7"},
                                               {5 * kBar, "chord:N.C."}}));
}

TEST_F(Render, AFinishEndsTheMusicWithItsPhraseOnOneLongNote) {
    const auto rendered = run("5 finish", 12);
    ASSERT_TRUE(rendered) << rendered.error().message;
    const auto notes = notes_of(track_of(*rendered));
    ASSERT_FALSE(notes.empty());
    EXPECT_GE(notes.back().onset, 7 * kBar) << "in the last bar of the phrase";
    EXPECT_LT(notes.back().onset, 8 * kBar);
    EXPECT_GT(notes.back().end - notes.back().onset, kBar / 2);
    EXPECT_EQ(std::ranges::count_if(notes, [](const auto& n) { return n.onset >= 7 * kBar; }), 1);
}

TEST_F(Render, ChordsByHandAreObeyedFromTheirBarOnAndNoNoteBeforeIsAnother) {
    const auto free = run("4 tempo 100");
    const auto pulled = run("4 tempo 100\n0 harmony_pull 1\n4 progression Ab");
    ASSERT_TRUE(free && pulled);
    const auto without = notes_of(track_of(*free));
    const auto with = notes_of(track_of(*pulled));
    std::size_t same = 0, heavy = 0;
    for (; same < with.size() && with[same].onset < 4 * kBar; ++same)
        EXPECT_EQ(with[same], without[same]);
    EXPECT_GT(same, 20U);
    for (std::size_t i = same; i < with.size(); ++i) {
        if (with[i].onset % (kBar / 2) != 0) continue;
        ++heavy;
        const int pitch_class = with[i].pitch.count() % 12;
        EXPECT_TRUE(pitch_class == 8 || pitch_class == 0 || pitch_class == 3)
            << int{with[i].pitch.count()} << " at " << with[i].onset;
    }
    EXPECT_GT(heavy, 3U);
}

TEST_F(Render, AChordThatCannotBeReadIsRefusedWithItsPlace) {
    const auto refused = run("2 progression \"Dm7 Gx7 | C\"");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("session:1"));
    EXPECT_THAT(refused.error().message, HasSubstr("character 6"));
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

// The whole command, as it is typed.
class RenderCommand : public testing::Test {
protected:
    RenderCommand() {
        EXPECT_TRUE(
            save_bundle(test::synthetic_bundle(), file("test.bundle"), TensorPrecision::f32));
    }
    [[nodiscard]] std::string file(const std::string& name) const { return folder_.path() / name; }

    // What went wrong, or nothing.
    std::string run(const std::vector<std::string>& said) {
        std::vector<std::string> words{"fusiond",  "render",
                                       "--bundle", file("test.bundle"),
                                       "--state",  file("state.toml"),
                                       "--bars",   "32",
                                       "--seed",   "7",
                                       "--out",    file("out.mid")};
        words.insert(words.end(), said.begin(), said.end());
        std::vector<const char*> argv;
        for (const auto& word : words) argv.push_back(word.c_str());
        const auto line = parse_command_line(static_cast<int>(argv.size()), argv.data());
        if (!line) return line.error().message;
        const auto done = run_render(line->config, line->render);
        if (done) return {};
        EXPECT_EQ(done.error().code, ExitCode::usage);
        return done.error().message;
    }
    // Which genres are heard in bars `from` to before `to`: "jazz" "pop" "folk".
    std::string heard(std::int64_t from = 0, std::int64_t to = 32) {
        const auto bytes = read_file(file("out.mid"), kMaxSmfBytes);
        EXPECT_TRUE(bytes);
        const auto smf = read_smf(*bytes, "out.mid");
        EXPECT_TRUE(smf);
        std::array<bool, 3> is_heard{};
        for (const auto& note : notes_of(smf->tracks.front()))
            for (std::size_t g = 0; g < is_heard.size(); ++g)
                is_heard[g] |= note.onset >= from * 4 * 960 && note.onset < to * 4 * 960 &&
                               test::belongs_to(g, note.pitch.count());
        std::string all;
        for (std::size_t g = 0; g < is_heard.size(); ++g)
            if (is_heard[g]) all += test::synthetic_bundle().genres[g] + " ";
        return all;
    }

    ScratchFolder folder_;
};

TEST_F(RenderCommand, AGenreThatIsNamedAloneIsHeardAlone) {
    EXPECT_EQ(run({}), "");
    EXPECT_EQ(heard(), "jazz pop folk ");
    EXPECT_EQ(run({"--weight", "folk=10"}), "");
    EXPECT_EQ(heard(), "folk ");
    EXPECT_EQ(run({"--weight", "folk=10", "--weight", "pop=5", "--weight", "folk=0"}), "");
    EXPECT_EQ(heard(), "pop ") << "the last one of a genre holds";
    EXPECT_EQ(run({"--weight", "folk=0"}), "");
    EXPECT_EQ(heard(), "") << "all 0 is a rest";
}

TEST_F(RenderCommand, AWeightAtABarIsOneChange) {
    EXPECT_EQ(run({"--weight", "folk=10", "--at", "4", "weight", "jazz=10"}), "");
    EXPECT_EQ(heard(0, 4), "folk ");
    EXPECT_EQ(heard(4, 32), "jazz folk ");
    EXPECT_EQ(run({"--weight", "folk=10", "--at", "4", "weight", "jazz=10", "--at", "4", "weight",
                   "folk=0", "--at", "0", "ramp", "0"}),
              "");
    EXPECT_EQ(heard(0, 4), "folk ");
    EXPECT_EQ(heard(4, 32), "jazz ");
}

TEST_F(RenderCommand, AGenreThatIsNotThereIsToldWithThoseThatAre) {
    EXPECT_EQ(run({"--weight", "waltzes=10"}),
              "--weight waltzes: no genre 'waltzes'; this bundle has jazz, pop, folk");
}

TEST_F(RenderCommand, BeginsInASceneThatWasSavedOrThatComesWithFusiond) {
    EXPECT_EQ(run({"--scene", "pop"}), "");
    EXPECT_EQ(heard(), "pop ");
    std::ofstream{file("state.toml")}
        << "version = 1\n[[scene]]\nname = \"verse\"\n[scene.values]\n"
           "\"weight/jazz\" = 0\n\"weight/pop\" = 0\n\"weight/folk\" = 8\n";
    EXPECT_EQ(
        run({"--scene", "verse", "--at", "4", "scene/recall", "jazz", "--at", "0", "ramp", "0"}),
        "");
    EXPECT_EQ(heard(0, 4), "folk ");
    EXPECT_EQ(heard(4, 32), "jazz ");
    EXPECT_EQ(run({"--scene", "verse", "--weight", "jazz=1"}), "");
    EXPECT_EQ(heard(), "jazz ") << "weights go over it";
    EXPECT_EQ(run({"--at", "4", "scene/recall", "verse", "--at", "0", "ramp", "0"}), "");
    EXPECT_EQ(heard(4, 32), "folk ");
    EXPECT_EQ(
        run({"--scene", "vers"}),
        "--scene: no scene 'vers' (did you mean 'verse'?); there are: verse, jazz, pop, folk, "
        "case-1, case-2, parlour, quest, band");
}

TEST_F(RenderCommand, ScenesThatCannotBeReadAreDoneWithout) {
    std::ofstream{file("state.toml")} << "no TOML";
    EXPECT_EQ(run({"--scene", "folk"}), "");
    EXPECT_EQ(heard(), "folk ");
    std::ifstream still{file("state.toml")};
    EXPECT_EQ((std::string{std::istreambuf_iterator<char>{still}, {}}), "no TOML");
}

}  // namespace
}  // namespace fusion
