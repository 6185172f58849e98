#include "config/config.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/nearest.hpp"
#include "engine/params/names.hpp"

namespace fusion {
namespace {

constexpr std::array<std::pair<std::string_view, OutputKind>, 6> kOutputs{{
    {"auto", OutputKind::automatic},
    {"alsa", OutputKind::alsa},
    {"jack", OutputKind::jack},
    {"rtmidi-jack", OutputKind::rtmidi_jack},
    {"file", OutputKind::file},
    {"synth", OutputKind::synth},
}};
constexpr std::array<std::pair<std::string_view, DeviceKind>, 3> kDevices{{
    {"auto", DeviceKind::automatic},
    {"cpu", DeviceKind::cpu},
    {"cuda", DeviceKind::cuda},
}};
constexpr std::array<std::pair<std::string_view, SynthDriver>, 5> kSynthDrivers{{
    {"auto", SynthDriver::automatic},
    {"jack", SynthDriver::jack},
    {"pipewire", SynthDriver::pipewire},
    {"pulseaudio", SynthDriver::pulseaudio},
    {"alsa", SynthDriver::alsa},
}};

template <class Words>
auto parse_word(const Words& words, std::string_view what, std::string_view word)
    -> Result<decltype(words[0].second)> {
    std::vector<std::string> known;
    std::string list;
    for (const auto& [name, value] : words) {
        known.emplace_back(name);
        list += fmt::format("{}{}", list.empty() ? "" : ", ", name);
    }
    if (const auto place = place_of_name(known, word)) return words[*place].second;
    return fail(Error::Code::malformed, fmt::format("no {} '{}': it is one of {}{}", what, word,
                                                    list, did_you_mean(word, known)));
}

std::string_view trimmed(std::string_view word) {
    const auto first = word.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return word.substr(first, word.find_last_not_of(" \t") - first + 1);
}

template <class Words, class Value>
std::string_view word_of(const Words& words, Value value) {
    for (const auto& [name, known] : words)
        if (known == value) return name;
    return "";
}

}  // namespace

CcTargets default_cc_targets() {
    CcTargets targets;
    for (const auto& family : family_table())
        for (std::size_t g = 0; family.first_cc && g < kWeightCcs; ++g)
            targets[static_cast<std::uint8_t>(*family.first_cc + g)] =
                fmt::format("{}/{}", family.name, g + 1);
    for (const auto& row : param_table())
        if (row.cc) targets[*row.cc] = std::string{row.name};
    return targets;
}

std::string section_of(const FamilySpec& family) {
    auto section = fmt::format("{}s", family.name);
    std::ranges::replace(section, '/', '_');
    return section;
}

std::array<double, kParamCount> default_parameters() {
    std::array<double, kParamCount> values{};
    for (const auto& row : param_table()) values[static_cast<std::size_t>(row.id)] = row.initial;
    return values;
}

std::optional<OutputKind> Outputs::port() const {
    for (const auto kind :
         {OutputKind::automatic, OutputKind::alsa, OutputKind::jack, OutputKind::rtmidi_jack})
        if (has(kind)) return kind;
    return std::nullopt;
}

Result<Outputs> parse_outputs(std::string_view words) {
    Outputs outputs{};
    for (std::size_t from = 0; from <= words.size();) {
        const auto comma = std::min(words.find(',', from), words.size());
        const auto kind = parse_word(kOutputs, "output", trimmed(words.substr(from, comma - from)));
        if (!kind) return tl::unexpected{kind.error()};
        const auto port = outputs.port();
        outputs.add(*kind);
        if (port && *kind != *port && *kind != OutputKind::file && *kind != OutputKind::synth)
            return fail(Error::Code::malformed,
                        fmt::format("output '{}' names two ports; auto, jack, alsa and rtmidi-jack "
                                    "are one each: keep one of them",
                                    words));
        from = comma + 1;
    }
    return outputs;
}
Result<DeviceKind> parse_device(std::string_view word) {
    return parse_word(kDevices, "device", word);
}
std::string to_string(const Outputs& outputs) {
    std::string words;
    for (const auto& [name, kind] : kOutputs)
        if (outputs.has(kind)) words += fmt::format("{}{}", words.empty() ? "" : ",", name);
    return words;
}
std::string_view to_string(DeviceKind kind) { return word_of(kDevices, kind); }
Result<SynthDriver> parse_synth_driver(std::string_view word) {
    return parse_word(kSynthDrivers, "driver", word);
}
std::string_view to_string(SynthDriver driver) { return word_of(kSynthDrivers, driver); }

Result<Config> load_config(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return fail(Error::Code::not_found,
                    fmt::format("configuration {}: no such file; give another with --config, or "
                                "leave it out for the defaults",
                                file.string()));
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    if (std::filesystem::is_directory(file, error) || !in || !(text << in.rdbuf()))
        return fail(Error::Code::io,
                    fmt::format("configuration {}: cannot be read; it must be a text file that "
                                "this user may read",
                                file.string()));
    return parse_config(text.view(), file.string());
}

}  // namespace fusion
