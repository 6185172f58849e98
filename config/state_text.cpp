// The state file's text: parse_state() and format_state().
#include <cmath>
#include <sstream>

#include <fmt/format.h>
#include "config/state_file.hpp"
#include "engine/base/toml_library.hpp"

namespace fusion {
namespace {

constexpr std::int64_t kVersion = 1;
// Far more than any scene has; keeps a hostile file from growing without end.
constexpr std::size_t kMostValues = 4096;

// Thrown and caught in this file alone.
struct Wrong {
    Wrong(const toml::node& node, std::string text) : at{node.source()}, what{std::move(text)} {}
    toml::source_region at;
    std::string what;
};

SceneValues values_of(const toml::node& node, std::string_view where) {
    const auto* table = node.as_table();
    if (table == nullptr) throw Wrong{node, fmt::format("{} must be a table of values", where)};
    if (table->size() > kMostValues) throw Wrong{node, fmt::format("{} is too long", where)};
    SceneValues values;
    for (const auto& [key, value] : *table) {
        SceneValue read;
        if (const auto* on = value.as_boolean())
            read = on->get();
        else if (const auto* word = value.as_string())
            read = word->get();
        else if (const auto number = value.value<double>(); number && std::isfinite(*number))
            read = *number;
        else
            throw Wrong{value, fmt::format("{}: '{}' must be a number, true, false or a word",
                                           where, key.str())};
        values.emplace(key.str(), std::move(read));
    }
    return values;
}

Scene scene_of(const toml::node& node) {
    const auto* table = node.as_table();
    const auto* name = table != nullptr ? table->get("name") : nullptr;
    if (name == nullptr || !name->is_string()) throw Wrong{node, "a scene wants name = \"...\""};
    Scene scene{name->as_string()->get(), {}};
    if (const auto sound = check_scene_name(scene.name); !sound)
        throw Wrong{*name, sound.error().message};
    if (const auto* values = table->get("values"))
        scene.values = values_of(*values, fmt::format("scene '{}'", scene.name));
    return scene;
}

SavedState state_of(const toml::table& document) {
    const auto version = document["version"].value<std::int64_t>();
    if (!version) throw Wrong{document, "no state of fusiond's: version = 1 is missing"};
    if (*version != kVersion)
        throw Wrong{*document.get("version"),
                    fmt::format("version {}; this fusiond knows {}", *version, kVersion)};
    SavedState state;
    if (const auto* now = document.get("now")) state.now = values_of(*now, "now");
    if (const auto* scenes = document.get("scene")) {
        const auto* array = scenes->as_array();
        if (array == nullptr) throw Wrong{*scenes, "scenes are written as [[scene]]"};
        Scenes read;
        for (const auto& node : *array)
            if (const auto kept = read.keep(scene_of(node)); !kept)
                throw Wrong{node, kept.error().message};
        state.scenes = read.saved();
    }
    if (const auto* controllers = document.get("controller")) {
        if (!controllers->is_array_of_tables())
            throw Wrong{*controllers, "controllers are written as [[controller]]"};
        std::ostringstream text;
        text << toml::table{{"controller", *controllers->as_array()}} << '\n';
        state.controllers = text.str();
    }
    return state;
}

std::string located(std::string_view name, const toml::source_region& at, std::string_view what) {
    return fmt::format("{}:{}: {}", name, at.begin.line, what);
}

// Written by hand and not by toml++: 256 scenes take 1 ms and not 20 of the control thread's.
std::string in_quotes(std::string_view text) {
    std::string out{'"'};
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\u{:04X}", byte);
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out += '"';
}

std::string key_of(std::string_view tail) {
    constexpr std::string_view kBare =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    const bool bare = !tail.empty() && tail.find_first_not_of(kBare) == std::string_view::npos;
    return bare ? std::string{tail} : in_quotes(tail);
}

std::string word_of(const SceneValue& value) {
    if (const auto* on = std::get_if<bool>(&value)) return *on ? "true" : "false";
    if (const auto* word = std::get_if<std::string>(&value)) return in_quotes(*word);
    return fmt::format("{}", std::get<double>(value));
}

void write_values(std::string& out, const SceneValues& values) {
    for (const auto& [tail, value] : values)
        out.append(key_of(tail)).append(" = ").append(word_of(value)).append("\n");
    out += '\n';
}

}  // namespace

Result<SavedState> parse_state(std::string_view text, std::string_view name) {
    try {
        return state_of(toml::parse(text, name));
    } catch (const toml::parse_error& error) {
        return fail(Error::Code::malformed, located(name, error.source(), error.description()));
    } catch (const Wrong& wrong) {
        return fail(Error::Code::malformed, located(name, wrong.at, wrong.what));
    }
}

std::string format_state(const SavedState& state) {
    auto out = fmt::format(
        "# Written by fusiond. To be edited while no fusiond runs.\nversion = {}\n\n[now]\n",
        kVersion);
    write_values(out, state.now);
    for (const auto& scene : state.scenes) {
        out += fmt::format("[[scene]]\nname = {}\n[scene.values]\n", in_quotes(scene.name));
        write_values(out, scene.values);
    }
    return out += state.controllers;
}

}  // namespace fusion
