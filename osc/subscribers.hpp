// Who listens to the streams. A subscriber lives as long as something comes from it now and then:
// any packet renews it, and one that has been silent for its time is dropped, so that a crashed
// laptop is not sent notes for ever.
// Thread: control. Errors: unavailable when there are too many.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/base/units.hpp"
#include "osc/udp_port.hpp"

namespace fusion {

class Subscribers {
public:
    static constexpr std::size_t kMost = 32;
    static constexpr std::chrono::seconds kLifetime{60};

    Status add(const UdpPeer& peer, TimePoint now, std::chrono::seconds lifetime = kLifetime);
    void remove(const UdpPeer& peer);
    void heard_from(const UdpPeer& peer, TimePoint now);

    // Calls tell(peer) for each that lives, and forgets the others.
    template <class Tell>
    void each(TimePoint now, Tell&& tell) {
        expire(now);
        for (const auto& entry : entries_) tell(entry.peer);
    }
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] std::size_t count() const { return entries_.size(); }

private:
    struct Entry {
        UdpPeer peer;
        std::chrono::seconds lifetime;
        TimePoint until;
    };
    void expire(TimePoint now);

    std::vector<Entry> entries_;
};

}  // namespace fusion
