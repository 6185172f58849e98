#include "osc/ctl/words.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace fusion::ctl {

std::string path_of(std::string_view word) {
    if (word.starts_with('/')) return std::string{word};
    return fmt::format("{}/{}", kOscRoot, word);
}

std::string tail_of(std::string_view path) {
    const auto root = fmt::format("{}/", kOscRoot);
    if (path.starts_with(root)) path.remove_prefix(root.size());
    return std::string{path};
}

std::optional<double> number_in(std::string_view word) {
    if (word.starts_with('+')) word.remove_prefix(1);
    double number = 0.0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{} || end != word.data() + word.size() || !std::isfinite(number))
        return {};
    return number;
}

std::optional<ParamType> type_of(std::string_view tail) {
    if (const auto* row = find_param(tail)) return row->type;
    const auto family = tail.substr(0, tail.find('/'));
    if (family.size() == tail.size()) return {};
    for (const auto& row : family_table())
        if (row.name == family) return row.type;
    return {};
}

OscArg value_in(std::string_view tail, std::string_view word) {
    if (const auto number = number_in(word)) return *number;
    if (type_of(tail) == ParamType::toggle) {
        if (word == "on" || word == "true" || word == "yes") return 1.0;
        if (word == "off" || word == "false" || word == "no") return 0.0;
    }
    return std::string{word};
}

std::string text_of(const OscArg& arg) {
    if (const auto* text = std::get_if<std::string>(&arg)) return *text;
    if (const auto* real = std::get_if<float>(&arg)) return fmt::format("{}", *real);
    if (const auto* on = std::get_if<bool>(&arg)) return *on ? "true" : "false";
    if (const auto number = osc_number(arg)) return fmt::format("{}", *number);
    return fmt::format("<{}>", osc_type(arg));
}

std::string text_of(const std::vector<OscArg>& args) {
    std::string text;
    for (const auto& arg : args) text += fmt::format("{}{}", text.empty() ? "" : " ", text_of(arg));
    return text;
}

}  // namespace fusion::ctl
