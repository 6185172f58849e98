// parse_config(): TOML text to a Config. One table of keys rules what is known, what it takes and
// what the hint says; everything that is wrong is told at once, not the first alone.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/config.hpp"
#include "config/nearest.hpp"
#include "config/network_list.hpp"
#include "engine/base/toml_library.hpp"
#include "engine/params/names.hpp"
#include "engine/params/text_value.hpp"

namespace fusion {
namespace {

// What is wrong with a value, or nothing.
using Problem = std::optional<std::string>;

struct Key {
    std::string section;
    std::string name;
    std::function<Problem(const toml::node&, Config&)> read;
};

std::string type_name(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table: return "a table";
        case toml::node_type::array: return "an array";
        case toml::node_type::string: return "text";
        case toml::node_type::integer: return "a whole number";
        case toml::node_type::floating_point: return "a number";
        case toml::node_type::boolean: return "true or false";
        default: return "a date or time";
    }
}

Problem read_text(const toml::node& node, std::string& into) {
    const auto* text = node.as_string();
    if (text == nullptr) return fmt::format("must be text in quotes, not {}", type_name(node));
    if (text->get().find('\0') != std::string::npos) return "must not hold a null character";
    into = text->get();
    return {};
}

Problem read_number(const toml::node& node, double minimum, double maximum, double& into) {
    const auto value = node.is_boolean() ? std::nullopt : node.value<double>();
    if (!value) return fmt::format("must be a number, not {}", type_name(node));
    if (!std::isfinite(*value) || *value < minimum || *value > maximum)
        return fmt::format("{} is out of range; give one from {} to {}", *value, minimum, maximum);
    into = *value;
    return {};
}

template <class Whole>
Problem read_whole(const toml::node& node, std::int64_t minimum, std::int64_t maximum,
                   Whole& into) {
    const auto* value = node.as_integer();
    if (value == nullptr) return fmt::format("must be a whole number, not {}", type_name(node));
    if (value->get() < minimum || value->get() > maximum)
        return fmt::format("{} is out of range; give one from {} to {}", value->get(), minimum,
                           maximum);
    into = static_cast<Whole>(value->get());
    return {};
}

Problem read_flag(const toml::node& node, bool& into) {
    const auto* on = node.as_boolean();
    if (on == nullptr) return fmt::format("must be true or false, not {}", type_name(node));
    into = on->get();
    return {};
}

// As TOML has types for it, without regard to rules of the parameter's own.
Problem read_typed(const toml::node& node, const ValueShape& shape, double& into) {
    if (shape.type == ParamType::toggle) {
        bool on = false;
        if (auto problem = read_flag(node, on)) return problem;
        into = on ? 1.0 : 0.0;
        return {};
    }
    if (shape.type == ParamType::choice)
        return fmt::format("must be {}, in quotes", join_words(shape.words));
    if (shape.type == ParamType::integer) {
        std::int64_t whole = 0;
        if (auto problem = read_whole(node, static_cast<std::int64_t>(shape.minimum),
                                      static_cast<std::int64_t>(shape.maximum), whole))
            return problem;
        into = static_cast<double>(whole);
        return {};
    }
    return read_number(node, shape.minimum, shape.maximum, into);
}

// Text is read as it is wherever it comes from.
Problem read_setting(const toml::node& node, const ValueShape& shape, TextValue& into) {
    if (const auto* text = node.as_string()) {
        const auto said = read_value(shape, text->get());
        if (!said) return said.error().message;
        into = *said;
    } else if (auto problem = read_typed(node, shape, into.value)) {
        return problem;
    }
    if (const auto sound = fit_exactly(shape, into.value); !sound) return sound.error().message;
    return {};
}

Problem read_parameter(const toml::node& node, const ParamSpec& row, Config& config) {
    TextValue value;
    if (auto problem = read_setting(node, shape_of(row), value)) return problem;
    config.parameters[static_cast<std::size_t>(row.id)] = value.value;
    if (value.other)
        config.parameters[static_cast<std::size_t>(value.other->id)] = value.other->value;
    return {};
}

// One text, or several in an array.
Problem read_texts(const toml::node& node, std::vector<std::string>& into) {
    std::vector<std::string> texts;
    const auto* array = node.as_array();
    const auto read = [&](const toml::node& one) -> Problem {
        std::string text;
        if (auto problem = read_text(one, text))
            return array != nullptr ? problem : "must be text in quotes, or an array of them";
        texts.push_back(std::move(text));
        return {};
    };
    if (array == nullptr)
        if (auto problem = read(node)) return problem;
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i)
        if (auto problem = read((*array)[i])) return problem;
    into = std::move(texts);
    return {};
}

