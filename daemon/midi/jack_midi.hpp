// The native JACK port: one client, an output and several inputs, each event at its exact frame.
// The clock hands over messages a period and a margin ahead; JACK's thread lays them on their
// frames (frame_writer.hpp) and tells FrameTime when each cycle begins, so that daemon and server
// count the same frames (ADR-native-jack.md). Feedback has a port of its own and goes out with the
// next cycle; nobody hears on which frame a motor starts. Thread: as in midi_port.hpp. Errors:
// open() says not_found where no server runs.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "daemon/midi/frame_time.hpp"
#include "daemon/midi/frame_writer.hpp"
#include "daemon/midi/jack_client.hpp"
#include "daemon/midi/midi_inbox.hpp"
#include "daemon/midi/midi_port.hpp"
#include "engine/base/result.hpp"
#include "engine/base/spsc_queue.hpp"

namespace fusion {

struct JackMidiOptions {
    std::string client = "fusiond";
    PortNames names{.out = "", .ins = {""}, .feedback = {}};
    // What the clock thread may wake late, and JACK's early, before an event misses its frame.
    Micros margin{2000};
};

class JackMidi final : public MidiPort, private MidiSink, private JackListener {
public:
    // A named port that is not there yet is no error: it is waited for. Both references outlive it.
    static Result<std::unique_ptr<JackMidi>> open(const JackMidiOptions& options, FrameTime& time,
                                                  MidiInbox& inbox);
    ~JackMidi() override;
    JackMidi(const JackMidi&) = delete;
    JackMidi& operator=(const JackMidi&) = delete;

    [[nodiscard]] MidiSink& sink() override { return *this; }
    void thru(Thru thru) override { thru_.store(thru, std::memory_order_relaxed); }
    bool feed_back(const MidiMessage& message) noexcept override;
    [[nodiscard]] std::uint32_t feedback_connections() const noexcept override {
        return feedback_connections_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint32_t output_connections() const noexcept override {
        return output_connections_.load(std::memory_order_relaxed) +
               writer_.counters().programs_lost.load(std::memory_order_relaxed);
    }
    [[nodiscard]] bool listens() const noexcept override {
        return receivers_.load(std::memory_order_relaxed) > 0;
    }
    [[nodiscard]] bool plays() const noexcept override {
        return serving_.load(std::memory_order_relaxed) && wired_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint32_t input_losses() const noexcept override {
        return input_losses_.load(std::memory_order_relaxed);
    }
    // A server that hangs keeps its clients and runs no cycles. What is played is left out from
    // then on, and the first cycle that comes plays again. A client that never had one, or none for
    // seconds, is made anew: jackd sometimes forgets one.
    void watch() override;
    void look_after() override;
    void close() override;
    [[nodiscard]] std::string describe() const override;
    [[nodiscard]] std::string describe_input() const override;
    [[nodiscard]] std::string describe_feedback() const override;
    [[nodiscard]] std::string how_to_connect() const override;
    [[nodiscard]] PortCounters counters() const noexcept override;

private:
    // A port, by turns connected with what it was to be connected with.
    struct Wire {
        std::string wanted;
        std::vector<std::string> ports;  // of the other side
    };

    JackMidi(const JackMidiOptions& options, FrameTime& time, MidiInbox& inbox);
    Status start();
    void end();
    void connect_wires();
    void follow(Wire& wire, std::string_view what, std::vector<std::string> ports);
    void forget_feedback();
    // Of the first port that there is.
    [[nodiscard]] std::string describe_any() const;
    [[nodiscard]] std::string describe(const Wire& wire, std::string_view port) const;

    FUSION_RT bool send(const TimedMessage& message) noexcept override;
    FUSION_RT Nanos lead() const noexcept override;
    FUSION_RT void cycle(const JackCycle& cycle) noexcept override;
    FUSION_RT void read(const JackCycle& cycle, const FrameTime::Period& period) noexcept;
    FUSION_RT void write_feedback(const JackCycle& cycle) noexcept;
    FUSION_RT void greet(const JackCycle& cycle) noexcept;
    FUSION_RT void follow_thru() noexcept;
    void period_becomes(Nanos length) noexcept override;
    void input_lost() noexcept override { input_losses_.fetch_add(1, std::memory_order_relaxed); }
    void server_lost() noexcept override;

    static constexpr std::size_t kQueue = 1024;
    static constexpr std::size_t kFeedbackQueue = 256;

    JackMidiOptions options_;
    FrameTime& time_;
    MidiInbox& inbox_;
    std::optional<Wire> out_;
    std::vector<Wire> ins_;
    std::optional<Wire> feedback_;

    SpscQueue<TimedMessage> queue_{kQueue};
    FrameWriter writer_{
        std::move(queue_.out)};  // JACK's thread; control's while there is no client

    SpscQueue<MidiMessage> feedback_queue_{kFeedbackQueue};

    // Flags and numbers: nothing is read through them.
    std::atomic<bool> serving_{false};
    std::atomic<bool> has_client_{false};
    std::atomic<bool> stands_{false};  // no cycles come, though nobody has said that they end
    std::atomic<std::uint64_t> cycles_at_start_{0};
    std::atomic<bool> wired_{true};  // the output, with what it is to be connected with
    std::atomic<Nanos> period_{Nanos{0}};
    std::atomic<Thru> thru_{Thru::off};
    std::atomic<std::uint64_t> unsent_{0};
    std::atomic<std::uint64_t> feedback_lost_{0};  // beside what the queue refused
    std::atomic<std::uint32_t> feedback_connections_{0};
    std::atomic<std::uint32_t> output_connections_{0};
    std::atomic<int> receivers_{0};  // connected to the output, as of the newest cycle
    std::atomic<std::uint32_t> input_losses_{0};
    std::atomic<std::uint64_t> cycles_{0};
    std::atomic<bool> doubts_{false};  // control, that the last cycles were heard

    // watch()'s own.
    std::uint64_t watched_cycles_ = 0;
    TimePoint watched_since_{};
    bool told_standing_ = false;
    TimePoint stands_since_{};  // look_after()'s

    static constexpr int kCyclesToGreeting = 6;

    // JACK's thread's own.
    int cycles_to_greeting_ = 0;
    bool has_greeted_ = false;
    int cycles_to_feedback_ = 0;  // until a connection to the feedback port is told of
    Thru thru_was_ = Thru::off;

    std::unique_ptr<JackClient> client_;  // after all that its thread uses
};

}  // namespace fusion
