// The MIDI port that is played into, over RtMidi. The clock hands a message to a lock-free queue
// and wakes the output thread; RtMidi is called there and nowhere else (ADR-output-thread.md).
// Ports are opened and closed on the control thread and change hands through queues too, so that
// looking for a lost port never holds a note back.
// Thread: send() clock, or control where there is no clock (feedback); pass() RtMidi's for the
// input that is named, one for each; the rest control. Errors: open() says unavailable; later
// losses are logged and mended (port_keeper.hpp).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "daemon/midi/midi_port.hpp"
#include "daemon/midi/midi_system.hpp"
#include "daemon/midi/port_keeper.hpp"
#include "engine/base/semaphore.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/music/note_ledger.hpp"
#include "engine/realtime/crossing/midi_sink.hpp"

namespace fusion {

// What a port is told when it comes: that nothing sounds any more, as a synth wants it, or nothing,
// as a controller wants it, whose faders such messages would move.
enum class Greeting : std::uint8_t { silence, none };

struct MidiOutOptions {
    MidiApi api = MidiApi::jack;
    std::string client = "fusiond";
    std::string wanted;  // empty: a virtual port
    int priority = 69;   // SCHED_FIFO of the output thread; 0: do not ask
    Greeting greeting = Greeting::silence;
};

class MidiOut final : public MidiSink, private Plug {
public:
    // A named port that is not there yet is no error: it is waited for. `time` outlives it.
    static Result<std::unique_ptr<MidiOut>> open(const MidiOutOptions& options,
                                                 const TimeSource& time);
    ~MidiOut() override;
    MidiOut(const MidiOut&) = delete;
    MidiOut& operator=(const MidiOut&) = delete;

    FUSION_RT bool send(const TimedMessage& message) noexcept override;
    FUSION_RT Nanos lead() const noexcept override { return Nanos{0}; }

    // Plays what came in at the input `source`, at once. False: no room.
    bool pass(std::uint8_t source, const TimedMessage& message) noexcept;

    // Somebody was connected where nobody was: what an earlier run, that crashed, has left sounding
    // there ends, and what sounds now. The system has told that it is so.
    void greet();

    // Notices a lost port and opens it again. To be called each second or so.
    void look_after();
    // Sends what is queued, waits until the system has taken it, and closes.
    void close();

    // How often a port was opened, or somebody greeted. Who connects to a virtual one, RtMidi does
    // not tell.
    // Thread: any.
    [[nodiscard]] std::uint32_t connections() const noexcept {
        return connections_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] bool is_connected() const noexcept { return keeper_.is_connected(); }
    [[nodiscard]] std::string describe() const { return keeper_.describe(); }
    // Messages that came while there was no port, or that RtMidi refused.
    [[nodiscard]] std::uint64_t unsent() const noexcept {
        return unsent_.load(std::memory_order_relaxed);
    }
    // Messages for which send() had no room.
    [[nodiscard]] std::uint64_t refused() const noexcept { return queue_.refused(); }

private:
    MidiOut(const MidiOutOptions& options, const TimeSource& time);
    Result<std::string> plug_in(const std::string& wanted) override;
    void pull_out() override;
    // False, and the port is closed: the output thread has not looked for some time.
    bool hand_over(RtMidiOut* port);
    void take_back();
    void close_port(RtMidiOut* port) const;

    void run() noexcept;
    void take_port() noexcept;
    void play(Consumer<TimedMessage>& queue) noexcept;
    void write(const MidiMessage& message) noexcept;
    void silence_new_port() noexcept;

    static constexpr std::size_t kQueue = 1024;
    static constexpr std::size_t kPortChanges = 8;

    // What passes through from one input, whose thread is the one producer.
    struct Lane {
        SpscQueue<TimedMessage> queue{kQueue};
    };

    MidiOutOptions options_;
    RtMidiSystem system_;
    PortKeeper keeper_;

    SpscQueue<TimedMessage> queue_{kQueue};
    std::array<Lane, kMostInputs> passing_;
    SpscQueue<RtMidiOut*> fresh_{kPortChanges};    // control to output; null: stop using yours
    SpscQueue<RtMidiOut*> retired_{kPortChanges};  // output to control, to be closed
    Semaphore wake_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> greets_{false};  // a flag: nothing is read through it
    std::atomic<std::uint64_t> unsent_{0};
    std::atomic<std::uint32_t> connections_{0};

    // The output thread's own.
    RtMidiOut* port_ = nullptr;
    NoteLedger ledger_;

    std::thread thread_;
};

}  // namespace fusion
