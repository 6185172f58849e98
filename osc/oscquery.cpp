#include "osc/oscquery.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/params/names.hpp"

namespace fusion {
namespace {

using Json = nlohmann::ordered_json;
using Node = OscQueryTree::Node;
using Need = OscArgument::Need;

// Those of the proposal. What stands in `kServed` is also in HOST_INFO's EXTENSIONS.
constexpr std::array<std::string_view, 3> kRequired{"FULL_PATH", "CONTENTS", "TYPE"};
constexpr std::array<std::string_view, 7> kServed{"ACCESS", "VALUE",    "RANGE",    "DESCRIPTION",
                                                  "UNIT",   "CLIPMODE", "OVERLOADS"};
constexpr std::array<std::string_view, 4> kNotServed{"TAGS", "EXTENDED_TYPE", "CRITICAL", "HTML"};
constexpr std::array<std::string_view, 4> kCommands{"LISTEN", "PATH_CHANGED", "PATH_ADDED",
                                                    "PATH_REMOVED"};

// Names of genres come from a file: what is no UTF-8 in them must not end the daemon.
std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// 0.1f as 0.1, not as 0.10000000149011612.
double shortest(float value) { return std::strtod(fmt::format("{}", value).c_str(), nullptr); }

Json json_of(const OscArg& arg) {
    if (const auto* text = std::get_if<std::string>(&arg)) return *text;
    if (const auto* real = std::get_if<float>(&arg)) return shortest(*real);
    if (const auto* whole = std::get_if<std::int32_t>(&arg)) return *whole;
    return osc_number(arg).value_or(0.0);
}

Json number_of(char type, double value) {
    if (type == 'i') return static_cast<std::int64_t>(value);
    return value;
}

Json range_of(const OscArgument& argument) {
    Json range;
    if (!argument.words.empty()) range["VALS"] = argument.words;
    if (argument.minimum) range["MIN"] = number_of(argument.type, *argument.minimum);
    if (argument.maximum) range["MAX"] = number_of(argument.type, *argument.maximum);
    return range;
}

Json unit_of(const OscArgument& argument) {
    if (argument.unit.empty()) return nullptr;
    return oscquery_unit(argument.unit);
}

Json clip_of(const OscArgument& argument) {
    if (!argument.minimum || !argument.maximum) return nullptr;
    return "both";
}

// One item for each argument, null where it has none; nothing at all where all have none.
template <class Of>
void put_items(Json& json, const char* name, const std::vector<OscArgument>& form, Of&& of) {
    Json items = Json::array();
    for (const auto& argument : form) items.push_back(of(argument));
    if (std::any_of(items.begin(), items.end(), [](const Json& item) { return !item.is_null(); }))
        json[name] = std::move(items);
}

void put_form(Json& json, const OscEntry& entry, const std::vector<OscArgument>& form) {
    std::string types;
    for (const auto& argument : form) types += argument.type;
    json["TYPE"] = types;
    put_items(json, "RANGE", form, range_of);
    put_items(json, "UNIT", form, unit_of);
    // The store and the desk clamp; the verbs each do as they do.
    if (entry.kind == OscEntry::Kind::parameter || entry.kind == OscEntry::Kind::action)
        put_items(json, "CLIPMODE", form, clip_of);
}

std::vector<OscArgument> first(std::size_t count, const std::vector<OscArgument>& arguments) {
    return {arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(count)};
}

void put_types(Json& json, const Node& node) {
    const auto& entry = node.entries.front();
    const auto& all = entry.arguments;
    if (all.empty()) {
        if (entry.kind != OscEntry::Kind::action) return;
        OscArgument press;
        press.type = 'i';
        press.minimum = 0.0;
        press.maximum = 1.0;
        return put_form(json, entry, {press});
    }
    if (all.front().need == Need::repeated)
        return put_form(json, entry,
                        std::vector<OscArgument>(std::max<std::size_t>(node.parameters.size(), 1),
                                                 all.front()));
    // A stream says all that it has in one form, what repeats once.
    if (entry.kind == OscEntry::Kind::stream) return put_form(json, entry, all);
    const auto needed = static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [](const auto& a) { return a.need == Need::required; }));
    const auto shown = std::max<std::size_t>(needed, 1);
    put_form(json, entry, first(shown, all));
    Json overloads = Json::array();
    for (auto count = shown + 1; count <= all.size(); ++count) {
        Json overload;
        put_form(overload, entry, first(count, all));
        overloads.push_back(std::move(overload));
    }
    if (!overloads.empty()) json["OVERLOADS"] = std::move(overloads);
}

int access_of(const Node& node) {
    if (node.entries.empty()) return 0;
    const bool readable = !node.parameters.empty() || node.is_stream();
    return (readable ? 1 : 0) + (node.is_writable() ? 2 : 0);
}

Json json_of(const Node& node, const OscQueryTree& tree) {
    Json json;
    json["FULL_PATH"] = node.path;
    if (!node.entries.empty()) json["DESCRIPTION"] = node.entries.front().doc;
    json["ACCESS"] = access_of(node);
    if (!node.entries.empty()) put_types(json, node);
    if (!node.parameters.empty()) {
        Json values = Json::array();
        for (const auto& arg : tree.value_of(node).args) values.push_back(json_of(arg));
        json["VALUE"] = std::move(values);
    } else if (const auto* said = tree.last_said(node.path)) {
        json["VALUE"] = Json::array({json_of(*said)});
    }
    if (node.contents.empty()) return json;
    Json contents;
    for (const auto* child : node.contents) contents[child->name] = json_of(*child, tree);
    json["CONTENTS"] = std::move(contents);
    return json;
}

