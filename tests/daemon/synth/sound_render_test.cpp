#include "daemon/synth/sound_render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/synth/sound_file.hpp"
#include "tests/daemon/synth/told_instrument.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr SampleRate kRate{48000};

class SoundRender : public testing::Test {
protected:
    SoundRender() {
        score_.begins = TimePoint{1s};
        score_.ends = score_.begins + 2s;
        score_.settings.emplace_back(score_.begins, SynthSettings{});
    }
    void note(Nanos from, Nanos to) {
        score_.messages.push_back(
            {note_on(Channel{0}, Pitch{60}, Velocity{90}), score_.begins + from});
        score_.messages.push_back({note_off(Channel{0}, Pitch{60}), score_.begins + to});
    }
    RenderedSound render() {
        sound_.clear();
        const SoundOutlet outlet{[this](std::span<const float> block) -> Status {
            sound_.insert(sound_.end(), block.begin(), block.end());
            return {};
        }};
        const auto made = render_sound(score_, instrument_, kRate, outlet);
        EXPECT_TRUE(made);
        EXPECT_EQ(sound_.size(), 2U * static_cast<std::size_t>(made->length.count()));
        return *made;
    }
    [[nodiscard]] float at(Nanos time) const {
        return sound_[2 * static_cast<std::size_t>(time.count() * 48 / 1'000'000)];
    }

    Score score_;
    ToldInstrument instrument_;
    std::vector<float> sound_;
};

TEST_F(SoundRender, NotesSoundFromTheirFrameToTheirFrame) {
    note(500ms, 750ms);
    note(1s, 1500ms);
    const auto made = render();
    EXPECT_EQ(at(499ms), 0.0F);
    EXPECT_EQ(sound_[2 * 24000 - 2], 0.0F);
    EXPECT_GT(sound_[2 * 24000], 0.0F);
    EXPECT_GT(at(749ms), 0.0F);
    EXPECT_EQ(at(760ms), 0.0F);
    EXPECT_GT(at(1200ms), 0.0F);
    EXPECT_EQ(made.peak, 0.5F);
    EXPECT_GE(made.length.count(), 2 * 48000);
    EXPECT_LE(made.length.count(), 2 * 48000 + 1024) << "nothing rings on";
}

TEST_F(SoundRender, SettingsChangeAtTheirTime) {
    note(0ms, 2s);
    SynthSettings silent;
    silent.volume = 0.0F;
    score_.settings.emplace_back(score_.begins + 1s, silent);
    render();
    EXPECT_EQ(at(999ms), 0.5F);
    EXPECT_EQ(at(1100ms), 0.0F);
}

TEST_F(SoundRender, ANoteThatRingsOnHasItsTailAndNotForEver) {
    score_.messages.push_back({note_on(Channel{0}, Pitch{60}, Velocity{90}), score_.begins + 1s});
    const auto made = render();
    EXPECT_EQ(made.length.count(), 5 * 48000);
}

TEST_F(SoundRender, APlaceThatCannotBeWrittenIsTold) {
    const auto refused = SoundFile::open({SoundFormat::wav, "/nonexistent/x.wav"}, kRate);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("/nonexistent/x.wav"));
    const SoundOutlet full{
        [](std::span<const float>) -> Status { return fail(Error::Code::io, "the disk is full"); }};
    const auto made = render_sound(score_, instrument_, kRate, full);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message, "the disk is full");
}

}  // namespace
}  // namespace fusion::test
