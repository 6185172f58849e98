// A short text that only who receives packets at an address can know: a keyed hash (SipHash-2-4) of
// the address, the port and the time, so that nothing has to be kept for those who ask. One holds
// for four minutes at most and two at least. Thread: control. Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/units.hpp"
#include "osc/udp_port.hpp"

namespace fusion {

using CookieKey = std::array<std::uint64_t, 2>;

[[nodiscard]] std::uint64_t siphash(const CookieKey& key, std::span<const std::uint8_t> bytes);

class CookieJar {
public:
    static constexpr std::size_t kLetters = 11;  // 55 bits; 12 bytes in a packet

    CookieJar();  // with a key of its own, by the system's dice

    [[nodiscard]] std::string bake(const UdpPeer& peer, TimePoint now) const;
    [[nodiscard]] bool is_ours(std::string_view cookie, const UdpPeer& peer, TimePoint now) const;

private:
    [[nodiscard]] std::string bake_for(const UdpPeer& peer, std::int64_t epoch) const;
    CookieKey key_{};
};

}  // namespace fusion
