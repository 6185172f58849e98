// What several benchmarks put where the networks and the port would be.
#pragma once

#include <string>
#include <vector>

#include "engine/model/generator.hpp"
#include "engine/realtime/crossing/midi_sink.hpp"

namespace fusion::bench {

// The shortest notes that the grid has, one after the other: 80 a second at 400 BPM. Two octaves,
// so that a message that is lost does not look like its neighbour.
class FastLine final : public Generator {
public:
    [[nodiscard]] const Vocabulary& vocabulary() const override { return vocabulary_; }
    [[nodiscard]] std::span<const std::string> genres() const override { return genres_; }
    [[nodiscard]] Result<GeneratedEvent> generate(const StepRequest&) override {
        GeneratedEvent made;
        made.event = static_cast<EventId>(next_++ % vocabulary_.size());
        made.proposals.fill(kNoProposal);
        return made;
    }
    [[nodiscard]] std::uint32_t next_index() const override { return next_; }
    void rollback(std::uint32_t index) override { next_ = index; }
    void forget_before(std::uint32_t) override {}
    void skip_to(std::uint32_t index) override { next_ = index; }
    void reset() override { next_ = 0; }

private:
    static Vocabulary notes() {
        std::vector<Event> events;
        for (std::uint8_t pitch = 48; pitch <= 72; ++pitch)
            events.push_back({Pitch{pitch}, Cells{1}});
        return Vocabulary::make(std::move(events)).value();
    }

    Vocabulary vocabulary_ = notes();
    std::vector<std::string> genres_{"fast"};
    std::uint32_t next_ = 0;
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
