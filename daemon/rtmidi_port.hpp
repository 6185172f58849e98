// RtMidi's ports as one: an output that plays at once (midi_out.hpp) and an input whose messages
// are stamped when RtMidi hands them over (midi_in.hpp), each a client of its own. Thread: as in
// midi_port.hpp. Errors: open() says unavailable where the output cannot be had; an input that
// cannot is a warning, for a daemon without knobs still plays.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "daemon/midi_in.hpp"
#include "daemon/midi_inbox.hpp"
#include "daemon/midi_out.hpp"
#include "daemon/midi_port.hpp"
#include "engine/base/time_source.hpp"

namespace fusion {

struct RtMidiPortOptions {
    MidiApi api = MidiApi::alsa;
    std::string client = "fusiond";  // the input's ends in " in"
    PortNames names{.out = "", .in = ""};
    int priority = 69;  // SCHED_FIFO of the output thread; 0: do not ask
};

class RtMidiPort final : public MidiPort {
public:
    // Both references outlive it.
    static Result<std::unique_ptr<RtMidiPort>> open(const RtMidiPortOptions& options,
                                                    const TimeSource& time, MidiInbox& inbox);

    [[nodiscard]] MidiSink& sink() override { return *out_; }
    void thru(Thru thru) override { thru_.store(thru, std::memory_order_relaxed); }
    void look_after() override;
    void close() override;
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] std::string describe_input() const override;
    [[nodiscard]] PortCounters counters() const noexcept override;

private:
    RtMidiPort(const TimeSource& time, MidiInbox& inbox) : time_{time}, inbox_{inbox} {}
    void open_input(const RtMidiPortOptions& options);
    void arrived(std::span<const std::uint8_t> bytes) noexcept;

    const TimeSource& time_;
    MidiInbox& inbox_;
    // A flag and a counter: nothing is read through them.
    std::atomic<Thru> thru_{Thru::off};
    std::atomic<std::uint64_t> not_passed_{0};
    std::unique_ptr<MidiOut> out_;  // null: only listened
    std::unique_ptr<MidiIn> in_;    // after the output: its thread passes into that
};

}  // namespace fusion
