// parse_controllers() and format_controllers().
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/midi_binding.hpp"
#include "config/nearest.hpp"
#include "engine/base/toml_library.hpp"
#include "engine/params/names.hpp"

namespace fusion {
namespace {

constexpr std::array<std::string_view, 6> kKinds{"cc",   "cc14",    "nrpn",
                                                 "note", "program", "pitch_bend"};
constexpr std::array<std::string_view, 3> kCurves{"linear", "exponential", "logarithmic"};
constexpr std::array<std::string_view, 4> kEncoders{"absolute", "twos_complement", "sign_magnitude",
                                                    "offset"};
constexpr std::array<std::string_view, 2> kPresses{"toggle", "momentary"};
constexpr std::array<std::string_view, 2> kTakeovers{"jump", "pickup"};
constexpr std::array<std::string_view, 11> kOtherKeys{"channel", "input",    "target",  "minimum",
                                                      "maximum", "curve",    "encoder", "step",
                                                      "press",   "takeover", "morph"};

class TableReader {
public:
    struct Complaint {
        toml::source_region at;
        std::string what;
    };

    explicit TableReader(const toml::table& table) {
        for (const auto& [key, node] : table) read(key, node);
        if (kinds_ != 1 && complaints_.empty())
            complain(table.source(), fmt::format("{}: it wants one of {}",
                                                 kinds_ == 0 ? "no source" : "several sources",
                                                 fmt::join(kKinds, ", ")));
        if (!has_target_ && complaints_.empty())
            complain(table.source(), "no target: it wants, say, target = \"weight/1\"");
        if (!complaints_.empty()) return;
        if (const auto sound = check_binding(binding_); !sound)
            complain(table.source(), sound.error().message);
    }

    [[nodiscard]] const std::vector<Complaint>& complaints() const { return complaints_; }
    [[nodiscard]] const MidiBinding& binding() const { return binding_; }

private:
    void complain(const toml::source_region& at, std::string what) {
        complaints_.push_back({at, std::move(what)});
    }

    void read(const toml::key& key, const toml::node& node) {
        const std::string_view name = key.str();
        if (const auto* kind = std::ranges::find(kKinds, name); kind != kKinds.end())
            read_source(name, static_cast<MidiKind>(kind - kKinds.begin()), node);
        else if (name == "channel")
            read_whole(name, node, 0, 16, binding_.source.channel);
        else if (name == "input")
            read_whole(name, node, 0, kHighestBoundInput, binding_.source.input);
        else if (name == "target")
            read_target(node);
        else if (name == "minimum")
            read_number(name, node, binding_.minimum);
        else if (name == "maximum")
            read_number(name, node, binding_.maximum);
        else if (name == "step")
            read_number(name, node, binding_.step);
        else if (name == "morph")
            read_number(name, node, binding_.morph);
        else if (name == "curve")
            read_word(name, node, kCurves, binding_.curve);
        else if (name == "encoder")
            read_word(name, node, kEncoders, binding_.encoder);
        else if (name == "press")
            read_word(name, node, kPresses, binding_.press);
        else if (name == "takeover")
            read_word(name, node, kTakeovers, binding_.takeover);
        else
            unknown(key);
    }

    void unknown(const toml::key& key) {
        std::vector<std::string> names{kKinds.begin(), kKinds.end()};
        names.insert(names.end(), kOtherKeys.begin(), kOtherKeys.end());
        complain(key.source(), fmt::format("unknown key '{}'{}; there are: {}", key.str(),
                                           did_you_mean(key.str(), names), fmt::join(names, ", ")));
    }

    template <class Whole>
    void read_whole(std::string_view name, const toml::node& node, unsigned minimum,
                    unsigned maximum, Whole& into) {
        const auto* value = node.as_integer();
        if (value == nullptr || value->get() < minimum || value->get() > maximum)
            complain(node.source(), fmt::format("{} must be a whole number from {} to {}", name,
                                                minimum, maximum));
        else
            into = static_cast<Whole>(value->get());
    }

    void read_source(std::string_view name, MidiKind kind, const toml::node& node) {
        ++kinds_;
        binding_.source.kind = kind;
        if (kind != MidiKind::pitch_bend) {
            read_whole(name, node, lowest_number(kind), highest_number(kind),
                       binding_.source.number);
        } else if (const auto* flag = node.as_boolean(); flag == nullptr || !flag->get()) {
            complain(node.source(), "pitch_bend has no number: write pitch_bend = true");
        }
    }

    void read_target(const toml::node& node) {
        const auto* text = node.as_string();
        has_target_ = true;
        if (text == nullptr)
            complain(node.source(), "target must be text in quotes");
        else
            binding_.target = text->get();
    }

    void read_number(std::string_view name, const toml::node& node, std::optional<double>& into) {
        const auto value = node.is_number() ? node.value<double>() : std::nullopt;
        if (!value || !std::isfinite(*value))
            complain(node.source(), fmt::format("{} must be a number", name));
        else
            into = value;
    }

