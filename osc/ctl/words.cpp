#include "osc/ctl/words.hpp"

#include <fmt/format.h>

#include "engine/params/names.hpp"
#include "engine/params/text_value.hpp"

namespace fusion::ctl {

std::string path_of(std::string_view word) {
    while (word.size() > 1 && word.ends_with('/')) word.remove_suffix(1);
    if (word.starts_with('/')) return std::string{word};
    return fmt::format("{}/{}", kOscRoot, word);
}

std::string tail_of(std::string_view path) {
    const auto root = fmt::format("{}/", kOscRoot);
    if (same_but_for_case(path.substr(0, root.size()), root)) path.remove_prefix(root.size());
    return std::string{path};
}

std::optional<double> number_in(std::string_view word) {
    if (const auto number = read_number(word)) return *number;
    return {};
}

std::optional<ParamType> type_of(std::string_view tail) {
    if (const auto* row = find_param(tail)) return row->type;
    const auto member = member_name(tail);
    const auto* row = member ? find_family(member->family) : nullptr;
    return row == nullptr ? std::nullopt : std::optional{row->type};
}

OscArg value_in(std::string_view word) {
    if (const auto number = number_in(word)) return *number;
    return std::string{word};
}

std::string text_of(const OscArg& arg) {
    if (const auto* text = std::get_if<std::string>(&arg)) return *text;
    if (const auto* real = std::get_if<float>(&arg)) return fmt::format("{}", *real);
    if (const auto* on = std::get_if<bool>(&arg)) return *on ? "true" : "false";
    if (const auto number = osc_number(arg)) return fmt::format("{}", *number);
    if (const auto text = osc_text(arg)) return std::string{*text};
    return fmt::format("<{}>", osc_type(arg));
}

std::string text_of(const std::vector<OscArg>& args) {
    std::string text;
    for (const auto& arg : args) text += fmt::format("{}{}", text.empty() ? "" : " ", text_of(arg));
    return text;
}

}  // namespace fusion::ctl
