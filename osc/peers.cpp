#include "osc/peers.hpp"

#include <algorithm>

namespace fusion {

namespace ip = boost::asio::ip;

bool is_loopback_address(const ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6()).is_loopback();
    return address.is_loopback();
}

bool OscPeers::is_own(const UdpPeer& peer) const {
    return access_.is_own ? access_.is_own(peer.address()) : is_loopback_address(peer.address());
}

bool OscPeers::lets_in(const UdpPeer& peer) const {
    return is_own(peer) || !access_.lets_in || access_.lets_in(peer.address());
}

bool OscPeers::hears_us(const UdpPeer& peer, TimePoint now) const {
    if (is_own(peer)) return true;
    const auto proof = proofs_.find(peer);
    return proof != proofs_.end() && now - proof->second.at < kProofHolds;
}

OscMessage OscPeers::hello(const UdpPeer& peer, TimePoint now) const {
    return {std::string{kHelloPath}, {cookies_.bake(peer, now)}};
}

bool OscPeers::prove(const UdpPeer& peer, std::string_view cookie, TimePoint now) {
    if (!cookies_.is_ours(cookie, peer, now)) return false;
    std::erase_if(proofs_, [&](const auto& one) { return now - one.second.at >= kProofHolds; });
    proofs_.erase(peer);
    // The oldest makes room, of the same address if that has many.
    const auto make_room = [&](std::size_t most, auto&& counts) {
        auto oldest = proofs_.end();
        std::size_t count = 0;
        for (auto it = proofs_.begin(); it != proofs_.end(); ++it) {
            if (!counts(it->first)) continue;
            ++count;
            if (oldest == proofs_.end() || it->second.at < oldest->second.at) oldest = it;
        }
        if (count >= most) proofs_.erase(oldest);
    };
    make_room(kMostOfOne, [&](const UdpPeer& other) { return other.address() == peer.address(); });
    make_room(kMost, [](const UdpPeer&) { return true; });
    proofs_[peer] = {now, now};
    return true;
}

bool OscPeers::should_ask(const UdpPeer& peer, TimePoint now) {
    const auto proof = proofs_.find(peer);
    if (is_own(peer) || proof == proofs_.end() || now - proof->second.at < kAskAgain ||
        now - proof->second.asked < kAskEvery)
        return false;
    proof->second.asked = now;
    return true;
}

bool OscPeers::take(const UdpPeer& peer, std::size_t bytes, TimePoint now) {
    if (is_own(peer)) return true;
    constexpr std::size_t kManyPurses = 2 * kMost;
    if (purses_.size() >= kManyPurses)
        std::erase_if(purses_, [&](const auto& one) {
            return now - one.second.filled >= std::chrono::seconds{1};
        });
    auto& purse = purses_.try_emplace(peer.address(), Purse{kBytesASecond, now}).first->second;
    const std::chrono::duration<double> since = now - purse.filled;
    purse.bytes = std::min(kBytesASecond, purse.bytes + since.count() * kBytesASecond);
    purse.filled = now;
    if (purse.bytes < static_cast<double>(bytes)) return false;
    purse.bytes -= static_cast<double>(bytes);
    return true;
}

}  // namespace fusion