    template <class Words, class Value>
    void read_word(std::string_view name, const toml::node& node, const Words& words, Value& into) {
        const auto* text = node.as_string();
        const auto found = text == nullptr ? std::nullopt : place_of_name(words, text->get());
        if (!found) {
            const std::vector<std::string> names{words.begin(), words.end()};
            complain(node.source(),
                     fmt::format("{} must be {}, in quotes{}", name, join_words(words),
                                 text == nullptr ? "" : did_you_mean(text->get(), names)));
            return;
        }
        assign(into, *found);
    }
    template <class Value>
    static void assign(Value& into, std::size_t place) {
        into = static_cast<Value>(place);
    }
    template <class Value>
    static void assign(std::optional<Value>& into, std::size_t place) {
        into = static_cast<Value>(place);
    }

    MidiBinding binding_;
    int kinds_ = 0;
    bool has_target_ = false;
    std::vector<Complaint> complaints_;
};

std::string located(std::string_view name, const toml::source_region& at, std::string_view what) {
    return fmt::format("{}:{}:{}: {}", name, at.begin.line, at.begin.column, what);
}

template <class Words, class Value>
std::string_view word_of(const Words& words, Value value) {
    return words[static_cast<std::size_t>(value)];
}

// A TOML basic string.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out += fmt::format("\\{}", c);
        else if (byte < 0x20U || byte == 0x7FU)
            out += fmt::format("\\u{:04X}", byte);
        else
            out += c;
    }
    return out + '"';
}

std::string format_one(const MidiBinding& binding) {
    const auto& source = binding.source;
    std::string out = "[[controller]]\n";
    const auto line = [&out](std::string_view key, const auto& value) {
        out += fmt::format("{} = {}\n", key, value);
    };
    const auto number = [&](std::string_view key, const std::optional<double>& value) {
        if (value) line(key, *value);
    };
    if (source.kind == MidiKind::pitch_bend)
        line("pitch_bend", true);
    else
        line(word_of(kKinds, source.kind), source.number);
    if (source.channel > 0) line("channel", source.channel);
    if (source.input > 0) line("input", source.input);
    line("target", quoted(binding.target));
    number("minimum", binding.minimum);
    number("maximum", binding.maximum);
    if (binding.curve != Curve::linear) line("curve", quoted(word_of(kCurves, binding.curve)));
    if (binding.encoder != Encoder::absolute)
        line("encoder", quoted(word_of(kEncoders, binding.encoder)));
    number("step", binding.step);
    if (binding.press) line("press", quoted(word_of(kPresses, *binding.press)));
    if (binding.takeover) line("takeover", quoted(word_of(kTakeovers, *binding.takeover)));
    number("morph", binding.morph);
    return out;
}

Result<std::vector<MidiBinding>> bindings_of(const toml::table& document, std::string_view name) {
    std::vector<MidiBinding> bindings;
    const auto* node = document.get("controller");
    if (node == nullptr) return bindings;
    const auto* array = node->as_array();
    if (array == nullptr || !(array->empty() || array->is_array_of_tables()))
        return fail(Error::Code::malformed,
                    located(name, node->source(), "controllers are written as [[controller]]"));
    if (array->size() > kMostBindings)
        return fail(Error::Code::malformed, located(name, node->source(),
                                                    fmt::format("{} controllers; {} is the most",
                                                                array->size(), kMostBindings)));
    std::vector<std::string> complaints;
    for (const auto& one : *array) {
        const auto place = bindings.size() + 1;
        const auto complain = [&](const toml::source_region& at, std::string_view what) {
            complaints.push_back(located(name, at, fmt::format("controller {}: {}", place, what)));
        };
        const TableReader reader{*one.as_table()};
        for (const auto& [at, what] : reader.complaints()) complain(at, what);
        if (!reader.complaints().empty()) {
            // Keeps its place, and is nobody's twin.
            bindings.push_back({{MidiKind::cc, 0, 255, 255}, {}});
            continue;
        }
        const auto& binding = reader.binding();
        const auto twin = std::ranges::find(bindings, binding.source, &MidiBinding::source);
        if (twin != bindings.end())
            complain(one.source(),
                     fmt::format("{} is controller {} already", describe(binding.source),
                                 twin - bindings.begin() + 1));
        bindings.push_back(binding);
    }
    if (complaints.empty()) return bindings;
    return fail(Error::Code::malformed, fmt::format("{}", fmt::join(complaints, "\n")));
}

}  // namespace

Result<std::vector<MidiBinding>> parse_controllers(std::string_view toml, std::string_view name) {
    try {
        return bindings_of(toml::parse(toml, name), name);
    } catch (const toml::parse_error& error) {
        return fail(Error::Code::malformed, located(name, error.source(), error.description()));
    }
}

std::string format_controllers(std::span<const MidiBinding> bindings) {
    std::string out;
    for (const auto& binding : bindings) {
        if (!out.empty()) out += '\n';
        out += format_one(binding);
    }
    return out;
}

}  // namespace fusion