template <class Names>
bool stands_in(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool Node::is_stream() const {
    return std::any_of(entries.begin(), entries.end(),
                       [](const auto& e) { return e.kind == OscEntry::Kind::stream; });
}

bool Node::is_writable() const {
    return std::any_of(entries.begin(), entries.end(),
                       [](const auto& e) { return e.kind != OscEntry::Kind::stream; });
}

OscQueryTree::OscQueryTree(const std::vector<OscEntry>& entries, const ParamStore& params)
    : params_{&params} {
    nodes_.emplace("/",
                   Node{.path = "/", .name = {}, .entries = {}, .parameters = {}, .contents = {}});
    constexpr std::string_view kGenre = "<genre>";
    for (const auto& entry : entries) {
        const auto at = entry.path.find(kGenre);
        if (at == std::string::npos) {
            add(entry);
            continue;
        }
        for (const auto& genre : params.genres()) {
            auto member = entry;
            member.path.replace(at, kGenre.size(), genre);
            add(member);
        }
    }
}

void OscQueryTree::add(const OscEntry& entry) {
    if (entry.path.find('<') != std::string::npos || !entry.path.starts_with('/')) return;
    Node* parent = &nodes_.at("/");
    for (std::size_t end = 0; end < entry.path.size();) {
        const auto begin = end + 1;
        end = std::min(entry.path.find('/', begin), entry.path.size());
        const auto [it, made] = nodes_.try_emplace(entry.path.substr(0, end));
        if (made) {
            it->second.path = it->first;
            it->second.name = entry.path.substr(begin, end - begin);
            parent->contents.push_back(&it->second);
        }
        parent = &it->second;
    }
    parent->entries.push_back(entry);
    if (entry.parameter) parent->parameters.assign(1, *entry.parameter);
    // "answers all": one path for what many have.
    if (entry.kind == OscEntry::Kind::verb && entry.path == fmt::format("{}/weights", kOscRoot))
        for (ParameterIndex c = 0; c < params_->parameters().size(); ++c)
            if (params_->parameters()[c].is_weight()) parent->parameters.push_back(c);
}

const Node* OscQueryTree::find(std::string_view path) const {
    if (const auto it = nodes_.find(path); it != nodes_.end()) return &it->second;
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    const auto place = place_of_name(
        nodes_, path, [](const auto& node) -> const std::string& { return node.first; });
    return place ? &std::next(nodes_.begin(), static_cast<std::ptrdiff_t>(*place))->second
                 : nullptr;
}

const OscArg* OscQueryTree::last_said(std::string_view path) const {
    const auto it = said_.find(path);
    return it == said_.end() ? nullptr : &it->second;
}

OscMessage OscQueryTree::value_of(const Node& node) const {
    OscMessage message{node.path, {}};
    for (const auto parameter : node.parameters)
        message.args.push_back(
            osc_value(params_->parameters()[parameter], params_->value(parameter)));
    return message;
}

OscQueryAnswer OscQueryTree::answer(std::string_view path, std::string_view query) const {
    const auto* node = find(path);
    if (node == nullptr)
        return {404, fmt::format("there is no {}; GET / says what there is", path)};
    if (query.empty()) return {200, text_of(json_of(*node, *this))};
    if (!stands_in(kRequired, query) && !stands_in(kServed, query)) {
        if (stands_in(kNotServed, query)) return {204, {}};
        return {400, fmt::format("{} is no attribute; one of FULL_PATH, TYPE, VALUE, ... may be "
                                 "asked for",
                                 query)};
    }
    const auto all = json_of(*node, *this);
    const auto it = all.find(std::string{query});
    if (it != all.end()) {
        Json one;
        one[std::string{query}] = *it;
        return {200, text_of(one)};
    }
    if (query == "TYPE" || (query == "VALUE" && node->is_stream())) return {200, "{}"};
    return {204, {}};
}

std::string host_info(const OscQueryIdentity& identity, const std::string& local_address,
                      std::uint16_t port) {
    Json extensions;
    for (const auto name : kServed) extensions[std::string{name}] = true;
    for (const auto name : kNotServed) extensions[std::string{name}] = false;
    for (const auto name : kCommands) extensions[std::string{name}] = true;
    extensions["PATH_RENAMED"] = false;
    const auto& bound = identity.osc_address;
    const bool everywhere = bound == "0.0.0.0" || bound == "::";
    const Json info{{"NAME", identity.name},
                    {"VERSION", identity.version},
                    {"EXTENSIONS", std::move(extensions)},
                    {"OSC_IP", everywhere             ? local_address
                               : bound == "localhost" ? std::string{"127.0.0.1"}
                                                      : bound},
                    {"OSC_PORT", identity.osc_port},
                    {"OSC_TRANSPORT", "UDP"},
                    {"WS_IP", local_address},
                    {"WS_PORT", port}};
    return text_of(info);
}

std::string oscquery_unit(std::string_view unit) {
    if (unit == "bpm") return "time.bpm";
    if (unit == "ms") return "time.ms";
    if (unit == "seconds") return "time.second";
    if (unit == "note") return "time.midinote";
    return std::string{unit};
}

}  // namespace fusion