// "off" is none.
Problem read_inputs(const toml::node& node, std::vector<std::string>& into) {
    std::vector<std::string> names;
    if (auto problem = read_texts(node, names)) return problem;
    if (!node.is_array() && names.front() == "off") names.clear();
    if (names.size() > kMostInputs) return fmt::format("must be at most {} names", kMostInputs);
    into = std::move(names);
    return {};
}

Problem read_origins(const toml::node& node, std::vector<std::string>& into) {
    if (auto problem = read_texts(node, into)) return problem;
    for (const auto& origin : into) {
        const auto scheme = origin.find("://");
        const bool is_whole = scheme != std::string::npos && scheme > 0 &&
                              scheme + 3 < origin.size() &&
                              origin.find('/', scheme + 3) == std::string::npos;
        if (origin != "null" && !is_whole)
            return fmt::format(
                "'{}' is no origin; write scheme, host and port as a browser does, without a path: "
                "\"http://studio.example:8080\"",
                origin);
    }
    return {};
}

Problem read_networks(const toml::node& node, std::vector<std::string>& into) {
    if (auto problem = read_texts(node, into)) return problem;
    if (const auto list = NetworkList::parse(into); !list) return list.error().message;
    return {};
}

// It stands in addresses and cookies.
Problem read_token(const toml::node& node, std::string& into) {
    constexpr std::size_t kShortest = 8;
    constexpr std::size_t kLongest = 128;
    if (auto problem = read_text(node, into)) return problem;
    const bool plain = std::all_of(into.begin(), into.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_';
    });
    if (into.empty() || (plain && into.size() >= kShortest && into.size() <= kLongest)) return {};
    return fmt::format("must be {} to {} letters, digits, - or _; `openssl rand -hex 16` makes one",
                       kShortest, kLongest);
}

template <class Parse, class Value>
Problem read_word(const toml::node& node, Parse parse, Value& into) {
    std::string word;
    if (auto problem = read_text(node, word)) return problem;
    auto value = parse(word);
    if (!value) return value.error().message;
    into = *value;
    return {};
}

// "jack,synth", or ["jack", "synth"].
Problem read_outputs(const toml::node& node, Outputs& into) {
    const auto* array = node.as_array();
    if (array == nullptr) return read_word(node, parse_outputs, into);
    std::string words;
    for (const auto& one : *array) {
        std::string word;
        if (auto problem = read_text(one, word)) return problem;
        words += (words.empty() ? "" : ",") + word;
    }
    auto outputs = parse_outputs(words);
    if (!outputs) return outputs.error().message;
    into = *outputs;
    return {};
}

