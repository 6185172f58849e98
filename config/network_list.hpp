// Which addresses may come in: networks as "192.168.1.0/24", "fd00::/8", or single addresses. An
// IPv4 address within IPv6 (::ffff:192.168.1.7) is the IPv4 one. Pure. Thread: any. Errors:
// malformed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"

namespace fusion {

class NetworkList {
public:
    using Address = std::array<std::uint8_t, 16>;  // IPv6, or IPv4 within it

    // None: nobody.
    NetworkList() = default;
    static Result<NetworkList> parse(const std::vector<std::string>& networks);
    // What no router of the internet passes on: 10/8, 172.16/12, 192.168/16, 169.254/16, fc00::/7
    // and fe80::/10.
    static NetworkList private_networks();

    [[nodiscard]] bool has(const Address& address) const;

private:
    struct Network {
        Address address{};
        unsigned bits = 128;
    };
    static Result<Network> parse_one(const std::string& text);
    std::vector<Network> networks_;
};

}  // namespace fusion
