// The life of the live synth on a machine whose devices come and go; the sound itself is in
// block_player_test.cpp, a real server in jack_synth_test.cpp.
#include "daemon/synth/live_synth.hpp"

#include <atomic>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/synth/fake_sound.hpp"
#include "tests/support/eventually.hpp"

namespace fusion::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class Listeners final : public Audience {
public:
    [[nodiscard]] bool listens() const noexcept override { return there; }
    std::atomic<bool> there{false};
};

class LiveSynthTest : public testing::Test {
protected:
    static constexpr LiveSynth::Pace kQuick{1ms, 2ms, 1h};

    void open(const Audience* audience = nullptr, LiveSynth::Pace pace = kQuick) {
        synth_.emplace(std::make_unique<FakeSystem>(machine_), time_, audience, pace,
                       machine_.tell());
    }
    template <class Holds>
    [[nodiscard]] static bool until(Holds&& holds) {
        return eventually(holds, [] { std::this_thread::sleep_for(100us); });
    }
    // The keeper has looked for a device a few times more.
    void searches() {
        const int before = machine_.searched();
        ASSERT_TRUE(until([&] { return machine_.searched() >= before + 5; }));
    }
    void until_it_plays() {
        ASSERT_TRUE(until([this] { return synth_->state() != LiveSynth::State::looking; }));
    }
    void on(unsigned pitch = 60) {
        EXPECT_TRUE(synth_->send(
            {note_on(Channel{0}, Pitch{static_cast<std::uint8_t>(pitch)}, Velocity{90}),
             time_.now()}));
    }
    // So many blocks, each in its time.
    void blocks(int count) {
        for (int i = 0; i < count; ++i) {
            real_.sleep_until(time_.now() + 2'666'667ns);
            ASSERT_TRUE(machine_.block());
        }
    }

    FakeMachine machine_;
    SimulatedTime real_;
    FrameTime time_{real_};
    std::optional<LiveSynth> synth_;
};

TEST_F(LiveSynthTest, PlaysWhatIsSentOneBlockLater) {
    open();
    until_it_plays();
    blocks(10);
    on();
    blocks(3);
    EXPECT_EQ(machine_.instrument->sounding, 1);
    EXPECT_EQ(machine_.left[127], 0.5F);
    EXPECT_EQ(synth_->counters().late.load(), 0U);
    synth_->close();  // its keeper has said all by now
    EXPECT_THAT(machine_.lines(), ElementsAre("the built-in synth plays through a card"));
    EXPECT_FALSE(machine_.plays());
}

TEST_F(LiveSynthTest, WhileItMakesRoomOnlyWhatIsForItAloneIsKeptFromIt) {
    Listeners listeners;
    open(&listeners);
    EXPECT_TRUE(synth_->has(Hearers::everyone)) << "before it has a device, too";
    until_it_plays();
    EXPECT_TRUE(synth_->has(Hearers::synth));
    listeners.there = true;
    EXPECT_FALSE(synth_->has(Hearers::synth));
    EXPECT_TRUE(synth_->has(Hearers::everyone)) << "it has to know the programs when they go";
    listeners.there = false;
    EXPECT_TRUE(synth_->has(Hearers::synth));
    synth_->close();
    EXPECT_FALSE(synth_->has(Hearers::synth));
}

TEST_F(LiveSynthTest, WithoutADeviceItSaysSoOnceAndSoundsWhenOneComes) {
    machine_.has_device = false;
    open();
    ASSERT_TRUE(until([this] { return !machine_.lines().empty(); }));
    on();  // nobody minds
    searches();
    EXPECT_EQ(machine_.lines().size(), 1U);
    EXPECT_THAT(machine_.lines().front(), HasSubstr("no audio device is here"));
    machine_.set(&FakeMachine::has_device, true);
    until_it_plays();
    blocks(3);
    EXPECT_EQ(machine_.instrument->sounding, 0) << "nothing of before";
    EXPECT_EQ(machine_.lines().size(), 2U);
}