const std::vector<Key>& keys() {
    static const std::vector<Key> table = [] {
        std::vector<Key> all{
            {"midi", "output", [](auto& n, Config& c) { return read_outputs(n, c.midi.outputs); }},
            {"midi", "client",
             [](auto& n, Config& c) -> Problem {
                 if (auto problem = read_text(n, c.midi.client)) return problem;
                 // JACK's limit with room for a suffix; a colon parts client from port.
                 if (c.midi.client.empty() || c.midi.client.size() > 48 ||
                     c.midi.client.find(':') != std::string::npos)
                     return "must be 1 to 48 characters without a colon";
                 return {};
             }},
            {"midi", "port", [](auto& n, Config& c) { return read_text(n, c.midi.port); }},
            {"midi", "input", [](auto& n, Config& c) { return read_inputs(n, c.midi.inputs); }},
            {"midi", "feedback", [](auto& n, Config& c) { return read_text(n, c.midi.feedback); }},
            {"osc", "port", [](auto& n, Config& c) { return read_whole(n, 0, 65535, c.osc.port); }},
            {"osc", "bind", [](auto& n, Config& c) { return read_text(n, c.osc.bind); }},
            {"osc", "allow", [](auto& n, Config& c) { return read_networks(n, c.osc.allow); }},
            {"oscquery", "on", [](auto& n, Config& c) { return read_flag(n, c.oscquery.on); }},
            {"oscquery", "port",
             [](auto& n, Config& c) { return read_whole(n, 0, 65535, c.oscquery.port); }},
            {"oscquery", "bind", [](auto& n, Config& c) { return read_text(n, c.oscquery.bind); }},
            {"oscquery", "advertise",
             [](auto& n, Config& c) { return read_flag(n, c.oscquery.advertise); }},
            {"oscquery", "origins",
             [](auto& n, Config& c) { return read_origins(n, c.oscquery.origins); }},
            {"oscquery", "allow",
             [](auto& n, Config& c) { return read_networks(n, c.oscquery.allow); }},
            {"oscquery", "token",
             [](auto& n, Config& c) { return read_token(n, c.oscquery.token); }},
            {"state", "path", [](auto& n, Config& c) { return read_text(n, c.state.path); }},
            {"state", "resume", [](auto& n, Config& c) { return read_flag(n, c.state.resume); }},
            {"clock", "priority",
             [](auto& n, Config& c) { return read_whole(n, 0, 98, c.clock.priority); }},
            {"clock", "horizon_steps",
             [](auto& n, Config& c) { return read_whole(n, 2, 48, c.clock.horizon_steps); }},
            {"clock", "cpu",
             [](auto& n, Config& c) { return read_whole(n, -1, 1023, c.clock.cpu); }},
            {"clock", "spin_us",
             [](auto& n, Config& c) { return read_whole(n, 0, 1000, c.clock.spin_us); }},
            {"clock", "lock_memory",
             [](auto& n, Config& c) { return read_flag(n, c.clock.lock_memory); }},
            {"jack", "margin_us",
             [](auto& n, Config& c) { return read_whole(n, 0, 100'000, c.jack.margin_us); }},
            {"synth", "enabled", [](auto& n, Config& c) { return read_flag(n, c.synth.enabled); }},
            {"synth", "driver",
             [](auto& n, Config& c) { return read_word(n, parse_synth_driver, c.synth.driver); }},
            {"synth", "font", [](auto& n, Config& c) { return read_text(n, c.synth.font); }},
            {"link", "start_stop",
             [](auto& n, Config& c) { return read_flag(n, c.link.start_stop); }},
            {"bundle", "path", [](auto& n, Config& c) { return read_text(n, c.bundle_path); }},
            {"device", "kind",
             [](auto& n, Config& c) { return read_word(n, parse_device, c.device); }},
            {"start", "delay",
             [](auto& n, Config& c) { return read_whole(n, 0, 3600, c.start_delay_s); }},
            {"file", "path", [](auto& n, Config& c) { return read_text(n, c.file_path); }},
            {"file", "hours",
             [](auto& n, Config& c) { return read_whole(n, 1, 8760, c.recording.hours); }},
            {"file", "megabytes",
             [](auto& n, Config& c) { return read_whole(n, 1, 15, c.recording.megabytes); }},
            {"file", "keep_days",
             [](auto& n, Config& c) { return read_whole(n, 0, 36500, c.recording.keep_days); }},
            {"file", "keep_megabytes",
             [](auto& n, Config& c) {
                 return read_whole(n, 0, 1'000'000, c.recording.keep_megabytes);
             }},
        };
        // Those of a part of the band stand in a section of its name.
        for (const auto& row : param_table()) {
            const auto member = member_name(row.name);
            all.push_back({std::string{member ? member->family : "parameters"},
                           std::string{member ? member->genre : row.name},
                           [&row](auto& n, Config& c) { return read_parameter(n, row, c); }});
        }
        return all;
    }();
    return table;
}

class Reader {
public:
    Reader(std::string_view name, Config& config) : name_{name}, config_{config} {}

    void read(const toml::table& document) {
        for (const auto& [key, node] : document) {
            const auto place = place_of_name(sections(), key.str());
            const std::string section{place ? sections()[*place] : key.str()};
            const auto* table = node.as_table();
            // parse_controllers and parse_day_plan read these.
            if (section == "controller" || section == "schedule") continue;
            if (!place)
                complain(key.source(), fmt::format("unknown section '{}'{}; there are: {}", section,
                                                   did_you_mean(section, sections()),
                                                   fmt::join(sections(), ", ")));
            else if (table == nullptr)
                complain(node.source(), fmt::format("'{}' must be a section: write [{}] on a line",
                                                    section, section));
            else
                read_section(section, *table);
        }
    }

    [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

private:
    static const std::vector<std::string>& sections() {
        static const std::vector<std::string> names = [] {
            std::vector<std::string> all;
            for (const auto& key : keys())
                if (all.empty() || all.back() != key.section) all.push_back(key.section);
            for (const auto& family : family_table()) all.push_back(section_of(family));
            all.insert(all.end(), {"cc", "controller", "schedule"});
            return all;
        }();
        return names;
    }

    void complain(const toml::source_region& at, const std::string& what) {
        complaints_.push_back(
            fmt::format("{}:{}:{}: {}", name_, at.begin.line, at.begin.column, what));
    }

    void read_section(const std::string& section, const toml::table& table) {
        for (const auto& [key, node] : table) {
            const std::string name{key.str()};
            const auto* family = family_of(section);
            if (family != nullptr)
                read_member(*family, name, node);
            else if (section == "cc")
                read_controller(key, node);
            else
                read_known(section, key, node);
        }
        if (section == "parameters") check_tonality(table);
    }

    // Where key says the scale too, or scale the key, which of them would hold?
    void check_tonality(const toml::table& table) {
        const toml::node* says_both = nullptr;
        std::size_t said = 0;
        for (const auto& [key, node] : table) {
            const auto* row = find_param(key.str());
            if (row == nullptr || (row->id != ParamId::key && row->id != ParamId::scale)) continue;
            ++said;
            const auto* text = node.as_string();
            const auto value = text != nullptr ? read_value(shape_of(*row), text->get())
                                               : Result<TextValue>{TextValue{}};
            if (value && value->other) says_both = &node;
        }
        if (says_both != nullptr && said > 1)
            complain(says_both->source(),
                     "one of parameters.key and parameters.scale says both; leave out the other");
    }

    void read_known(const std::string& section, const toml::key& key, const toml::node& node) {
        const std::string name{key.str()};
        std::vector<std::string> names;
        std::vector<const Key*> there;
        for (const auto& known : keys()) {
            if (known.section != section) continue;
            there.push_back(&known);
            names.push_back(known.name);
        }
        if (const auto place = place_of_name(names, name)) {
            const auto& known = *there[*place];
            if (!read_.insert(&known).second)
                complain(key.source(), fmt::format("{}.{} stands here twice, as '{}' too", section,
                                                   known.name, name));
            else if (const auto problem = known.read(node, config_))
                complain(node.source(), fmt::format("{}.{} {}", section, known.name, *problem));
            return;
        }
        complain(key.source(),
                 fmt::format("unknown key '{}' in [{}]{}; there are: {}", name, section,
                             did_you_mean(name, names), fmt::join(names, ", ")));
    }

    // Which genres there are is only known with the bundle; app.cpp looks at the names.
    void read_member(const FamilySpec& family, const std::string& genre, const toml::node& node) {
        TextValue value;
        if (const auto problem = read_setting(node, shape_of(family), value))
            complain(node.source(), fmt::format("{}.{} {}", section_of(family), genre, *problem));
        else if (!config_.of(family.id).emplace(genre, value.value).second)
            complain(node.source(),
                     fmt::format("{}.{} stands here twice", section_of(family), genre));
    }

    static const FamilySpec* family_of(std::string_view section) {
        for (const auto& family : family_table())
            if (section_of(family) == section) return &family;
        return nullptr;
    }

    void read_controller(const toml::key& key, const toml::node& node) {
        const auto text = key.str();
        unsigned number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        // 120 to 127 are channel mode messages, not controllers.
        if (error != std::errc{} || end != text.data() + text.size() || number > 119) {
            complain(key.source(), fmt::format("cc.{}: a controller is a number from 0 to 119, as "
                                               "in: 20 = \"weight/jazz\"",
                                               text));
            return;
        }
        std::string target;
        if (const auto problem = read_text(node, target)) {
            complain(node.source(), fmt::format("cc.{} {}", text, *problem));
            return;
        }
        const auto controller = static_cast<std::uint8_t>(number);
        if (target.empty()) {
            config_.cc.erase(controller);
            return;
        }
        if (!may_be_control(target)) {
            std::vector<std::string> names;
            for (const auto& row : family_table())
                names.push_back(fmt::format("{}/<genre>", row.name));
            for (const auto& row : param_table()) names.emplace_back(row.name);
            complain(node.source(),
                     fmt::format("cc.{}: no parameter '{}'{}; there are: {}", text, target,
                                 did_you_mean(target, names), fmt::join(names, ", ")));
            return;
        }
        config_.cc[controller] = target;
    }

    static bool may_be_control(std::string_view target) {
        if (find_param(target) != nullptr) return true;
        const auto member = member_name(target);
        return member && find_family(member->family) != nullptr;
    }

    std::string_view name_;
    Config& config_;
    std::set<const Key*> read_;
    std::vector<std::string> complaints_;
};

}  // namespace

Result<Config> parse_config(std::string_view text, std::string_view name) {
    try {
        const auto document = toml::parse(text, name);
        Config config;
        Reader reader{name, config};
        reader.read(document);
        auto complaints = reader.complaints();
        if (auto controllers = parse_controllers(text, name))
            config.controllers = std::move(*controllers);
        else
            complaints.push_back(controllers.error().message);
        if (auto schedule = parse_day_plan(text, name))
            config.schedule = std::move(*schedule);
        else
            complaints.push_back(schedule.error().message);
        if (complaints.empty()) return config;
        return fail(Error::Code::malformed, fmt::format("{}", fmt::join(complaints, "\n")));
    } catch (const toml::parse_error& error) {
        return fail(Error::Code::malformed,
                    fmt::format("{}:{}:{}: {}; text goes in quotes, a section is [name] on its own "
                                "line, a setting is key = value",
                                name, error.source().begin.line, error.source().begin.column,
                                error.description()));
    }
}

}  // namespace fusion
