#include "osc/namespace.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "config/nearest.hpp"
#include "osc/catalogue.hpp"
#include "osc/pattern.hpp"

namespace fusion {
namespace {

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

OscNamespace::OscNamespace(ParamStore& params, ActionDesk& actions)
    : params_{params}, actions_{actions} {
    for (ControlIndex c = 0; c < params.controls().size(); ++c)
        routes_.push_back({fmt::format("{}/{}", kOscRoot, params.controls()[c].tail),
                           Reach::by_pattern,
                           [this, c](const OscMessage& message, const OscReply& reply) {
                               set_or_query(message, c, reply);
                           }});
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
    if (!reached && !is_osc_answer(message.path))
        reply(osc_fail(message.path, unknown(message.path)));
}

OscMessage OscNamespace::value_of(ControlIndex control) const {
    const auto& row = params_.controls()[control];
    return {fmt::format("{}/{}", kOscRoot, row.tail), {osc_value(row, params_.value(control))}};
}

void OscNamespace::set_or_query(const OscMessage& message, ControlIndex control,
                                const OscReply& reply) {
    const auto& row = params_.controls()[control];
    const auto path = fmt::format("{}/{}", kOscRoot, row.tail);
    const auto& args = message.args;
    if (args.empty()) return reply(value_of(control));
    if (args.size() > (row.is_weight() ? 2U : 1U))
        return reply(
            osc_fail(path, fmt::format("{} arguments; one number{} goes here", args.size(),
                                       row.is_weight() ? " and the beats of its ramp" : "")));
    const auto* word = row.words.empty() ? nullptr : std::get_if<std::string>(&args[0]);
    const auto number = osc_number(args[0]);
    if (word == nullptr && !number) return reply(osc_fail(path, type_reason(args[0], 0)));
    ParamStore::Ramp ramp;
    if (args.size() == 2) {
        ramp = osc_number(args[1]);
        if (!ramp) return reply(osc_fail(path, type_reason(args[1], 1)));
    }
    const auto applied =
        word != nullptr ? params_.set_word(control, *word) : params_.set(control, *number, ramp);
    if (!applied) return reply(osc_fail(path, applied.error().message));
    if (applied->clamped) {
        reply(osc_fail(path, clamp_reason(number.value_or(0.0), applied->value)));
        reply(value_of(control));
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
    for (std::size_t i = 0; i < message.args.size(); ++i) {
        const auto number = osc_number(message.args[i]);
        if (!number) return reply(osc_fail(message.path, type_reason(message.args[i], i)));
        weights.push_back(*number);
    }
    const auto applied = params_.set_weights(weights);
    if (!applied) return reply(osc_fail(message.path, applied.error().message));
    const auto clamped = std::ranges::find_if(*applied, &Applied::clamped);
    if (clamped == applied->end()) return;
    const auto place = static_cast<std::size_t>(clamped - applied->begin());
    reply(osc_fail(message.path, fmt::format("argument {}: {}", place + 1,
                                             clamp_reason(weights[place], clamped->value))));
    answer();
}

void OscNamespace::act(const ActionSpec& action, const OscMessage& message, const OscReply& reply) {
    const auto& args = message.args;
    const auto* text = action.text();
    const auto* number = action.number();
    // A button of any surface sends a number, also where none is wanted.
    const std::size_t most = std::max<std::size_t>(action.arguments.size(), 1);
    if (args.size() > most)
        return reply(osc_fail(message.path, fmt::format("{} arguments; {} at most", args.size(),
                                                        action.arguments.size())));
    ActionCall call;
    std::size_t at = 0;
    if (text != nullptr && at < args.size()) {
        const auto* given = std::get_if<std::string>(&args[at]);
        if (given == nullptr)
            return reply(osc_fail(message.path,
                                  fmt::format("argument 1 has type '{}'; the {} goes here, as text",
                                              osc_type(args[at]), text->name)));
        call.text = *given;
        ++at;
    }
    if (at < args.size()) {
        const auto given = osc_number(args[at]);
        if (!given) return reply(osc_fail(message.path, type_reason(args[at], at)));
        if (text == nullptr && *given == 0.0) return;  // a button's release, or a nudge by nothing
        if (number != nullptr) call.number = given;
    }
    const auto applied = actions_.act(action.id, call);
    if (!applied) return reply(osc_fail(message.path, applied.error().message));
    if (applied->clamped) reply(osc_fail(message.path, clamp_reason(*call.number, applied->value)));
}

std::string OscNamespace::unknown(const std::string& path) const {
    if (is_osc_pattern(path)) return "no parameter matches this pattern";
    std::vector<std::string> paths;
    for (const auto& route : routes_) paths.push_back(route.path);
    return fmt::format("unknown path{}", did_you_mean(path, paths));
}

}  // namespace fusion
