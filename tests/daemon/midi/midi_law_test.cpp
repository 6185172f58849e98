// The law of the threads that send MIDI, held without a server: 10^5 turns each without an
// allocation, a lock or a throw.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include <gtest/gtest.h>

#include "daemon/midi/frame_writer.hpp"
#include "daemon/midi/recorder.hpp"
#include "daemon/midi/tee_sink.hpp"
#include "tests/support/rt_guard.hpp"

namespace fusion::test {
namespace {

constexpr int kTurns = 100'000;
const FrameGrid kGrid{TimePoint{std::chrono::seconds{7}}, SampleRate{48000}};

class MidiLawTest : public testing::Test {
protected:
    void SetUp() override {
        if (!rt_guard_available() && !rt_sanitizer_watches())
            GTEST_SKIP() << "a sanitizer interposes the allocator in this build";
        clear_rt_violations();
    }
    bool one_in(unsigned n) { return random_() % n == 0; }
    MidiMessage any_message() {
        const Channel channel{static_cast<std::uint8_t>(random_() % 16)};
        const Pitch pitch{static_cast<std::uint8_t>(random_() % 128)};
        switch (random_() % 8) {
            case 0: return control_change(channel, kSustainPedal, random_() % 128);
            case 1: return control_change(channel, kAllNotesOff, 0);
            case 2: return kMidiClock;
            case 3: return program_change(channel, pitch.count());
            case 4:
            case 5: return note_off(channel, pitch);
            default: return note_on(channel, pitch, Velocity{9});
        }
    }

    std::mt19937 random_{3};
};

void expect_the_law_was_kept() {
    const auto violations = rt_violations();
    EXPECT_EQ(violations.allocations, 0U);
    EXPECT_EQ(violations.locks, 0U);
    EXPECT_EQ(violations.throws, 0U);
}

// Room for so many messages; what they are, nobody asks.
class Room final : public PeriodBuffer {
public:
    explicit Room(std::size_t messages) : left_{messages} {}
    bool write(Frames, std::span<const std::uint8_t>) noexcept override {
        return left_ > 0 && left_-- > 0;
    }

private:
    std::size_t left_;
};

class AllocatingRoom final : public PeriodBuffer {
public:
    bool write(Frames, std::span<const std::uint8_t> bytes) noexcept override {
        auto* volatile copy = std::malloc(bytes.size());
        std::free(copy);
        return true;
    }
};

TEST_F(MidiLawTest, AnAllocationInAPeriodIsSeen) {
    if (!rt_guard_available()) GTEST_SKIP() << "it would end the program in this build";
    SpscQueue<TimedMessage> queue{8};
    FrameWriter writer{std::move(queue.out)};
    ASSERT_TRUE(queue.in.try_push({note_on(Channel{1}, Pitch{60}, Velocity{9}), kGrid.origin()}));
    AllocatingRoom room;
    {
        const RtGuard guard;
        writer.begin({kGrid, Frames{0}, Frames{64}}, room);
        writer.end();
    }
    EXPECT_EQ(rt_violations().allocations, 2U);
}

TEST_F(MidiLawTest, FrameWriterKeepsItThroughPanicsFullPeriodsThruAndXruns) {
    SpscQueue<TimedMessage> queue{64};
    FrameWriter writer{std::move(queue.out)};
    const auto& counters = writer.counters();
    Frames first{0};
    for (int i = 0; i < kTurns; ++i) {
        const RtGuard guard;
        while (one_in(2))
            static_cast<void>(queue.in.try_push(
                {any_message(),
                 kGrid.time_of(first + Frames{static_cast<std::int64_t>(random_() % 256)}),
                 one_in(10)}));
        if (one_in(200)) first = first + Frames{one_in(2) ? 128 : 9000};
        Room room{one_in(3) ? random_() % 6 : 500};
        if (one_in(50)) writer.doubt();
        writer.begin({kGrid, first, Frames{128}}, room);
        if (one_in(100))
            writer.silence(one_in(2) ? FrameWriter::Quiet::all_channels
                                     : FrameWriter::Quiet::used_channels);
        if (one_in(100)) writer.end_passed();
        Frames at{0};
        while (one_in(2)) {
            at = Frames{at.count() + (127 - at.count()) / 2};
            writer.pass(at, any_message());
        }
        writer.end();
        first = first + Frames{128};
    }
    expect_the_law_was_kept();
    EXPECT_GT(counters.kept_over, 1000U);
    EXPECT_GT(counters.too_late, 10U);
    EXPECT_GT(counters.not_passed, 1000U);
    EXPECT_GT(counters.again, 1000U);
    EXPECT_GT(counters.programs_lost, 10U);
}

class QueueSink final : public MidiSink {
public:
    bool send(const TimedMessage& message) noexcept override { return queue.in.try_push(message); }
    Nanos lead() const noexcept override { return Nanos{1}; }

    SpscQueue<TimedMessage> queue{64};
};

TEST_F(MidiLawTest, TeeSinkKeepsItThoughThePortAndTheRecordingRunFull) {
    QueueSink port;
    auto file = std::filesystem::temp_directory_path() /
                ("fusiond-law-" + std::to_string(::getpid()) + ".mid");
    const MonotonicTime time;
    Recorder recorder{{.place = [file] { return file; }}, time, Recorder::Begin::on};
    TeeSink tee{port, recorder};
    int refused = 0;
    for (int i = 0; i < kTurns; ++i) {
        {
            const RtGuard guard;
            const TimedMessage message{any_message(), kGrid.time_of(Frames{i}) - tee.lead()};
            if (!tee.send(message)) ++refused;
        }
        TimedMessage taken;
        if (one_in(100))
            while (port.queue.out.try_pop(taken)) {
            }
    }
    expect_the_law_was_kept();
    EXPECT_GT(refused, 1000);
    recorder.finish();
    EXPECT_GT(recorder.state().lost, 1000U);
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace fusion::test
