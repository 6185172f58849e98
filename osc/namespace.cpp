#include "osc/namespace.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/nearest.hpp"
#include "engine/base/log.hpp"
#include "engine/base/realtime_contract.hpp"
#include "engine/params/names.hpp"
#include "engine/params/text_value.hpp"
#include "osc/catalogue.hpp"
#include "osc/pattern.hpp"

namespace fusion {
namespace {

// More than this is no slip, and nothing is made of it.
constexpr std::size_t kMostTooMany = 64;

bool is_nil(const OscArg& arg) { return osc_type(arg) == 'N'; }

std::string_view without_end_slashes(std::string_view path) {
    const auto last = path.find_last_not_of('/');
    return last == std::string_view::npos ? path : path.substr(0, last + 1);
}

// How many arguments have a meaning.
std::size_t most_of(const Parameter& row) {
    constexpr std::size_t kWordsOfATonality = 4;  // C, sharp, harmonic, minor
    if (may_say_both(shape_of(row))) return kWordsOfATonality;
    return row.is_weight() ? 2 : 1;
}

}  // namespace

OscMessage osc_fail(const std::string& path, const std::string& reason) {
    return {"/fail", {path, reason}};
}

OscNamespace::OscNamespace(ParamStore& params, ActionDesk& actions)
    : params_{params}, actions_{actions} {
    for (ParameterIndex c = 0; c < params.parameters().size(); ++c) {
        const auto& row = params.parameters()[c];
        routes_.push_back({fmt::format("{}/{}", kOscRoot, row.tail), Kind::value, most_of(row),
                           [this, c](const OscMessage& message, Form form, const OscReply& reply) {
                               set_or_query(message, c, form, reply);
                           }});
    }
    routes_.push_back({fmt::format("{}/weights", kOscRoot), Kind::verb, params.genres().size(),
                       [this](const OscMessage& message, Form form, const OscReply& reply) {
                           set_weights(message, form, reply);
                       }});
    for (const auto& action : action_table())
        // A button of any surface sends a number, also where none is wanted.
        routes_.push_back({fmt::format("{}/{}", kOscRoot, action.name), Kind::action,
                           std::max<std::size_t>(action.arguments.size(), 1),
                           [this, &action](const OscMessage& message, Form, const OscReply& reply) {
                               act(action, message, reply);
                           }});
}

void OscNamespace::add_verb(std::string path, Verb verb, std::size_t most) {
    routes_.push_back({std::move(path), Kind::verb, most,
                       [verb = std::move(verb)](const OscMessage& message, Form,
                                                const OscReply& reply) { verb(message, reply); }});
}

std::string OscNamespace::path_meant(std::string_view sent) const {
    const auto bare = without_end_slashes(sent);
    if (is_osc_pattern(bare)) return std::string{bare};
    const auto place = place_of_name(routes_, bare, &Route::path);
    return place ? routes_[*place].path : std::string{sent};
}

void OscNamespace::handle(const OscMessage& message, const OscReply& reply) {
    expect_thread(ThreadRole::control);
    const auto path = path_meant(message.path);
    const bool pattern = is_osc_pattern(path);
    const auto form = pattern || path == message.path ? Form::ours : Form::mended;
    bool reached = false;
    for (const auto& route : routes_) {
        const bool wanted = pattern
                                ? route.kind == Kind::value && osc_pattern_matches(path, route.path)
                                : route.path == path;
        if (!wanted) continue;
        reached = true;
        hand_to(route, message, form, reply);
    }
    if (!reached && !is_osc_answer(message.path))
        reply(osc_fail(message.path, unknown(message.path)));
}

void OscNamespace::hand_to(const Route& route, const OscMessage& sent, Form form,
                           const OscReply& reply) {
    std::span<const OscArg> args{sent.args};
    while (!args.empty() && is_nil(args.back())) args = args.first(args.size() - 1);
    if (route.kind == Kind::action && args.empty() && !sent.args.empty())
        return reply(osc_fail(route.path, "a nil asks, and this has no value; send no argument"));
    if (args.size() > route.most) {
        if (args.size() - route.most > kMostTooMany)
            return reply(osc_fail(
                route.path, fmt::format("{} arguments; {} at most", args.size(), route.most)));
        tell_once(route.path, args.size(), route.most);
        args = args.first(route.most);
        form = Form::mended;
    }
    if (route.path == sent.path && args.size() == sent.args.size())
        return route.take(sent, form, reply);
    route.take({route.path, {args.begin(), args.end()}}, form, reply);
}

void OscNamespace::tell_once(const std::string& path, std::size_t given, std::size_t taken) {
    if (told_.insert(path).second)
        log::warning(
            "OSC {}: {} arguments where {} have a meaning; the rest is left out, there and "
            "in what comes after",
            path, given, taken);
}

OscMessage OscNamespace::value_of(ParameterIndex parameter) const {
    const auto& row = params_.parameters()[parameter];
    return {fmt::format("{}/{}", kOscRoot, row.tail), {osc_value(row, params_.value(parameter))}};
}

std::string OscNamespace::unknown(const std::string& path) const {
    if (is_osc_pattern(path)) return "no parameter matches this pattern";
    const auto bare = without_end_slashes(path);
    std::vector<std::string> paths;
    std::vector<std::string> alike;
    for (const auto& route : routes_) {
        paths.push_back(route.path);
        if (same_but_for_case(route.path, bare)) alike.push_back(route.path);
    }
    if (!alike.empty()) return fmt::format("it may be {}", fmt::join(alike, " or "));
    return fmt::format("unknown path{}", did_you_mean(bare, paths));
}

}  // namespace fusion
