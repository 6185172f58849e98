// What several benchmarks put where the networks and the port would be.
#pragma once

#include <vector>

#include "engine/realtime/crossing/midi_sink.hpp"
#include "tests/support/counting_generator.hpp"

namespace fusion::bench {

// The shortest notes that the grid has, one after the other: 80 a second at 400 BPM. Two octaves,
// so that a message that is lost does not look like its neighbour.
class FastLine final : public test::CountingGenerator {
public:
    FastLine() : CountingGenerator{notes(), {"fast"}} {}

private:
    static constexpr std::uint8_t kLowest = 48;
    static constexpr std::uint8_t kPitches = 25;

    [[nodiscard]] EventId event(std::uint32_t index) const override {
        return static_cast<EventId>(index % kPitches);
    }
    static std::vector<Event> notes() {
        std::vector<Event> events;
        for (std::uint8_t i = 0; i < kPitches; ++i)
            events.push_back({Pitch{static_cast<std::uint8_t>(kLowest + i)}, Cells{1}});
        return events;
    }
};

// Takes everything and keeps nothing: only the engine is measured.
class NullSink final : public MidiSink {
public:
    // How far ahead it wants what it throws away: a native JACK port's is a period and a margin.
    explicit NullSink(Nanos lead = Nanos{0}) : lead_{lead} {}
    [[nodiscard]] bool send(const TimedMessage&) noexcept override { return true; }
    [[nodiscard]] Nanos lead() const noexcept override { return lead_; }

private:
    Nanos lead_;
};

}  // namespace fusion::bench
