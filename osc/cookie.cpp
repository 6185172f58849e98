#include "osc/cookie.hpp"

#include <bit>
#include <random>
#include <vector>

namespace fusion {
namespace {

constexpr std::chrono::minutes kEpoch{2};

struct SipState {
    std::uint64_t a, b, c, d;

    void round() {
        a += b;
        b = std::rotl(b, 13) ^ a;
        a = std::rotl(a, 32);
        c += d;
        d = std::rotl(d, 16) ^ c;
        a += d;
        d = std::rotl(d, 21) ^ a;
        c += b;
        b = std::rotl(b, 17) ^ c;
        c = std::rotl(c, 32);
    }
    void take(std::uint64_t word) {
        d ^= word;
        round();
        round();
        a ^= word;
    }
};

std::int64_t epoch_of(TimePoint now) { return now.time_since_epoch() / kEpoch; }

}  // namespace

std::uint64_t siphash(const CookieKey& key, std::span<const std::uint8_t> bytes) {
    SipState state{key[0] ^ 0x736f6d6570736575U, key[1] ^ 0x646f72616e646f6dU,
                   key[0] ^ 0x6c7967656e657261U, key[1] ^ 0x7465646279746573U};
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        word |= std::uint64_t{bytes[i]} << (8 * (i % 8));
        if (i % 8 == 7) {
            state.take(word);
            word = 0;
        }
    }
    state.take(word | (std::uint64_t{bytes.size()} << 56U));
    state.c ^= 0xFF;
    for (int i = 0; i < 4; ++i) state.round();
    return state.a ^ state.b ^ state.c ^ state.d;
}

CookieJar::CookieJar() {
    std::random_device dice;
    for (auto& half : key_) half = (std::uint64_t{dice()} << 32U) | dice();
}

std::string CookieJar::bake_for(const UdpPeer& peer, std::int64_t epoch) const {
    std::vector<std::uint8_t> known;
    const auto add = [&](std::uint64_t number, int bytes) {
        for (int i = 0; i < bytes; ++i)
            known.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
    };
    if (peer.address().is_v4())
        add(peer.address().to_v4().to_uint(), 4);
    else
        for (const auto byte : peer.address().to_v6().to_bytes()) known.push_back(byte);
    add(peer.port(), 2);
    add(static_cast<std::uint64_t>(epoch), 8);
    constexpr std::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";
    auto hash = siphash(key_, known);
    std::string cookie;
    for (std::size_t i = 0; i < kLetters; ++i, hash >>= 5U) cookie += kAlphabet[hash & 31U];
    return cookie;
}

std::string CookieJar::bake(const UdpPeer& peer, TimePoint now) const {
    return bake_for(peer, epoch_of(now));
}

bool CookieJar::is_ours(std::string_view cookie, const UdpPeer& peer, TimePoint now) const {
    const auto epoch = epoch_of(now);
    return cookie == bake_for(peer, epoch) || cookie == bake_for(peer, epoch - 1);
}

}  // namespace fusion
