#include "config/network_list.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace fusion {
namespace {

constexpr unsigned kBitsBeforeV4 = 96;
constexpr std::array<std::uint8_t, 12> kBeforeV4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool agree(const NetworkList::Address& a, const NetworkList::Address& b, unsigned bits) {
    const auto whole = bits / 8;
    if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
    if (bits % 8 == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xFF00U >> (bits % 8));
    return ((a[whole] ^ b[whole]) & mask) == 0;
}

}  // namespace

Result<NetworkList::Network> NetworkList::parse_one(const std::string& text) {
    const auto refuse = [&](std::string_view why) {
        return fail(Error::Code::malformed,
                    fmt::format("'{}' is no network: {}; write \"192.168.1.0/24\", \"fd00::/8\" or "
                                "a single address",
                                text, why));
    };
    const auto slash = text.find('/');
    const auto address = text.substr(0, slash);
    Network network;
    auto& bytes = network.address;
    const bool is_v4 = ::inet_pton(AF_INET, address.c_str(), &bytes[kBeforeV4.size()]) == 1;
    if (is_v4)
        std::copy(kBeforeV4.begin(), kBeforeV4.end(), bytes.begin());
    else if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1)
        return refuse("it begins with no address");
    if (slash == std::string::npos) return network;
    const unsigned most = is_v4 ? 32 : 128;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, network.bits);
    if (error != std::errc{} || stop != end || network.bits > most)
        return refuse(fmt::format("what follows '/' is a number of bits up to {}", most));
    if (is_v4) network.bits += kBitsBeforeV4;
    return network;
}

Result<NetworkList> NetworkList::parse(const std::vector<std::string>& networks) {
    NetworkList list;
    for (const auto& text : networks) {
        const auto network = parse_one(text);
        if (!network) return tl::unexpected{network.error()};
        list.networks_.push_back(*network);
    }
    return list;
}

NetworkList NetworkList::private_networks() {
    return *parse({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7",
                   "fe80::/10"});
}

bool NetworkList::has(const Address& address) const {
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
        return agree(network.address, address, network.bits);
    });
}

}  // namespace fusion
