#include "daemon/midi/recorder.hpp"

#include "daemon/midi/tee_sink.hpp"
#include "tests/daemon/midi/recording_rig.hpp"
#include "tests/support/eventually.hpp"

namespace fusion {
namespace {

using namespace test;

class RecorderTest : public RecordingRig {
protected:
    std::unique_ptr<Recorder> make(Recorder::Begin begin = Recorder::Begin::on) {
        options_.place = [file = wanted_] { return file; };  // it is asked on another thread
        return std::make_unique<Recorder>(options_, time_, begin);
    }
    void play(Recorder& recorder, Nanos from_now = 0ms) {
        const auto now = time_.now() + from_now;
        EXPECT_TRUE(recorder.send({kOn, now}));
        EXPECT_TRUE(recorder.send({kOff, now + 1ms}));
    }
    static void pause() { std::this_thread::sleep_for(10ms); }
    MonotonicTime time_;
};

TEST_F(RecorderTest, WhatIsSentIsInAWholeFileAtTheEnd) {
    auto recorder = make();
    play(*recorder);
    recorder->finish();
    EXPECT_EQ(notes_in(wanted_), 1U);
    EXPECT_EQ(recorder->state().whole, wanted_);
}

TEST_F(RecorderTest, WhatIsSentIsInTheFileSoonAfter) {
    auto recorder = make();
    play(*recorder);
    EXPECT_TRUE(test::eventually(
        [&] {
            std::error_code error;
            return recorder->state().writing && std::filesystem::file_size(wanted_, error) > 40;
        },
        pause));
}

TEST_F(RecorderTest, OffItTakesNoNotesAndOnItBeginsWithTheProgram) {
    auto recorder = make(Recorder::Begin::off);
    play(*recorder);
    ASSERT_TRUE(recorder->send({program_change(Channel{0}, 7), time_.now()}));
    recorder->begin();
    play(*recorder, 10ms);
    recorder->pause();
    EXPECT_TRUE(test::eventually([&] { return recorder->state().whole == wanted_; }, pause));
    play(*recorder);
    recorder->finish();
    EXPECT_EQ(files().size(), 1U);
    EXPECT_EQ(notes_in(wanted_), 1U);
    EXPECT_EQ(track_of(wanted_).messages.front().message.status(), 0xC0U);
}

TEST_F(RecorderTest, AFullQueueRefusesAndCounts) {
    wanted_ = folder_.path() / "not there" / "set.mid";
    auto recorder = make();
    std::uint64_t refused = 0;
    for (std::size_t i = 0; i < 4 * Recorder::kQueue; ++i)
        if (!recorder->send({kOn, time_.now()})) ++refused;
    recorder->finish();
    EXPECT_GE(recorder->state().lost, refused);
    EXPECT_NE(recorder->state().trouble, "");
}

TEST_F(RecorderTest, ATeeGivesBothTheSame) {
    auto first = make();
    wanted_ = folder_.path() / "other.mid";
    auto second = make();
    TeeSink tee{*first, *second};
    const auto now = time_.now();
    ASSERT_TRUE(tee.send({kOn, now}));
    ASSERT_TRUE(tee.send({kOff, now + 1ms}));
    first->finish();
    second->finish();
    std::size_t notes = 0;
    for (const auto& name : files()) notes += notes_in(named(name));
    EXPECT_EQ(notes, 2U);
}

}  // namespace
}  // namespace fusion
