#include "osc/web/http_origin.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

#include <boost/asio/ip/address.hpp>

namespace fusion {
namespace {

namespace ip = boost::asio::ip;

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool is_same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

// Without the port; an IPv6 address without its brackets. Empty: it is none.
std::string_view name_of(std::string_view host) {
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        return end == std::string_view::npos ? std::string_view{} : host.substr(1, end - 1);
    }
    host = host.substr(0, host.find(':'));
    // Bonjour's own way to write a name: "studio.local."
    if (host.ends_with('.')) host.remove_suffix(1);
    return host;
}

bool is_address(std::string_view host) {
    boost::system::error_code error;
    const auto address = ip::make_address(std::string{name_of(host)}, error);
    return !error && address.is_v6() == host.starts_with('[');
}

bool is_loopback(std::string_view host) {
    boost::system::error_code error;
    const auto address = ip::make_address(std::string{name_of(host)}, error);
    return is_same(name_of(host), "localhost") ||
           (!error && address.is_v6() == host.starts_with('[') && address.is_loopback());
}

}  // namespace

std::string own_host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return {};
    const std::string_view whole{name.data()};
    return std::string{whole.substr(0, whole.find('.'))};
}

bool is_own_host(std::string_view host, std::string_view own_name) {
    if (is_address(host)) return true;
    const auto name = name_of(host);
    if (is_same(name, "localhost")) return true;
    return !own_name.empty() &&
           (is_same(name, own_name) || is_same(name, std::string{own_name} + ".local"));
}

bool may_come_from(std::string_view origin, std::string_view host, const HttpOrigins& origins) {
    const auto is_welcome = [&](const std::string& one) { return is_same(origin, one); };
    if (std::ranges::any_of(origins.welcome, is_welcome)) return true;
    const auto scheme = origin.find("://");
    if (scheme == std::string_view::npos) return false;
    const auto from = origin.substr(scheme + 3);
    return !from.empty() && (is_same(from, host) || is_loopback(from));
}

}  // namespace fusion
