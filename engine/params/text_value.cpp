#include "engine/params/text_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "engine/params/names.hpp"
#include "engine/params/tonality.hpp"

namespace fusion {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// The number that the text begins with, and what is left; none where there is none that is finite.
struct Begun {
    double number;
    std::string_view rest;
};

std::optional<Begun> begin_number(std::string_view text) {
    // from_chars knows no plus, and knows inf and nan.
    const auto digits = text.starts_with('+') || text.starts_with('-') ? text.substr(1) : text;
    if (text.starts_with('+')) text = digits;
    constexpr std::string_view kFirst = "0123456789.";
    if (digits.empty() || kFirst.find(digits.front()) == std::string_view::npos) return {};
    double number = 0.0;
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || !std::isfinite(number)) return {};
    return Begun{number, {stopped, static_cast<std::size_t>(end - stopped)}};
}

std::optional<double> whole_number(std::string_view text) {
    const auto begun = begin_number(text);
    if (!begun || !begun->rest.empty()) return {};
    return begun->number;
}

// What of it would be understood.
std::string hint(std::string_view text) {
    if (const auto comma = text.find(','); comma != std::string_view::npos) {
        std::string with_point{text};
        with_point[comma] = '.';
        const auto number = whole_number(with_point);
        if (!number) return {};
        std::string without{text};
        without.erase(comma, 1);
        const bool may_part_thousands = text.size() - comma == 4;
        return may_part_thousands ? fmt::format("; a comma may mean two things: write {} or {}",
                                                with_point, without)
                                  : fmt::format("; decimals follow a point: write {}", with_point);
    }
    const auto begun = begin_number(text);
    constexpr std::string_view kDigits = "0123456789";
    if (!begun || begun->rest.find_first_of(kDigits) != std::string_view::npos) return {};
    return fmt::format("; write {} alone", text.substr(0, text.size() - begun->rest.size()));
}

tl::unexpected<Error> no_number(std::string_view text) {
    return fail(Error::Code::out_of_range,
                fmt::format("'{}' is no number{}", shortened(text), hint(text)));
}

std::optional<double> switch_word(std::string_view text) {
    constexpr std::array<std::string_view, 3> kOn{"on", "true", "yes"};
    constexpr std::array<std::string_view, 3> kOff{"off", "false", "no"};
    if (place_of_name(kOn, text)) return 1.0;
    if (place_of_name(kOff, text)) return 0.0;
    return {};
}

Result<TextValue> read_choice(const ValueShape& shape, std::string_view text) {
    if (const auto place = find_word(shape.words, text)) return TextValue{*place, {}};
    // A number that is no place is not clamped: 16 is not the second of 8th and 16th.
    const auto number = whole_number(text);
    if (number && std::trunc(*number) == *number && *number >= shape.minimum &&
        *number <= shape.maximum)
        return TextValue{*number, {}};
    const bool is_key = shape.id == ParamId::key;
    if (may_say_both(shape)) {
        const auto said = read_tonality(text);
        if (said && is_key && !said->scale) return TextValue{said->key, {}};
        if (said && said->scale)
            return is_key ? TextValue{said->key, TextValue::Other{ParamId::scale, *said->scale}}
                          : TextValue{*said->scale, TextValue::Other{ParamId::key, said->key}};
        if (const auto scale = find_scale(text); scale && !is_key) return TextValue{*scale, {}};
        if (!said && is_key) return tl::unexpected{said.error()};
    }
    return fail(Error::Code::out_of_range,
                fmt::format("'{}' is not {}", shortened(text), join_words(shape.words)));
}

}  // namespace

bool may_say_both(const ValueShape& shape) {
    return shape.id == ParamId::key || shape.id == ParamId::scale;
}

Result<double> read_number(std::string_view text) {
    text = trimmed(text);
    if (const auto number = whole_number(text)) return *number;
    return no_number(text);
}

Result<TextValue> read_value(const ValueShape& shape, std::string_view text) {
    text = trimmed(text);
    if (shape.type == ParamType::choice) return read_choice(shape, text);
    const bool is_switch = shape.type == ParamType::toggle;
    if (const auto on = is_switch ? switch_word(text) : std::nullopt) return TextValue{*on, {}};
    const auto number = read_number(text);
    if (number) return TextValue{*number, {}};
    if (is_switch)
        return fail(Error::Code::out_of_range,
                    fmt::format("'{}' is neither on nor off", shortened(text)));
    return fail(Error::Code::out_of_range, fmt::format("{}; from {} to {}", number.error().message,
                                                       shape.minimum, shape.maximum));
}

}  // namespace fusion
