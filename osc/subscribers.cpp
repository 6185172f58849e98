#include "osc/subscribers.hpp"

#include <fmt/format.h>

namespace fusion {

Status Subscribers::add(const UdpPeer& peer, const UdpPeer& from, TimePoint now,
                        Subscription wish) {
    remove(peer);
    expire(now);
    if (entries_.size() == kMost)
        return fail(Error::Code::unavailable,
                    fmt::format("{} subscribers already; one must leave first", kMost));
    const auto& address = peer.address();
    if (!address.is_loopback()) {
        const auto count = [&](auto&& counts) {
            return static_cast<std::size_t>(
                std::count_if(entries_.begin(), entries_.end(),
                              [&](const Entry& entry) { return counts(entry.peer.address()); }));
        };
        if (count([&](const auto& other) { return other == address; }) >= kMostOfOne)
            return fail(Error::Code::unavailable,
                        fmt::format("{} subscribers of {} already; one must leave first",
                                    kMostOfOne, address.to_string()));
        if (count([](const auto& other) { return !other.is_loopback(); }) >= kMostOfOthers)
            return fail(Error::Code::unavailable,
                        fmt::format("{} subscribers of other machines already; one must leave "
                                    "first",
                                    kMostOfOthers));
    }
    entries_.push_back({peer, from, wish, now + wish.lifetime});
    return {};
}

void Subscribers::remove(const UdpPeer& peer) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.peer == peer; });
}

void Subscribers::heard_from(const UdpPeer& peer, TimePoint now) {
    for (auto& entry : entries_)
        if (entry.from == peer) entry.until = now + entry.wish.lifetime;
}

void Subscribers::expire(TimePoint now) {
    std::erase_if(entries_, [&](const Entry& entry) { return entry.until <= now; });
}

}  // namespace fusion
