#include "daemon/midi/midi_inbox.hpp"

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
    auto bell = LoopBell::open(io);
    if (!bell) return tl::unexpected{bell.error()};
    return std::unique_ptr<MidiInbox>{new MidiInbox{std::move(*bell)}};
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
        bell_->wake();
    }
    return message;
}

void MidiInbox::deliver_to(Receiver receiver) {
    receiver_ = std::move(receiver);
    bell_->on_wake([this] { drain(); });
}

void MidiInbox::drain() {
    expect_thread(ThreadRole::control);
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
