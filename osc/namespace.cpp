#include "osc/namespace.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "config/nearest.hpp"
#include "osc/pattern.hpp"

namespace fusion {
namespace {

// Answers of other servers: answering one with /fail could go back and forth for ever.
bool is_answer(std::string_view path) {
    constexpr std::array<std::string_view, 5> kAnswers{"/fail", "/done", "/synced", "/late",
                                                       "/status.reply"};
    return std::find(kAnswers.begin(), kAnswers.end(), path) != kAnswers.end();
}

std::string type_reason(const OscArg& arg, std::size_t place) {
    return fmt::format("argument {} has type '{}'; a number (i, h, f, d, T or F) goes here",
                       place + 1, osc_type(arg));
}

std::string clamp_reason(double asked, double applied) {
    return fmt::format("{} is out of range; clamped to {}", asked, applied);
}

}  // namespace

OscMessage osc_fail(const std::string& path, const std::string& reason) {
    return {"/fail", {path, reason}};
}

OscNamespace::OscNamespace(ParamStore& params) : params_{params} {
    for (const auto& row : param_table()) {
        const auto path = fmt::format("{}/{}", kOscRoot, row.name);
        routes_.push_back({path, Reach::by_pattern,
                           [this, path, &row](const OscMessage& message, const OscReply& reply) {
                               set_or_query(
                                   message, path, row.name, [&] { return value_of(row); }, reply);
                           }});
    }
    for (std::size_t g = 0; g < params.genres().size(); ++g) {
        const auto tail = fmt::format("{}/{}", kGenreWeightSpec.family, params.genres()[g]);
        const auto path = fmt::format("{}/{}", kOscRoot, tail);
        routes_.push_back({path, Reach::by_pattern,
                           [this, path, tail, g](const OscMessage& message, const OscReply& reply) {
                               set_or_query(
                                   message, path, tail, [&] { return weight_of(g); }, reply);
                           }});
    }
    add_verb(
        fmt::format("{}/weights", kOscRoot),
        [this](const OscMessage& message, const OscReply& reply) { set_weights(message, reply); });
    for (const auto& action : action_table())
        add_verb(fmt::format("{}/{}", kOscRoot, action.name),
                 [this, &action](const OscMessage& message, const OscReply& reply) {
                     act(action, message, reply);
                 });
}

void OscNamespace::add_verb(std::string path, Verb verb) {
    routes_.push_back({std::move(path), Reach::by_name, std::move(verb)});
}

void OscNamespace::handle(const OscMessage& message, const OscReply& reply) {
    bool reached = false;
    const bool pattern = is_osc_pattern(message.path);
    for (const auto& route : routes_) {
        const bool wanted = pattern ? route.reach == Reach::by_pattern &&
                                          osc_pattern_matches(message.path, route.path)
                                    : route.path == message.path;
        if (!wanted) continue;
        reached = true;
        route.verb(message, reply);
    }
    if (!reached && !is_answer(message.path)) reply(osc_fail(message.path, unknown(message.path)));
}

OscMessage OscNamespace::value_of(const ParamSpec& row) const {
    const double value = params_.current().real(row.id);
    OscMessage message{fmt::format("{}/{}", kOscRoot, row.name), {}};
    if (row.type == ParamType::choice)
        message.args.emplace_back(std::string{row.words[static_cast<std::size_t>(value)]});
    else if (row.type == ParamType::real)
        message.args.emplace_back(static_cast<float>(value));
    else
        message.args.emplace_back(static_cast<std::int32_t>(value));
    return message;
}

OscMessage OscNamespace::weight_of(std::size_t genre) const {
    return {fmt::format("{}/{}/{}", kOscRoot, kGenreWeightSpec.family, params_.genres()[genre]),
            {params_.current().weights.value[genre]}};
}

void OscNamespace::set_or_query(const OscMessage& message, const std::string& path,
                                std::string_view tail, const std::function<OscMessage()>& value,
                                const OscReply& reply) {
    if (message.args.empty()) return reply(value());
    if (message.args.size() > 1)
        return reply(
            osc_fail(path, fmt::format("{} arguments; one number goes here", message.args.size())));
    const auto* row = find_param(tail);
    const auto* word = row != nullptr && row->type == ParamType::choice
                           ? std::get_if<std::string>(&message.args[0])
                           : nullptr;
    const auto number = osc_number(message.args[0]);
    if (word == nullptr && !number) return reply(osc_fail(path, type_reason(message.args[0], 0)));
    const auto applied =
        word != nullptr ? params_.set_word(tail, *word) : params_.set(tail, *number);
    if (!applied) return reply(osc_fail(path, applied.error().message));
    if (applied->clamped) {
        reply(osc_fail(path, clamp_reason(number.value_or(0.0), applied->value)));
        reply(value());
    }
}

void OscNamespace::set_weights(const OscMessage& message, const OscReply& reply) {
    const auto answer = [&] {
        OscMessage all{message.path, {}};
        for (std::size_t g = 0; g < params_.genres().size(); ++g)
            all.args.emplace_back(params_.current().weights.value[g]);
        reply(all);
    };
    if (message.args.empty()) return answer();
    std::vector<double> weights;
    std::string clamped;
    for (std::size_t i = 0; i < message.args.size(); ++i) {
        const auto number = osc_number(message.args[i]);
        if (!number) return reply(osc_fail(message.path, type_reason(message.args[i], i)));
        const double kept = std::clamp(*number, kGenreWeightSpec.minimum, kGenreWeightSpec.maximum);
        if (std::isfinite(*number) && kept != *number && clamped.empty())
            clamped = fmt::format("argument {}: {}", i + 1, clamp_reason(*number, kept));
        weights.push_back(*number);
    }
    if (const auto done = params_.set_weights(weights); !done)
        return reply(osc_fail(message.path, done.error().message));
    if (!clamped.empty()) {
        reply(osc_fail(message.path, clamped));
        answer();
    }
}

void OscNamespace::act(const ActionSpec& action, const OscMessage& message, const OscReply& reply) {
    if (message.args.size() > 1 || (action.argument && message.args.empty()))
        return reply(osc_fail(
            message.path, fmt::format("{} arguments; {}", message.args.size(),
                                      action.argument ? fmt::format("one number of {} goes here",
                                                                    action.argument->unit)
                                                      : "none is needed")));
    double argument = 0.0;
    if (!message.args.empty()) {
        const auto number = osc_number(message.args[0]);
        if (!number) return reply(osc_fail(message.path, type_reason(message.args[0], 0)));
        if (*number == 0.0) return;  // a button's release, or a nudge by nothing
        argument = *number;
    }
    const auto applied = params_.act(action.id, argument);
    if (!applied) return reply(osc_fail(message.path, applied.error().message));
    if (applied->clamped) reply(osc_fail(message.path, clamp_reason(argument, applied->value)));
}

std::string OscNamespace::unknown(const std::string& path) const {
    if (is_osc_pattern(path)) return "no parameter matches this pattern";
    std::vector<std::string> paths;
    for (const auto& route : routes_) paths.push_back(route.path);
    return fmt::format("unknown path{}", did_you_mean(path, paths));
}

}  // namespace fusion
