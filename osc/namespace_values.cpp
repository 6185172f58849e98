// What paths with values, and actions, do with their arguments.
#include <algorithm>

#include <fmt/format.h>

#include "engine/params/text_value.hpp"
#include "osc/namespace.hpp"

namespace fusion {
namespace {

std::string type_reason(const OscArg& arg, std::size_t place) {
    return fmt::format(
        "argument {} has type '{}'; a number goes here (i, h, f, d, T or F, or as text)", place + 1,
        osc_type(arg));
}

std::string clamp_reason(double asked, double applied) {
    return fmt::format("{} is out of range; clamped to {}", asked, applied);
}

Result<double> number_of(const OscArg& arg, std::size_t place, const ValueShape& shape) {
    if (const auto number = osc_number(arg)) return *number;
    const auto text = osc_text(arg);
    if (!text) return fail(Error::Code::out_of_range, type_reason(arg, place));
    const auto said = read_value(shape, *text);
    if (said) return said->value;
    return about(fmt::format("argument {}", place + 1), said.error());
}

bool is_text(const OscArg& arg) { return osc_text(arg).has_value(); }

// "D", "dorian" as separate texts are one, for key and scale.
std::string joined(std::span<const OscArg> args) {
    std::string text;
    for (const auto& arg : args) {
        if (!text.empty()) text += ' ';
        text += *osc_text(arg);
    }
    return text;
}

// What a message asks of a parameter.
struct Wish {
    std::vector<Setting> settings;
    ParamStore::Ramp ramp;
    std::string clamped_ramp;  // the reason; empty where it was not
    std::size_t taken = 1;     // arguments
    bool as_said_here = true;
};

Result<Wish> read_wish(std::span<const OscArg> args, ParameterIndex parameter,
                       const ParamStore& params) {
    const auto& row = params.parameters()[parameter];
    Wish wish;
    if (const auto number = osc_number(args[0])) {
        wish.settings.push_back({parameter, *number});
    } else if (is_text(args[0])) {
        if (may_say_both(shape_of(row)))
            wish.taken =
                static_cast<std::size_t>(std::ranges::find_if_not(args, is_text) - args.begin());
        const auto text = joined(args.first(wish.taken));
        auto said = params.read(parameter, text);
        if (!said) return tl::unexpected{said.error()};
        wish.settings = std::move(*said);
        wish.as_said_here =
            wish.settings.size() == 1 && word_of(row, wish.settings[0].value) == text;
    } else {
        return fail(Error::Code::out_of_range, type_reason(args[0], 0));
    }
    if (!row.is_weight() || args.size() == 1) return wish;
    const auto longest = shape_of(spec(ParamId::ramp));
    const auto beats = number_of(args[1], 1, longest);
    if (!beats) return tl::unexpected{beats.error()};
    const auto kept = fit(longest, *beats);
    if (!kept) return about("argument 2", kept.error());
    if (kept->clamped) wish.clamped_ramp = clamp_reason(*beats, kept->value);
    wish.ramp = kept->value;
    wish.taken = 2;
    return wish;
}

}  // namespace

void OscNamespace::set_or_query(const OscMessage& message, ParameterIndex parameter, Form form,
                                const OscReply& reply) {
    const auto& [path, args] = message;
    if (args.empty()) return reply(value_of(parameter));
    const auto wish = read_wish(args, parameter, params_);
    if (!wish) return reply(osc_fail(path, wish.error().message));
    const auto applied = params_.set_all(wish->settings, wish->ramp);
    if (!applied) return reply(osc_fail(path, applied.error().message));
    bool is_ours = form == Form::ours && wish->as_said_here && wish->clamped_ramp.empty();
    if (args.size() > wish->taken) {
        tell_once(path, args.size(), wish->taken);
        is_ours = false;
    }
    for (std::size_t i = 0; i < applied->size(); ++i) {
        const auto& [value, clamped] = (*applied)[i];
        if (!clamped) continue;
        is_ours = false;
        reply(osc_fail(value_of(wish->settings[i].parameter).path,
                       clamp_reason(wish->settings[i].value, value)));
    }
    if (!wish->clamped_ramp.empty())
        reply(osc_fail(path, fmt::format("ramp: {}", wish->clamped_ramp)));
    if (is_ours) return;
    for (const auto& setting : wish->settings) reply(value_of(setting.parameter));
}

void OscNamespace::set_weights(const OscMessage& message, Form form, const OscReply& reply) {
    const auto answer = [&] {
        OscMessage all{message.path, {}};
        for (std::size_t g = 0; g < params_.genres().size(); ++g)
            all.args.emplace_back(params_.current().weights.value[g]);
        reply(all);
    };
    if (message.args.empty()) return answer();
    std::vector<double> weights;
    for (std::size_t i = 0; i < message.args.size(); ++i) {
        const auto weight = number_of(message.args[i], i, shape_of(spec(FamilyId::weight)));
        if (!weight) return reply(osc_fail(message.path, weight.error().message));
        if (is_text(message.args[i])) form = Form::mended;
        weights.push_back(*weight);
    }
    const auto applied = params_.set_weights(weights);
    if (!applied) return reply(osc_fail(message.path, applied.error().message));
    const auto clamped = std::ranges::find_if(*applied, &Applied::clamped);
    if (clamped != applied->end()) {
        const auto place = static_cast<std::size_t>(clamped - applied->begin());
        reply(osc_fail(message.path, fmt::format("argument {}: {}", place + 1,
                                                 clamp_reason(weights[place], clamped->value))));
        form = Form::mended;
    }
    if (form == Form::mended) answer();
}

void OscNamespace::act(const ActionSpec& action, const OscMessage& message, const OscReply& reply) {
    std::span<const OscArg> args{message.args};
    const auto* text = action.text();
    const auto* number = action.number();
    ActionCall call;
    // OSC 1.1's impulse, Max's bang: do it.
    if (!args.empty() && osc_type(args[0]) == 'I') args = args.subspan(1);
    std::size_t at = 0;
    if (text != nullptr && at < args.size()) {
        const auto given = osc_text(args[at]);
        if (!given)
            return reply(osc_fail(message.path,
                                  fmt::format("argument 1 has type '{}'; the {} goes here, as text",
                                              osc_type(args[at]), text->name)));
        call.text = *given;
        ++at;
    }
    if (at < args.size()) {
        constexpr double kReleased = 0.0;
        const auto shape =
            number != nullptr ? shape_of(*number) : ValueShape{ParamType::toggle, kReleased, 1.0};
        const auto given = number_of(args[at], at, shape);
        if (!given) return reply(osc_fail(message.path, given.error().message));
        const bool counts = number != nullptr && number->zero == ArgumentSpec::Zero::counts;
        if (text == nullptr && *given == kReleased && !counts) return;  // or a nudge by nothing
        if (number != nullptr) call.number = *given;
    }
    const auto applied = actions_.act(action.id, call);
    if (!applied) return reply(osc_fail(message.path, applied.error().message));
    if (applied->clamped) reply(osc_fail(message.path, clamp_reason(*call.number, applied->value)));
}

}  // namespace fusion
