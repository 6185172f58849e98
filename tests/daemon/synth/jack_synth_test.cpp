// The live synth through FluidSynth's own JACK driver, beside the native MIDI port, in a server of
// the test's own: one peer hears both and compares them by the server's frames.
#include <cmath>
#include <mutex>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include "daemon/midi/jack_midi.hpp"
#include "daemon/midi/tee_sink.hpp"
#include "daemon/synth/fluid_instrument.hpp"
#include "daemon/synth/fluid_system.hpp"
#include "daemon/synth/live_synth.hpp"
#include "daemon/synth/sound_font.hpp"
#include "tests/daemon/midi/jack_rig.hpp"
#include "tests/daemon/synth/sound_ear.hpp"
#include "tests/support/eventually.hpp"

namespace fusion::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kRate = 48000, kPeriod = 128;
constexpr std::uint32_t kThreeMs = 3 * kRate / 1000;
constexpr float kHeard = 0.01F;
constexpr unsigned kWoodblock = 115;  // begins at once, and is soon over

class JackSynthTest : public testing::Test {
protected:
    void SetUp() override {
        if (const auto font = find_sound_font(""); !font) GTEST_SKIP() << font.error().message;
        if (const auto reason = server_.start(); !reason.empty())
            GTEST_SKIP() << "no JACK server can be started here: " << reason;
        inbox_ = std::move(*MidiInbox::open(io_));
    }
    enum class Beside : bool { always, the_port };

    void open(Beside beside) {
        auto opened = JackMidi::open({}, time_, *inbox_);
        ASSERT_TRUE(opened) << opened.error().message;
        port_ = std::move(*opened);
        auto system = std::make_unique<FluidSystem>(
            FluidSystemOptions{.driver = SynthDriver::jack, .font = "", .genres = {"jazz"}});
        // Quick, so that a test need not wait; the patience is the usual one.
        const LiveSynth::Pace pace{20ms, 50ms, 5s};
        synth_.emplace(std::move(system), time_, beside == Beside::always ? nullptr : port_.get(),
                       pace, [this](log::Level, std::string_view line) {
                           const std::lock_guard lock{mutex_};
                           lines_.emplace_back(line);
                       });
        SynthSettings settings;
        settings.programs = SynthPrograms::set;
        settings.reverb = 0.0F;
        synth_->follow(settings);
        both_.emplace(port_->sink(), *synth_);
    }
    void listen() {
        ASSERT_TRUE(sounds());
        ear_.emplace("ear");
        ASSERT_TRUE(ear_->connect("fusiond synth:left", "ear:sound"));
    }
    [[nodiscard]] bool sounds() { return is(LiveSynth::State::sounds); }
    [[nodiscard]] bool is(LiveSynth::State state) {
        return eventually([&] { return synth_->state() == state; },
                          [] { std::this_thread::sleep_for(5ms); });
    }
    void send(const MidiMessage& message, TimePoint when) {
        ASSERT_TRUE(both_->send({message, when}));
    }
    void note(TimePoint from, Nanos length, unsigned pitch = 76) {
        const Pitch key{static_cast<std::uint8_t>(pitch)};
        send(note_on(Channel{0}, key, Velocity{120}), from);
        send(note_off(Channel{0}, key), from + length);
    }
    std::vector<std::string> lines() {
        const std::lock_guard lock{mutex_};
        return lines_;
    }

    // How long the instrument itself takes from the begin of a note until it is heard.
    static std::int64_t attack() {
        auto made = FluidInstrument::make({*find_sound_font(""), SampleRate{kRate}, {"jazz"}});
        EXPECT_TRUE(made);
        (*made)->play(SynthVoice{0}, program_change(Channel{0}, kWoodblock));
        (*made)->play(SynthVoice{0}, note_on(Channel{0}, Pitch{76}, Velocity{120}));
        std::vector<float> left(4800), right(4800);
        (*made)->render(left, right);
        return std::find_if(left.begin(), left.end(),
                            [](float s) { return std::abs(s) > kHeard; }) -
               left.begin();
    }
    JackServer server_;
    boost::asio::io_context io_;
    MonotonicTime real_;
    FrameTime time_{real_};
    std::unique_ptr<MidiInbox> inbox_;
    std::unique_ptr<JackMidi> port_;
    std::mutex mutex_;
    std::vector<std::string> lines_;
    std::optional<LiveSynth> synth_;
    std::optional<TeeSink> both_;
    std::optional<SoundEar> ear_;
};

