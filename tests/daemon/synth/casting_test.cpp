#include "daemon/synth/casting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/synth/genre_programs.hpp"
#include "tests/daemon/synth/told_instrument.hpp"

namespace fusion::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Channel kLine{0};
constexpr Channel kPart{4};
constexpr Pitch kC{60};

class CastingTest : public testing::Test {
protected:
    void obey(SynthPrograms programs, std::initializer_list<float> shares) {
        settings_.programs = programs;
        settings_.blend = {};
        std::copy(shares.begin(), shares.end(), settings_.blend.share.begin());
        casting_.obey(settings_);
    }
    std::vector<SynthVoice> begin(Channel channel = kLine, Pitch pitch = kC) {
        instrument_.told.clear();
        casting_.play(note_on(channel, pitch, Velocity{90}));
        return instrument_.began();
    }
    std::vector<SynthVoice> end(Channel channel = kLine, Pitch pitch = kC) {
        instrument_.told.clear();
        casting_.play(note_off(channel, pitch));
        return instrument_.ended();
    }

    SynthSettings settings_;
    ToldInstrument instrument_;
    Casting casting_{instrument_};
};

TEST_F(CastingTest, TheHeaviestGenrePlaysTheLineAndChangesBetweenItsNotes) {
    obey(SynthPrograms::heaviest, {0.3F, 0.7F});
    EXPECT_THAT(begin(), ElementsAre(line_voice(1)));
    obey(SynthPrograms::heaviest, {0.7F, 0.3F});
    EXPECT_THAT(begin(kLine, Pitch{64}), ElementsAre(line_voice(1))) << "another note sounds";
    EXPECT_THAT(end(), ElementsAre(line_voice(1))) << "it ends where it began";
    EXPECT_THAT(end(kLine, Pitch{64}), ElementsAre(line_voice(1)));
    EXPECT_THAT(begin(), ElementsAre(line_voice(0)));
}

TEST_F(CastingTest, OfTwoThatWeighTheSameTheOneThatPlaysGoesOn) {
    obey(SynthPrograms::heaviest, {0.3F, 0.7F});
    static_cast<void>(begin()), static_cast<void>(end());
    obey(SynthPrograms::heaviest, {0.5F, 0.5F});
    EXPECT_THAT(begin(), ElementsAre(line_voice(1)));
}

TEST_F(CastingTest, InLayersEachGenreOfTheBlendPlaysAsLoudAsItsShare) {
    obey(SynthPrograms::layered, {0.64F, 0.0F, 0.36F, 0.001F});
    EXPECT_THAT(begin(), ElementsAre(line_voice(0), line_voice(2)));
    EXPECT_FLOAT_EQ(instrument_.levels[line_voice(0).count()], 0.8F);
    EXPECT_FLOAT_EQ(instrument_.levels[line_voice(2).count()], 0.6F);
    obey(SynthPrograms::layered, {0.0F, 1.0F});
    EXPECT_THAT(end(), ElementsAre(line_voice(0), line_voice(2))) << "those that began it";
    EXPECT_THAT(begin(), ElementsAre(line_voice(1)));
    obey(SynthPrograms::heaviest, {0.0F, 1.0F});
    EXPECT_FLOAT_EQ(instrument_.levels[line_voice(0).count()], 1.0F);
}

TEST_F(CastingTest, AGenresPartIsPlayedByThatGenreAndSetPlaysTheChannelsAsTheyCome) {
    settings_.parts[2] = {true, kPart};
    obey(SynthPrograms::layered, {0.5F, 0.5F});
    EXPECT_THAT(begin(kPart), ElementsAre(part_voice(2)));
    EXPECT_THAT(end(kPart), ElementsAre(part_voice(2)));
    EXPECT_THAT(begin(Channel{9}), ElementsAre(voice_of(Channel{9}))) << "nobody's channel";
    obey(SynthPrograms::set, {0.5F, 0.5F});
    EXPECT_THAT(begin(kPart), ElementsAre(voice_of(kPart)));
    EXPECT_THAT(begin(kLine), ElementsAre(voice_of(kLine)));
    casting_.play(program_change(kLine, 12));
    EXPECT_EQ(instrument_.told.back().voice, voice_of(kLine));
}

TEST_F(CastingTest, ANoteThatBeginsTwiceEndsOnceBefore) {
    obey(SynthPrograms::heaviest, {1.0F});
    static_cast<void>(begin());
    instrument_.told.clear();
    casting_.play(note_on(kLine, kC, Velocity{90}));
    ASSERT_EQ(instrument_.told.size(), 2U);
    EXPECT_TRUE(instrument_.told[0].message.is_note_off());
    EXPECT_THAT(end(), ElementsAre(line_voice(0)));
    EXPECT_THAT(end(), IsEmpty());
}

TEST_F(CastingTest, AllSoundOffReachesWhoeverMayPlayTheChannelAndReleaseEndsEverything) {
    settings_.parts[1] = {true, kPart};
    obey(SynthPrograms::heaviest, {1.0F});
    casting_.play(control_change(kPart, kAllSoundOff, 0));
    EXPECT_THAT(instrument_.silenced, ElementsAre(voice_of(kPart), part_voice(1)));
    instrument_.silenced.clear();
    casting_.play(control_change(kLine, kAllSoundOff, 0));
    EXPECT_EQ(instrument_.silenced.size(), 1 + kMaxGenres);
    static_cast<void>(begin()), static_cast<void>(begin(kPart));
    casting_.release();
    EXPECT_EQ(instrument_.sounding, 0);
}

TEST(GenrePrograms, AreFoundInAnyCaseAndOthersPlayThePiano) {
    EXPECT_EQ(program_of_genre("jazz").count(), 67);
    EXPECT_EQ(program_of_genre("Jazz").count(), 67);
    EXPECT_EQ(program_of_genre("polka").count(), 1);
}

}  // namespace
}  // namespace fusion::test
