#include "osc/ctl/completion.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "engine/params/parameter.hpp"
#include "osc/ctl/words.hpp"

namespace fusion::ctl {
namespace {

using Candidates = std::vector<std::string>;

constexpr std::array<std::string_view, 14> kCommands{"get",    "set",    "do",     "watch", "list",
                                                     "status", "scene",  "learn",  "panic", "play",
                                                     "stop",   "record", "reload", "flight"};
constexpr std::array<std::string_view, 3> kRecordWishes{"on", "off", "export"};
constexpr std::array<std::string_view, 4> kSceneVerbs{"save", "recall", "delete", "list"};
constexpr std::array<std::string_view, 12> kStreams{"note",    "beat",  "proposal", "weights",
                                                    "changes", "scene", "learned",  "late",
                                                    "chord",   "tape",  "planned",  "band"};
constexpr std::array<std::string_view, 5> kOptions{"--host", "--port", "--timeout", "--json",
                                                   "--help"};

template <class Words>
Candidates listed(const Words& words) {
    return {words.begin(), words.end()};
}

Candidates paths(const Known& known) {
    Candidates all{"weights"};
    for (const auto& parameter : parameters_of(known.genres)) all.push_back(parameter.tail);
    return all;
}

Candidates actions() {
    Candidates all;
    for (const auto& row : action_table()) all.emplace_back(row.name);
    return all;
}

Candidates values(std::string_view tail) {
    if (const auto* row = find_param(tail); row != nullptr && !row->words.empty())
        return listed(row->words);
    if (type_of(tail) == ParamType::toggle) return {"on", "off"};
    return {};
}

Candidates targets(const Known& known) {
    auto all = paths(known);
    for (const auto& scene : known.scenes) all.push_back("scene/" + scene);
    for (const auto& row : action_table())
        if (row.arguments.empty()) all.emplace_back(row.name);
    return all;
}

Candidates options_of(std::string_view command) {
    auto all = listed(kOptions);
    if (command == "watch") all.emplace_back("--streams");
    if (command == "scene") all.emplace_back("--beats");
    return all;
}

bool takes_value(std::string_view option) {
    constexpr std::array<std::string_view, 5> kThese{"--host", "--port", "--timeout", "--streams",
                                                     "--beats"};
    return std::ranges::find(kThese, option) != kThese.end();
}

// note,be -> note,beat
Candidates stream_lists(std::string_view written) {
    const auto comma = written.rfind(',');
    const auto before = comma == std::string_view::npos ? "" : written.substr(0, comma + 1);
    Candidates all;
    for (const auto name : kStreams) all.push_back(fmt::format("{}{}", before, name));
    return all;
}

// `place`: 0 for the first word after the command.
Candidates arguments(const Candidates& said, const Known& known) {
    const auto& command = said[0];
    const auto place = said.size() - 1;
    if (command == "get") return paths(known);
    if (command == "set") return place == 0 ? paths(known) : values(tail_of(said[1]));
    if (command == "list" || command == "watch") return place == 0 ? paths(known) : Candidates{};
    if (command == "learn") return place == 0 ? targets(known) : Candidates{};
    if (command == "record") return place == 0 ? listed(kRecordWishes) : Candidates{};
    if (command == "scene") {
        if (place == 0) return listed(kSceneVerbs);
        return place == 1 && said[1] != "list" ? known.scenes : Candidates{};
    }
    if (command != "do") return {};
    if (place == 0) return actions();
    if (place > 1) return {};
    if (said[1].starts_with("scene/")) return known.scenes;
    return said[1] == "learn" || said[1] == "unlearn" ? targets(known) : Candidates{};
}

}  // namespace

std::vector<std::string> completions(std::span<const std::string> words, const Known& known) {
    if (words.empty()) return listed(kCommands);
    // /fusiond/tempo may be written too.
    const auto root = fmt::format("{}/", kOscRoot);
    const bool whole_path = words.back().starts_with(root);
    const auto written = tail_of(words.back());
    Candidates said;
    std::string_view open_option;
    for (const auto& word : words.first(words.size() - 1)) {
        if (word == "=") continue;  // where a shell parts --port=9701
        if (!open_option.empty()) {
            open_option = {};
        } else if (takes_value(word)) {
            open_option = word;
        } else if (!word.starts_with("--")) {
            said.push_back(word);
        }
    }
    Candidates all;
    if (!open_option.empty())
        all = open_option == "--streams" ? stream_lists(written) : Candidates{};
    else if (written.starts_with('-'))
        all = options_of(said.empty() ? std::string_view{} : std::string_view{said[0]});
    else
        all = said.empty() ? listed(kCommands) : arguments(said, known);
    std::erase_if(all, [&](const auto& one) { return !one.starts_with(written); });
    if (whole_path)
        for (auto& one : all) one.insert(0, root);
    return all;
}

}  // namespace fusion::ctl
