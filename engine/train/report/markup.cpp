#include "engine/train/report/markup.hpp"

#include <cmath>
#include <cstdint>

#include <fmt/format.h>

namespace fusion::train {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// How many bytes the UTF-8 sequence at the start of `text` has; 0 where there is none.
std::size_t sequence(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(0);
    const std::size_t length = first < 0x80                     ? 1
                               : first >= 0xC2 && first <= 0xDF ? 2
                               : first >= 0xE0 && first <= 0xEF ? 3
                               : first >= 0xF0 && first <= 0xF4 ? 4
                                                                : 0;
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    if (length < 3) return length;
    // Overlong forms, surrogates and what lies above U+10FFFF; U+FFFE and U+FFFF for XML's sake.
    const std::uint8_t second = byte(1);
    if (first == 0xE0 && second < 0xA0) return 0;
    if (first == 0xED && second > 0x9F) return 0;
    if (first == 0xF0 && second < 0x90) return 0;
    if (first == 0xF4 && second > 0x8F) return 0;
    if (first == 0xEF && second == 0xBF && byte(2) > 0xBD) return 0;
    return length;
}

bool is_forbidden(char c) {
    return static_cast<std::uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = sequence(text);
        const std::string_view now = text.substr(0, std::max<std::size_t>(length, 1));
        text.remove_prefix(now.size());
        if (length == 0 || is_forbidden(now[0]))
            out += kReplacement;
        else if (now == "&")
            out += "&amp;";
        else if (now == "<")
            out += "&lt;";
        else if (now == ">")
            out += "&gt;";
        else if (now == "\"")
            out += "&quot;";
        else if (now == "'")
            out += "&#39;";
        else
            out += now;
    }
    return out;
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
    std::string all;
    for (const std::string& text : texts) {
        if (&text != &texts.front()) all += separator;
        all += text;
    }
    return all;
}

std::string listed(const std::vector<std::string>& texts) {
    if (texts.size() < 2) return joined(texts, "");
    const std::vector<std::string> but_last(texts.begin(), texts.end() - 1);
    return fmt::format("{} and {}", joined(but_last, ", "), texts.back());
}

std::string fixed(double value, int decimals) {
    return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "-";
}

std::string brief(double value) {
    return std::isfinite(value) ? fmt::format("{:.3g}", value) : "-";
}

std::string percent(double share, int decimals) {
    return std::isfinite(share) ? fmt::format("{:.{}f}%", share * 100.0, decimals) : "-";
}

std::string counted(double count) {
    std::string digits = fixed(count, 0);
    for (std::size_t at = digits.size(); at > 3 && std::isfinite(count);) {
        at -= 3;
        if (digits[at - 1] != '-') digits.insert(at, 1, ',');
    }
    return digits;
}

}  // namespace fusion::train
