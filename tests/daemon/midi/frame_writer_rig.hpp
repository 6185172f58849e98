// A FrameWriter without JACK: periods of 128 frames on pages that have as much room as a test says,
// and somebody who hears what is on them.
#pragma once

#include <array>
#include <bitset>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/midi/frame_writer.hpp"
#include "tests/support/rt_pause.hpp"

namespace fusion {

inline constexpr Frames kLength{128};
inline const FrameGrid kGrid{TimePoint{std::chrono::seconds{7}}, SampleRate{48000}};

struct Written {
    std::int64_t offset;
    std::uint8_t status, number;
    friend bool operator==(const Written&, const Written&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Written& w) {
        return out << w.offset << ":" << std::hex << +w.status << " " << +w.number << std::dec;
    }
};

class Page final : public PeriodBuffer {
public:
    bool write(Frames offset, std::span<const std::uint8_t> bytes) noexcept override {
        const test::RtPause pause{};
        if (written.size() >= room) return false;
        EXPECT_TRUE(written.empty() || written.back().offset <= offset.count());
        EXPECT_LT(offset, kLength);
        written.push_back({offset.count(), bytes[0], bytes.size() > 1 ? bytes[1] : std::uint8_t{}});
        return true;
    }
    std::size_t room = 1000;
    std::vector<Written> written;
};

class FrameWriterTest : public testing::Test {
protected:
    void send(std::int64_t frame, const MidiMessage& message) {
        ASSERT_TRUE(queue_.in.try_push({message, kGrid.time_of(Frames{frame})}));
    }
    void note(std::int64_t frame, std::uint8_t pitch) {
        send(frame, note_on(Channel{0}, Pitch{pitch}, Velocity{99}));
    }
    template <class During>
    std::vector<Written> period(During&& during, std::size_t room = 1000) {
        Page page;
        page.room = room;
        writer_.begin({kGrid, first_, kLength}, page);
        during();
        writer_.end();
        first_ = first_ + kLength;
        return page.written;
    }
    std::vector<Written> period() {
        return period([] {});
    }
    const WriterCounters& counters() { return writer_.counters(); }

    SpscQueue<TimedMessage> queue_{512};
    FrameWriter writer_{std::move(queue_.out)};
    Frames first_{1'000'000};
};

// What a receiver knows of the notes: not the writer's ledger, but what it was sent.
class Ear {
public:
    void hears(const std::vector<Written>& page) {
        for (const auto& event : page) hears(event);
    }
    void hears(const Written& event) {
        auto& channel = sounding_[event.status & 0x0FU];
        if ((event.status & 0xF0U) == 0x90U) {
            ++begun_;
            if (channel.test(event.number)) ++doubled_;
            channel.set(event.number);
        }
        if ((event.status & 0xF0U) == 0x80U) channel.reset(event.number);
        if ((event.status & 0xF0U) == 0xB0U && event.number >= kAllSoundOff) channel.reset();
    }
    [[nodiscard]] bool sounds(unsigned channel, unsigned pitch) const {
        return sounding_[channel].test(pitch);
    }
    [[nodiscard]] std::size_t sounding() const {
        std::size_t count = 0;
        for (const auto& channel : sounding_) count += channel.count();
        return count;
    }
    [[nodiscard]] std::size_t begun() const { return begun_; }
    // Notes that began while they sounded.
    [[nodiscard]] std::size_t doubled() const { return doubled_; }

private:
    std::array<std::bitset<128>, 16> sounding_{};
    std::size_t begun_ = 0;
    std::size_t doubled_ = 0;
};

}  // namespace fusion
