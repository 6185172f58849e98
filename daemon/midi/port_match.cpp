#include "daemon/midi/port_match.hpp"

#include <algorithm>
#include <cctype>

namespace fusion {
namespace {

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// * and ?, going back to the last star alone: linear in practice, quadratic at worst.
bool glob(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, after_star = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            after_star = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++after_star;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace

std::string_view without_numbers(std::string_view port) {
    const auto space = port.rfind(' ');
    if (space == std::string_view::npos) return port;
    const auto tail = port.substr(space + 1);
    const auto colon = tail.find(':');
    const auto digits = [](std::string_view text) {
        return !text.empty() && std::all_of(text.begin(), text.end(),
                                            [](unsigned char c) { return std::isdigit(c) != 0; });
    };
    if (colon == std::string_view::npos || !digits(tail.substr(0, colon)) ||
        !digits(tail.substr(colon + 1)))
        return port;
    return port.substr(0, space);
}

bool port_matches(std::string_view wanted, std::string_view port) {
    const auto pattern = lower(without_numbers(wanted));
    const auto name = lower(without_numbers(port));
    if (pattern.find_first_of("*?") != std::string::npos) return glob(pattern, name);
    return name.find(pattern) != std::string::npos;
}

std::optional<unsigned> find_port(std::string_view wanted, std::span<const std::string> ports) {
    const auto exact = lower(without_numbers(wanted));
    for (unsigned i = 0; i < ports.size(); ++i)
        if (lower(without_numbers(ports[i])) == exact) return i;
    for (unsigned i = 0; i < ports.size(); ++i)
        if (port_matches(wanted, ports[i])) return i;
    return {};
}

}  // namespace fusion
