// What the thread that fills a sound card's blocks may do, with FluidSynth itself: no lock and no
// throw while notes begin, end, are stolen, programs change and all is hushed. No allocation
// either, but for one: FluidSynth's reverb enters an OpenMP region (of this one thread), and
// libgomp gives its team back with each render. That is the card's thread, never the clock's.
#include <array>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "daemon/synth/block_player.hpp"
#include "daemon/synth/fluid_instrument.hpp"
#include "daemon/synth/live_synth.hpp"
#include "daemon/synth/sound_font.hpp"
#include "tests/daemon/synth/fake_sound.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/rt_guard.hpp"

namespace fusion::test {
namespace {

constexpr SampleRate kRate{48000};
constexpr std::size_t kBlock = 128;

TEST(SynthLawTest, ABlockTakesNoLockAndAllocatesNothingOfItsOwn) {
    if (!rt_guard_available()) GTEST_SKIP() << "a sanitizer interposes the allocator in this build";
    const auto font = find_sound_font("");
    if (!font) GTEST_SKIP() << font.error().message;
    auto instrument = FluidInstrument::make({*font, kRate, {"jazz", "pop", "folk", "rock"}});
    ASSERT_TRUE(instrument) << instrument.error().message;
    SpscQueue<TimedMessage> queue{64};
    BlockCounters counters;
    BlockPlayer player{queue.out, **instrument, counters};
    const FrameGrid grid{TimePoint{std::chrono::seconds{3}}, kRate};
    std::mt19937 random{7};
    std::array<float, kBlock> left{}, right{};
    SynthSettings settings;
    settings.parts[1] = {true, Channel{5}};
    float loudest = 0.0F;
    std::uint64_t renders = 0;  // a block is rendered up to its message and on from there
    clear_rt_violations();
    for (std::int64_t block = 0; block < 8000; ++block) {
        if (random() % 40 == 0) {
            settings.programs = static_cast<SynthPrograms>(random() % 3);
            settings.reverb = static_cast<float>(random() % 100) / 100.0F;
            settings.blend = {};
            settings.blend.share[random() % 4] = 0.5F;
            settings.blend.share[random() % 4] += 0.5F;
        }
        const auto begins = grid.time_of(Frames{block * static_cast<std::int64_t>(kBlock)});
        const Channel channel{static_cast<std::uint8_t>(random() % 8)};
        const Pitch pitch{static_cast<std::uint8_t>(30 + random() % 70)};
        const auto message = [&]() -> MidiMessage {
            switch (random() % 16) {
                case 0: return control_change(channel, kAllSoundOff, 0);
                case 1: return control_change(channel, kSustainPedal, random() % 128);
                case 2: return program_change(channel, random() % 128);
                case 3: return pitch_bend(channel, random() % 16384);
                case 4: return kMidiClock;
                case 5:
                case 6:
                case 7:
                case 8: return note_off(channel, pitch);
                default: return note_on(channel, pitch, Velocity{100});
            }
        }();
        left.fill(0.0F), right.fill(0.0F);
        {
            set_thread_role(ThreadRole::jack);  // as a sound card's thread
            const RtGuard guard;
            static_cast<void>(queue.in.try_push({message, begins}));
            player.hush(block % 500 > 480 ? BlockPlayer::Hush::yes : BlockPlayer::Hush::no);
            player.obey(settings);
            player.render({begins, kRate, left, right});
            ++renders;
        }
        for (const float sample : left) loudest = std::max(loudest, std::abs(sample));
    }
    const auto violations = rt_violations();
    EXPECT_LE(violations.allocations, renders) << "more than OpenMP's";
    EXPECT_EQ(violations.locks, 0U);
    EXPECT_EQ(violations.throws, 0U);
    EXPECT_GT(loudest, 0.05F) << "it did play";
    EXPECT_LT(loudest, 1.0F);
}

// The clock's own law, which has no exception: what the synth takes of its thread is one push.
TEST(SynthLawTest, TheClockHandsOverWithoutALockOrAnAllocationAlsoWhereNothingTakesIt) {
    if (!rt_guard_available()) GTEST_SKIP() << "a sanitizer interposes the allocator in this build";
    FakeMachine machine;
    MonotonicTime real;
    const FrameTime time{real};
    LiveSynth synth{std::make_unique<FakeSystem>(machine), time, nullptr, machine.tell()};
    ASSERT_TRUE(eventually([&] { return synth.state() == LiveSynth::State::sounds; },
                           [] { std::this_thread::sleep_for(std::chrono::milliseconds{1}); }));
    std::mt19937 random{9};
    std::uint64_t refused = 0;
    clear_rt_violations();
    for (int turn = 0; turn < 100'000; ++turn) {
        const Pitch pitch{static_cast<std::uint8_t>(random() % 128)};
        const auto message = random() % 2 == 0 ? note_on(Channel{0}, pitch, Velocity{9})
                                               : note_off(Channel{0}, pitch);
        {
            set_thread_role(ThreadRole::clock);
            const RtGuard guard;
            if (!synth.send({message, time.now()}) || synth.lead() != Nanos{0}) ++refused;
        }
        set_thread_role(ThreadRole::none);
        // Now and then the card takes none for so long that the queue is full.
        if (turn % 5000 > 2000 && turn % 16 == 0) machine.block();
    }
    const auto violations = rt_violations();
    EXPECT_EQ(violations.allocations, 0U);
    EXPECT_EQ(violations.locks, 0U);
    EXPECT_EQ(violations.throws, 0U);
    EXPECT_GT(refused, 0U) << "the queue was full";
    EXPECT_GT(synth.counters().played.load(), 1'000U);
}

}  // namespace
}  // namespace fusion::test
