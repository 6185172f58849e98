// What comes in, from whichever thread an input lives on (JACK's or RtMidi's): what says where the
// beat is (clock, start, stop, continue, song position) goes straight to the clock thread, all else
// to the control thread, whose loop an eventfd wakes.
// TimedMessage::deadline is when the message came in.
// Thread: arrived() the one input thread; the rest control. It outlives the inputs that fill it and
// the clock thread that holds sync_messages(). Errors: open() says unavailable; what finds no room
// is counted.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "engine/base/result.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {

class MidiInbox {
public:
    using Receiver = std::function<void(const TimedMessage&)>;

    static Result<std::unique_ptr<MidiInbox>> open(boost::asio::io_context& io);
    MidiInbox(const MidiInbox&) = delete;
    MidiInbox& operator=(const MidiInbox&) = delete;

    // One whole message. System exclusive is not for us, and passed over. Realtime: yes.
    FUSION_RT void arrived(std::span<const std::uint8_t> bytes, TimePoint when) noexcept;

    // Who is called on the control thread; until then messages wait.
    void deliver_to(Receiver receiver);

    // To be emptied at each turn of the clock, followed or not: old ticks are worse than none.
    [[nodiscard]] Consumer<TimedMessage> sync_messages() { return sync_.consumer(); }

    [[nodiscard]] std::uint64_t dropped() const noexcept { return control_.refused(); }
    [[nodiscard]] std::uint64_t dropped_sync() const noexcept { return sync_.refused(); }

private:
    MidiInbox(boost::asio::io_context& io, int event) : event_{io, event} {}
    FUSION_RT void wake() noexcept;
    void wait();
    void drain();

    SpscQueue<TimedMessage> control_{1024};
    SpscQueue<TimedMessage> sync_{1024};
    Producer<TimedMessage> control_in_ = control_.producer();
    Consumer<TimedMessage> control_out_ = control_.consumer();
    Producer<TimedMessage> sync_in_ = sync_.producer();
    std::atomic<bool> woken_{false};
    boost::asio::posix::stream_descriptor event_;
    Receiver receiver_;
};

}  // namespace fusion
