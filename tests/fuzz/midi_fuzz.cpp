// Any bytes as events at a MIDI input, and on to whoever takes notes and clocks from it: the
// ledger, the follower, the inbox's rule of one note-off. The first byte of each event is its
// length.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <utility>
#include <vector>

#include "engine/music/midi_door.hpp"
#include "engine/music/note_ledger.hpp"
#include "engine/realtime/follow/midi_follower.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    fusion::MidiDoor door;
    fusion::NoteLedger ledger;
    fusion::SpscQueue<fusion::TimedMessage> queue{64};
    fusion::MidiFollower follower{std::move(queue.out)};
    fusion::TimePoint now{std::chrono::seconds{1000}};
    std::uint64_t events = 0;
    std::uint64_t passed = 0;
    for (std::span<const std::uint8_t> left{bytes, size}; !left.empty(); ++events) {
        const auto length = std::min<std::size_t>(left[0] & 7U, left.size() - 1);
        const auto here = left.subspan(1, length);
        // Its own allocation, so that the sanitizer sees a byte read beyond the event.
        const std::vector<std::uint8_t> event(here.begin(), here.end());
        now += std::chrono::milliseconds{left[0] >> 3U};
        left = left.subspan(1 + length);
        const auto message = door.read(event);
        if (!message) continue;
        ++passed;
        if (!std::ranges::equal(message->span(), event)) std::abort();
        ledger.note(*message);
        if (message->is_note_on() && !ledger.sounds(message->channel(), message->pitch()))
            std::abort();
        follower.hear({*message, now});
    }
    if (passed + door.refused() > events) std::abort();
    ledger.release_all([](const fusion::MidiMessage& off) {
        if (!off.is_note_off()) std::abort();
    });
    if (ledger.count() != 0) std::abort();
    return 0;
}
