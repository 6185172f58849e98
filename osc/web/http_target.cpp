#include "osc/web/http_target.hpp"

#include <algorithm>
#include <optional>

namespace fusion {
namespace {

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    const char lower = static_cast<char>(c | 0x20);
    if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a' + 10);
    return {};
}

Result<std::string> decode_percent(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
            const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
            if (!low)
                return fail(Error::Code::malformed, "a % in the address without two hex digits");
            c = static_cast<char>(*high * 16 + *low);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            return fail(Error::Code::malformed, "a control character in the address");
        decoded += c;
    }
    return decoded;
}

}  // namespace

Result<HttpTarget> parse_target(std::string_view target) {
    constexpr std::string_view kScheme = "http://";
    const bool whole = target.starts_with(kScheme);
    if (whole) {
        target.remove_prefix(kScheme.size());
        target.remove_prefix(std::min(target.find_first_of("/?#"), target.size()));
    }
    target = target.substr(0, target.find('#'));
    const auto mark = std::min(target.find('?'), target.size());
    auto path = decode_percent(target.substr(0, mark));
    if (!path) return tl::unexpected{path.error()};
    auto query = decode_percent(target.substr(std::min(mark + 1, target.size())));
    if (!query) return tl::unexpected{query.error()};
    if (whole && path->empty()) path->assign(1, '/');
    if (!path->starts_with('/'))
        return fail(Error::Code::malformed, "an address that does not begin with /");
    while (path->size() > 1 && path->back() == '/') path->pop_back();
    return HttpTarget{std::move(*path), std::move(*query)};
}

}  // namespace fusion
