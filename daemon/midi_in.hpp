// The MIDI port that is listened to, over RtMidi. RtMidi's thread stamps each message, queues it
// and raises an eventfd that the control thread's loop waits on. Thread: control; RtMidi's own for
// the queue's entry. Errors: open() says unavailable; later losses are logged and mended.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "daemon/jack_server.hpp"
#include "daemon/midi_system.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {

struct MidiInOptions {
    MidiApi api = MidiApi::jack;
    std::string client = "fusiond in";
    std::string wanted;  // empty: a virtual port
};

class MidiIn {
public:
    // TimedMessage::deadline is when it came in.
    using Receiver = std::function<void(const TimedMessage&)>;

    static Result<std::unique_ptr<MidiIn>> open(boost::asio::io_context& io,
                                                const MidiInOptions& options, Receiver receiver);
    ~MidiIn();
    MidiIn(const MidiIn&) = delete;
    MidiIn& operator=(const MidiIn&) = delete;

    void look_after();
    [[nodiscard]] std::string describe() const;
    [[nodiscard]] std::uint64_t dropped() const noexcept { return queue_.refused(); }

private:
    MidiIn(boost::asio::io_context& io, MidiInOptions options, Receiver receiver, int event);
    Status connect();
    [[nodiscard]] bool still_there() const;
    void wait();
    void drain();
    void arrived(const std::vector<unsigned char>& bytes) noexcept;

    MidiInOptions options_;
    Receiver receiver_;
    SpscQueue<TimedMessage> queue_{1024};
    Producer<TimedMessage> rtmidi_end_ = queue_.producer();
    Consumer<TimedMessage> control_end_ = queue_.consumer();
    boost::asio::posix::stream_descriptor event_;
    std::unique_ptr<JackWatch> watch_;
    std::unique_ptr<RtMidiIn> port_;  // after the queue: its thread ends first
    std::string port_name_;
};

}  // namespace fusion
