#include "daemon/midi_inbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace fusion {
namespace {

bool says_where_the_beat_is(std::uint8_t status) noexcept {
    switch (status) {
        case 0xF2:  // song position
        case 0xF8:  // clock
        case 0xFA:  // start
        case 0xFB:  // continue
        case 0xFC:  // stop
            return true;
        default: return false;
    }
}

}  // namespace

Result<std::unique_ptr<MidiInbox>> MidiInbox::open(boost::asio::io_context& io) {
    const int event = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (event < 0)
        return fail(Error::Code::unavailable,
                    fmt::format("eventfd: {}", std::generic_category().message(errno)));
    return std::unique_ptr<MidiInbox>{new MidiInbox{io, event}};
}

void MidiInbox::arrived(std::span<const std::uint8_t> bytes, TimePoint when) noexcept {
    TimedMessage message{{}, when};
    if (bytes.empty() || bytes.size() > message.message.bytes.size()) return;
    std::copy(bytes.begin(), bytes.end(), message.message.bytes.begin());
    message.message.size = static_cast<std::uint8_t>(bytes.size());
    // A full queue counts what it refuses.
    if (says_where_the_beat_is(bytes[0]))
        static_cast<void>(sync_in_.try_push(message));
    else if (control_in_.try_push(message))
        wake();
}

// One write for all that comes before the loop looks.
void MidiInbox::wake() noexcept {
    if (woken_.exchange(true, std::memory_order_acq_rel)) return;  // partner: drain()
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the loop is awake already.
    [[maybe_unused]] const auto written = ::write(event_.native_handle(), &one, sizeof one);
}

void MidiInbox::deliver_to(Receiver receiver) {
    const bool first = receiver_ == nullptr;
    receiver_ = std::move(receiver);
    if (first) wait();
}

void MidiInbox::wait() {
    event_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this](const boost::system::error_code& error) {
                          if (error) return;  // closed
                          drain();
                          wait();
                      });
}

void MidiInbox::drain() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(event_.native_handle(), &count, sizeof count);
    // Before the queue is looked into: what is pushed after the last look wakes again.
    woken_.exchange(false, std::memory_order_acq_rel);  // partner: wake()
    TimedMessage message;
    while (control_out_.try_pop(message)) receiver_(message);
}

}  // namespace fusion
