#include "daemon/access.hpp"

#include <memory>

#include <fmt/format.h>

#include "config/network_list.hpp"

namespace fusion {
namespace {

namespace ip = boost::asio::ip;

bool is_open(const std::string& bind) {
    boost::system::error_code error;
    const auto address = ip::make_address(bind, error);
    return bind != "localhost" && !error && !is_loopback_address(address);
}

std::function<bool(const ip::address&)> within(const std::vector<std::string>& allow) {
    auto list = NetworkList::parse(allow);
    const auto networks = std::make_shared<const NetworkList>(
        allow.empty() || !list ? NetworkList::private_networks() : std::move(*list));
    return [networks](const ip::address& address) {
        const auto whole =
            address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6();
        return networks->has(whole.to_bytes());
    };
}

}  // namespace

OscAccess osc_access(const Config::Osc& osc) {
    OscAccess access;
    if (is_open(osc.bind)) access.lets_in = within(osc.allow);
    return access;
}

HttpAccess http_access(const Config::OscQuery& oscquery) {
    HttpAccess access;
    if (is_open(oscquery.bind)) access.lets_in = within(oscquery.allow);
    access.token = oscquery.token;
    return access;
}

std::vector<std::string> open_doors(const Config& config) {
    std::vector<std::string> told;
    const auto tell_allow = [&](const char* section, const std::string& bind,
                                const std::vector<std::string>& allow) {
        if (is_open(bind) && allow.empty())
            told.push_back(fmt::format(
                "[{0}] bind = \"{1}\" lets every machine of a private network turn anything here; "
                "say which may: [{0}] allow = [\"192.168.1.0/24\"]",
                section, bind));
    };
    tell_allow("osc", config.osc.bind, config.osc.allow);
    if (!config.oscquery.on) return told;
    tell_allow("oscquery", config.oscquery.bind, config.oscquery.allow);
    if (is_open(config.oscquery.bind) && config.oscquery.token.empty())
        told.push_back(fmt::format(
            "[oscquery] bind = \"{}\" shows the panel to other machines without a token; "
            "set one: [oscquery] token = \"...\" (openssl rand -hex 16)",
            config.oscquery.bind));
    return told;
}

}  // namespace fusion
