#include "daemon/midi/midi_inbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace fusion {
namespace {

constexpr std::uint8_t kSyncSource = 0;

bool says_where_the_beat_is(const MidiMessage& message) noexcept {
    switch (message.bytes()[0]) {
        case 0xF2:  // song position
        case 0xF8:  // clock
        case 0xFA:  // start
        case 0xFB:  // continue
        case 0xFC:  // stop
            return true;
        default: return false;
    }
}

MidiMessage with_note_offs_alike(const MidiMessage& message) noexcept {
    return message.is_note_off() && message.status() == 0x90U
               ? note_off(message.channel(), message.pitch())
               : message;
}

}  // namespace

Result<std::unique_ptr<MidiInbox>> MidiInbox::open(boost::asio::io_context& io) {
    const int event = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (event < 0)
        return fail(Error::Code::unavailable,
                    fmt::format("eventfd: {}", std::generic_category().message(errno)));
    return std::unique_ptr<MidiInbox>{new MidiInbox{io, event}};
}

std::optional<MidiMessage> MidiInbox::arrived(std::uint8_t source,
                                              std::span<const std::uint8_t> bytes,
                                              TimePoint when) noexcept {
    if (source >= lanes_.size()) return {};
    auto& lane = lanes_[source];
    const auto message = lane.door.read(bytes);
    if (!message) return {};
    // A full queue counts what it refuses.
    if (says_where_the_beat_is(*message)) {
        if (source == kSyncSource) static_cast<void>(sync_.in.try_push({*message, when}));
    } else if (lane.queue.in.try_push({with_note_offs_alike(*message), when})) {
        wake();
    }
    return message;
}

// One write for all that comes before the loop looks.
void MidiInbox::wake() noexcept {
    if (woken_.exchange(true, std::memory_order_acq_rel)) return;  // partner: drain()
    const std::uint64_t one = 1;
    // Does not wait: it is non-blocking, and fails when the counter is full, and then the loop is
    // awake already.
    [[maybe_unused]] const auto written =
        FUSION_RT_TRUSTED(::write(event_.native_handle(), &one, sizeof one));
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
    while (Lane* const lane = oldest()) {
        const ArrivedMessage message{*lane->next, static_cast<std::uint8_t>(lane - lanes_.data())};
        lane->next.reset();
        receiver_(message);
    }
}

// What came at the same moment goes by the number of its source.
MidiInbox::Lane* MidiInbox::oldest() {
    Lane* found = nullptr;
    for (auto& lane : lanes_) {
        TimedMessage message;
        if (!lane.next && lane.queue.out.try_pop(message)) lane.next = message;
        if (lane.next && (found == nullptr || lane.next->deadline < found->next->deadline))
            found = &lane;
    }
    return found;
}

std::uint64_t MidiInbox::dropped() const noexcept {
    std::uint64_t count = 0;
    for (const auto& lane : lanes_) count += lane.queue.refused();
    return count;
}

std::uint64_t MidiInbox::malformed() const noexcept {
    std::uint64_t count = 0;
    for (const auto& lane : lanes_) count += lane.door.refused();
    return count;
}

}  // namespace fusion