TEST_F(JackSynthTest, EachOnsetLiesWithinAPeriodAnd3MsOfItsDeadline) {
    open(Beside::always);
    listen();
    ASSERT_TRUE(ear_->connect("fusiond:out", "ear:midi"));
    const auto attack = this->attack();
    ASSERT_LT(attack, kRate / 100);
    constexpr std::size_t kNotes = 40;
    send(program_change(Channel{0}, kWoodblock), time_.now());
    // Anywhere in a period.
    const auto first = time_.on_a_frame(time_.now() + 700ms);
    for (std::size_t i = 0; i < kNotes; ++i) note(first + i * 200ms + i * 77us, 50ms);
    ASSERT_TRUE(ear_->until([&] { return ear_->notes().size() == kNotes; }));
    ASSERT_TRUE(ear_->cycles(kRate / 5 / kPeriod));
    std::size_t compared = 0;
    std::int64_t earliest = kRate, latest = -static_cast<std::int64_t>(kRate);
    for (const auto& heard : ear_->notes()) {
        const auto onset = ear_->first_sound(heard.frame - kRate / 20, kHeard, kRate / 6);
        ASSERT_GE(onset, 0) << "the note at frame " << heard.frame << " is not heard";
        const auto off = onset - attack - static_cast<std::int64_t>(heard.frame);
        earliest = std::min(earliest, off);
        latest = std::max(latest, off);
        ++compared;
        EXPECT_LE(std::abs(off), kPeriod + kThreeMs) << "the note at frame " << heard.frame;
    }
    std::printf("%zu of %zu onsets compared: %ld to %ld frames after the deadline\n", compared,
                kNotes, static_cast<long>(earliest), static_cast<long>(latest));
}

TEST_F(JackSynthTest, ItFallsSilentWhenAClientConnectsAndComesBackWhenItGoes) {
    open(Beside::the_port);
    listen();
    send(program_change(Channel{0}, 80), time_.now());  // a square, which lasts
    send(note_on(Channel{0}, Pitch{76}, Velocity{120}), time_.now() + 20ms);
    ASSERT_TRUE(ear_->until([&] { return ear_->loudest_since(0) > kHeard; })) << "it sounds";

    ASSERT_TRUE(ear_->connect("fusiond:out", "ear:midi"));
    EXPECT_EQ(synth_->state(), LiveSynth::State::hushed);
    ASSERT_TRUE(ear_->cycles(kRate / 10 / kPeriod));
    auto since = ear_->frame_now();
    send(note_off(Channel{0}, Pitch{76}), time_.now());
    note(time_.now() + 20ms, 50ms, 64);
    ASSERT_TRUE(ear_->until([&] { return !ear_->notes().empty(); })) << "the client hears it";
    ASSERT_TRUE(ear_->cycles(kRate / 10 / kPeriod));
    EXPECT_EQ(ear_->loudest_since(since), 0.0F) << "nothing hangs, nothing begins";
    synth_->look_after();

    ear_->disconnect("fusiond:out", "ear:midi");
    ASSERT_TRUE(ear_->until([&] { return synth_->state() == LiveSynth::State::sounds; }));
    ASSERT_TRUE(ear_->cycles(kRate / 10 / kPeriod));
    EXPECT_EQ(ear_->loudest_since(since), 0.0F) << "no note comes back";
    since = ear_->frame_now();
    send(program_change(Channel{0}, 80), time_.now());
    note(time_.now() + 20ms, 100ms);
    ASSERT_TRUE(ear_->until([&] { return ear_->loudest_since(since) > kHeard; }));
    ASSERT_TRUE(ear_->cycles(kRate / kPeriod));
    EXPECT_LT(ear_->loudest_since(ear_->frame_now() - kRate / 10), kHeard) << "and it ends";
    synth_->look_after();
    EXPECT_EQ(lines().size(), 3U);
}

TEST_F(JackSynthTest, AServerThatIsKilledWhileItPlaysIsSurvivedAndFoundAgain) {
    open(Beside::always);
    for (int round = 0; round < 3; ++round) {
        ASSERT_TRUE(sounds());
        for (int i = 0; i < 20; ++i) note(time_.now() + i * 10ms, 5ms);
        ear_.reset();
        server_.stop();
        // As the daemon does it each second, and sooner than the synth's keeper may have looked.
        ASSERT_TRUE(eventually(
            [&] {
                port_->look_after();
                return synth_->state() == LiveSynth::State::looking;
            },
            [] { std::this_thread::sleep_for(3ms); }));
        ASSERT_EQ(server_.start(), "");
        ASSERT_TRUE(eventually(
            [&] {
                port_->look_after();
                return synth_->state() == LiveSynth::State::sounds &&
                       port_->describe() == "JACK port fusiond:out";
            },
            [] { std::this_thread::sleep_for(3ms); }));
    }
    listen();
    const auto since = ear_->frame_now();
    send(program_change(Channel{0}, 80), time_.now());
    note(time_.now() + 20ms, 300ms);
    EXPECT_TRUE(ear_->until([&] { return ear_->loudest_since(since) > kHeard; }));
}

}  // namespace
}  // namespace fusion::test
