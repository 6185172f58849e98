#include "osc/subscribers.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace fusion {

Status Subscribers::add(const UdpPeer& peer, TimePoint now, std::chrono::seconds lifetime) {
    remove(peer);
    expire(now);
    if (entries_.size() == kMost)
        return fail(Error::Code::unavailable,
                    fmt::format("{} subscribers already; one must leave first", kMost));
    entries_.push_back({peer, lifetime, now + lifetime});
    return {};
}

void Subscribers::remove(const UdpPeer& peer) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.peer == peer; });
}

void Subscribers::heard_from(const UdpPeer& peer, TimePoint now) {
    for (auto& entry : entries_)
        if (entry.peer == peer) entry.until = now + entry.lifetime;
}

void Subscribers::expire(TimePoint now) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.until <= now; });
}

}  // namespace fusion
