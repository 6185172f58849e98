#include "daemon/synth/fluid_instrument.hpp"

#include <array>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/synth/sound_font.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr SampleRate kRate{48000};

float energy(Instrument& instrument, std::size_t frames) {
    std::vector<float> left(frames), right(frames);
    instrument.render(left, right);
    float sum = 0.0F;
    for (const float sample : left) sum += sample * sample;
    return sum;
}

TEST(SoundFont, OneThatIsNamedAndNotThereIsTold) {
    const auto font = find_sound_font("/nonexistent/piano.sf2");
    ASSERT_FALSE(font);
    EXPECT_EQ(font.error().code, Error::Code::not_found);
    EXPECT_THAT(font.error().message,
                AllOf(HasSubstr("/nonexistent/piano.sf2"), HasSubstr("font")));
}

TEST(FluidInstrument, ABrokenFontIsToldAndNothingGoesToStandardError) {
    const auto font = find_sound_font("");
    if (!font) GTEST_SKIP() << font.error().message;
    const ScratchFolder folder;
    const auto broken = folder.path() / "broken.sf2";
    std::filesystem::copy_file(*font, broken);
    std::filesystem::resize_file(broken, 200'000);
    const auto nonsense = folder.path() / "nonsense.sf2";
    std::ofstream{nonsense} << "RIFF it is not";
    testing::internal::CaptureStderr();
    for (const auto& file : {broken, nonsense}) {
        const auto made = FluidInstrument::make({file, kRate, {}});
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, Error::Code::malformed);
        EXPECT_THAT(made.error().message, AllOf(HasSubstr(file.string()), HasSubstr("font")));
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(FluidInstrument, EachGenreSoundsOtherwiseAndALevelIsAnAmplitude) {
    const auto font = find_sound_font("");
    if (!font) GTEST_SKIP() << font.error().message;
    // The level of one voice at a time, with the reverb closed.
    const auto heard = [&](std::size_t genre, float level) {
        auto made = FluidInstrument::make({*font, kRate, {"jazz", "game"}});
        EXPECT_TRUE(made);
        (*made)->reverb(0.0F);
        (*made)->level(line_voice(genre), level);
        (*made)->play(line_voice(genre), note_on(Channel{0}, Pitch{64}, Velocity{100}));
        return energy(**made, 24000);
    };
    const float jazz = heard(0, 1.0F), game = heard(1, 1.0F);
    EXPECT_GT(jazz, 1.0F);
    EXPECT_GT(std::abs(jazz - game), 0.05F * jazz);
    EXPECT_NEAR(heard(0, 0.5F) / jazz, 0.25F, 0.03F);
    EXPECT_LT(heard(0, 0.0F), 0.001F * jazz);
}

TEST(FluidInstrument, IsQuietOnceItsNotesHaveEndedAndBeenSilenced) {
    const auto font = find_sound_font("");
    if (!font) GTEST_SKIP() << font.error().message;
    auto made = FluidInstrument::make({*font, kRate, {"jazz"}});
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_FALSE((*made)->sounds());
    (*made)->play(line_voice(0), note_on(Channel{0}, Pitch{64}, Velocity{100}));
    static_cast<void>(energy(**made, 4800));
    EXPECT_TRUE((*made)->sounds());
    (*made)->silence();
    static_cast<void>(energy(**made, 4800));
    EXPECT_FALSE((*made)->sounds());
}

}  // namespace
}  // namespace fusion::test
