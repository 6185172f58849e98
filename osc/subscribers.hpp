// Who listens to which streams. A subscriber lives as long as something comes from it now and then:
// any packet renews it, and one that has been silent for its time is dropped, so that a crashed
// laptop is not sent notes for ever. (A closed port answers with an ICMP error, which Linux does
// not hand to a socket without a fixed peer; expiry finds it.) Thread: control. Errors: unavailable
// when there are too many.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/base/units.hpp"
#include "osc/udp_port.hpp"

namespace fusion {

enum class OscStream : std::uint8_t {
    note,
    beat,
    proposal,
    weights,
    changes,
    scene,
    learned,
    late,
    chord,
    section,
    tape,
    planned,
    band
};
inline constexpr std::size_t kOscStreams = 13;
using OscStreamSet = std::bitset<kOscStreams>;
// What who names none gets: all but `planned` and `band`, which are long, and for programs that
// draw.
inline constexpr OscStreamSet kUsualStreams{(1U << static_cast<unsigned>(OscStream::planned)) - 1U};

struct Subscription {
    std::chrono::seconds lifetime{60};  // after the last packet
    OscStreamSet streams = kUsualStreams;
};

class Subscribers {
public:
    static constexpr std::size_t kMost = 32;
    // Of one other machine, and of all others: this one's own programs find room.
    static constexpr std::size_t kMostOfOne = 8;
    static constexpr std::size_t kMostOfOthers = 24;

    // One who is there already gets the new lifetime and streams. `from`: whose packets renew it,
    // where that is another port than the streams go to.
    Status add(const UdpPeer& peer, TimePoint now, Subscription wish = {}) {
        return add(peer, peer, now, wish);
    }
    Status add(const UdpPeer& peer, const UdpPeer& from, TimePoint now, Subscription wish);
    void remove(const UdpPeer& peer);
    void heard_from(const UdpPeer& peer, TimePoint now);

    // Calls tell(peer, from) for each that lives and wants the stream, and forgets the dead.
    template <class Tell>
    void each(OscStream stream, TimePoint now, Tell&& tell) {
        expire(now);
        for (const auto& entry : entries_)
            if (entry.wish.streams.test(static_cast<std::size_t>(stream)))
                tell(entry.peer, entry.from);
    }
    // tell(from) for each that lives.
    template <class Tell>
    void each_sender(TimePoint now, Tell&& tell) {
        expire(now);
        for (const auto& entry : entries_) tell(entry.from);
    }
    // Whether it is worth making a message at all.
    [[nodiscard]] bool any_for(OscStream stream) const {
        return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
            return entry.wish.streams.test(static_cast<std::size_t>(stream));
        });
    }
    [[nodiscard]] std::size_t count() const { return entries_.size(); }

private:
    struct Entry {
        UdpPeer peer;
        UdpPeer from;
        Subscription wish;
        TimePoint until;
    };
    void expire(TimePoint now);

    std::vector<Entry> entries_;
};

}  // namespace fusion
