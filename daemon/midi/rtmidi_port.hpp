// RtMidi's ports as one: an output that plays at once (midi_out.hpp), inputs whose messages are
// stamped when RtMidi hands them over (midi_in.hpp), and another output for feedback, each a client
// of its own. RtMidi does not tell who connects to a virtual port: feedback_connections() grows
// when the port is opened, and when a named one is found again; listens() asks ALSA each second,
// and the first who was connected since is greeted then. Thread: as in midi_port.hpp; each input
// has one of its own. Errors: open() says unavailable where the output cannot be had; an input or a
// feedback that cannot is a warning, for a daemon without knobs still plays.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/midi/midi_in.hpp"
#include "daemon/midi/midi_inbox.hpp"
#include "daemon/midi/midi_out.hpp"
#include "daemon/midi/midi_port.hpp"
#include "engine/base/time_source.hpp"

namespace fusion {

struct RtMidiPortOptions {
    MidiApi api = MidiApi::alsa;
    std::string client = "fusiond";  // the others' are "fusiond in", "fusiond in 2", ...
    PortNames names{.out = "", .ins = {""}, .feedback = {}};
    int priority = 69;  // SCHED_FIFO of the output thread; 0: do not ask
    // How many are connected to a virtual output. None: ALSA is asked, of JACK nobody.
    std::function<int()> receivers{};
};

class RtMidiPort final : public MidiPort {
public:
    // Both references outlive it.
    static Result<std::unique_ptr<RtMidiPort>> open(const RtMidiPortOptions& options,
                                                    const TimeSource& time, MidiInbox& inbox);

    [[nodiscard]] MidiSink& sink() override { return *out_; }
    void thru(Thru thru) override { thru_.store(thru, std::memory_order_relaxed); }
    bool feed_back(const MidiMessage& message) noexcept override;
    [[nodiscard]] std::uint32_t feedback_connections() const noexcept override;
    [[nodiscard]] std::uint32_t output_connections() const noexcept override;
    [[nodiscard]] bool listens() const noexcept override {
        return listens_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] bool plays() const noexcept override {
        return out_ != nullptr && out_->is_connected();
    }
    [[nodiscard]] std::uint32_t input_losses() const noexcept override;
    void look_after() override;
    void close() override;
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] std::string describe_input() const override;
    [[nodiscard]] std::string describe_feedback() const override;
    [[nodiscard]] std::string how_to_connect() const override;
    [[nodiscard]] PortCounters counters() const noexcept override;

private:
    RtMidiPort(const RtMidiPortOptions& options, const TimeSource& time, MidiInbox& inbox)
        : api_{options.api},
          client_{options.client},
          receivers_{options.receivers},
          time_{time},
          inbox_{inbox} {}
    void open_input(const RtMidiPortOptions& options, std::uint8_t source);
    void open_feedback(const RtMidiPortOptions& options);
    [[nodiscard]] bool ask_who_listens() const;
    [[nodiscard]] int count_receivers() const;
    void arrived(std::uint8_t source, std::span<const std::uint8_t> bytes) noexcept;

    MidiApi api_;
    std::string client_;
    std::function<int()> receivers_;
    bool others_connect_ = false;  // the output is a virtual port
    const TimeSource& time_;
    MidiInbox& inbox_;
    // A flag and a counter: nothing is read through them.
    std::atomic<bool> listens_{false};
    std::atomic<Thru> thru_{Thru::off};
    std::atomic<std::uint64_t> not_passed_{0};
    std::unique_ptr<MidiOut> out_;              // null: only listened
    std::unique_ptr<MidiOut> feedback_;         // null: none
    std::vector<std::unique_ptr<MidiIn>> ins_;  // after the output: their threads pass into that
};

}  // namespace fusion