TEST_F(LiveSynthTest, ADeviceThatGoesIsLookedForAndProgramsAreAskedForAnew) {
    open();
    until_it_plays();
    EXPECT_EQ(synth_->lives(), 1U);
    machine_.set(&FakeMachine::has_device, false);
    machine_.set(&FakeMachine::device_is_lost, true);
    ASSERT_TRUE(until([this] { return synth_->state() == LiveSynth::State::looking; }));
    EXPECT_FALSE(machine_.plays()) << "closed";
    on();
    machine_.set(&FakeMachine::has_device, true);
    until_it_plays();
    EXPECT_EQ(synth_->lives(), 2U);
    EXPECT_THAT(machine_.lines(),
                ElementsAre("the built-in synth plays through a card",
                            "the built-in synth's audio device is gone (a card); looking for one",
                            "the built-in synth plays through a card"));
}

TEST_F(LiveSynthTest, ADeviceThatFillsNoBlocksIsGoneToo) {
    open(nullptr, {1ms, 1h, 5ms});
    ASSERT_TRUE(until([this] { return machine_.lines().size() >= 2; }));
    EXPECT_THAT(machine_.lines()[1], HasSubstr("is gone"));
}

TEST_F(LiveSynthTest, WithoutAFontOrWithABrokenOneItSaysSoOnceAndTriesNoMore) {
    for (const bool missing : {true, false}) {
        machine_.told.clear();
        machine_.searches = 0;
        machine_.has_font = !missing;
        machine_.font_is_broken = !missing;
        open();
        ASSERT_TRUE(until([this] { return synth_->state() == LiveSynth::State::given_up; }));
        on();
        synth_->close();
        ASSERT_EQ(machine_.lines().size(), 1U);
        EXPECT_THAT(machine_.lines().front(), HasSubstr("font"));
        EXPECT_EQ(machine_.searched(), 1);
        EXPECT_EQ(synth_->describe(), "");
    }
}

TEST_F(LiveSynthTest, ADeviceThatRefusesIsToldOnceWithItsReasonAndTriedAgain) {
    machine_.refuses = "the card is busy";
    open();
    ASSERT_TRUE(until([this] { return !machine_.lines().empty(); }));
    searches();
    EXPECT_THAT(machine_.lines(), ElementsAre(HasSubstr("the card is busy")));
    {
        const std::lock_guard lock{machine_.mutex};
        machine_.refuses.clear();
    }
    until_it_plays();
}

TEST_F(LiveSynthTest, IsSilentForAsLongAsSomebodyListensAndSaysSo) {
    Listeners listeners;
    open(&listeners);
    until_it_plays();
    blocks(3);
    on();
    blocks(3);
    ASSERT_EQ(machine_.instrument->sounding, 1);
    listeners.there = true;
    blocks(1);
    EXPECT_EQ(machine_.instrument->sounding, 0) << "it ends with the very next block";
    on(64);
    blocks(3);
    EXPECT_EQ(machine_.instrument->sounding, 0);
    synth_->look_after(), synth_->look_after();
    listeners.there = false;
    blocks(1);
    on(67);
    blocks(3);
    EXPECT_EQ(machine_.instrument->sounding, 1);
    synth_->look_after(), synth_->look_after();
    EXPECT_THAT(machine_.lines(),
                ElementsAre(HasSubstr("plays through"), HasSubstr("silent: somebody is connected"),
                            HasSubstr("sounds: nobody is connected")));
}

TEST_F(LiveSynthTest, SettingsAreObeyedWithTheNextBlock) {
    open();
    until_it_plays();
    SynthSettings settings;
    settings.reverb = 0.75F;
    synth_->follow(settings);
    blocks(1);
    EXPECT_EQ(machine_.instrument->reverb_share, 0.75F);
}

}  // namespace
}  // namespace fusion::test
