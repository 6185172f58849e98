// What is announced, and under which name.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>

#include "daemon/system/zeroconf.hpp"

namespace fusion {
namespace {

bool is_reachable(const std::string& address) {
    if (address == "localhost") return false;
    boost::system::error_code error;
    const auto ip = boost::asio::ip::make_address(address, error);
    return !error && !ip.is_loopback();
}

}  // namespace

std::vector<ZeroconfService> advertised(const ZeroconfBinds& binds) {
    std::vector<ZeroconfService> services;
    if (binds.osc_port != 0 && is_reachable(binds.osc_address))
        services.push_back({"_osc._udp", binds.osc_port});
    if (binds.oscquery_port != 0 && is_reachable(binds.oscquery_address))
        services.push_back({"_oscjson._tcp", binds.oscquery_port});
    return services;
}

std::string zeroconf_name() {
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) != 0 || host[0] == 0) return "fusiond";
    const std::string_view name{host.data()};
    // A label of DNS has room for 63 bytes.
    return fmt::format("fusiond on {}", name.substr(0, std::min<std::size_t>(name.find('.'), 45)));
}

std::string next_name(const std::string& name) {
    const auto mark = name.rfind(" #");
    int number = 1;
    if (mark != std::string::npos) {
        const char* end = name.data() + name.size();
        const auto [read, error] = std::from_chars(name.data() + mark + 2, end, number);
        if (error != std::errc{} || read != end || number < 2) return name + " #2";
        return fmt::format("{} #{}", name.substr(0, mark), number + 1);
    }
    return name + " #2";
}

}  // namespace fusion
