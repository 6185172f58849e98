#include "config/midi_binding.hpp"

#include <cmath>

#include <fmt/format.h>

#include "config/nearest.hpp"
#include "config/scenes.hpp"

namespace fusion {
namespace {

constexpr std::string_view kScenePrefix = "scene/";

// What a binding may say of a target that has values, as far as the table knows it.
struct Range {
    ParamType type;
    double minimum;
    double maximum;
};

std::optional<Range> range_of(std::string_view target) {
    if (const auto* row = find_param(target)) return Range{row->type, row->minimum, row->maximum};
    const auto member = member_name(target);
    if (!member) return {};
    if (const auto* family = find_family(member->family))
        return Range{family->type, family->minimum, family->maximum};
    return {};
}

Status unknown_target(std::string_view target) {
    std::vector<std::string> names;
    for (const auto& row : param_table()) names.emplace_back(row.name);
    for (const auto& family : family_table())
        names.push_back(fmt::format("{}/<genre>", family.name));
    for (const auto& action : action_table())
        if (action.arguments.empty()) names.emplace_back(action.name);
    names.emplace_back("scene/<name>");
    std::string list;
    for (const auto& name : names) list += fmt::format("{}{}", list.empty() ? "" : ", ", name);
    return fail(Error::Code::malformed, fmt::format("nothing is called '{}'{}; there are: {}",
                                                    target, did_you_mean(target, names), list));
}

Status wrong(std::string what) { return fail(Error::Code::malformed, std::move(what)); }

Status check_source(const MidiSource& source) {
    if (source.number < lowest_number(source.kind) || source.number > highest_number(source.kind))
        return wrong(fmt::format("{}: the number must be {} to {}", describe(source),
                                 lowest_number(source.kind), highest_number(source.kind)));
    if (source.channel > 16) return wrong("channel must be 1 to 16, or 0 for any");
    if (source.input > kHighestBoundInput)
        return wrong(fmt::format("input must be 1 to {}, or 0 for any", kHighestBoundInput));
    return {};
}

Status check_valueless(const MidiBinding& binding) {
    if (binding.minimum || binding.maximum || binding.curve != Curve::linear ||
        binding.encoder != Encoder::absolute || binding.step || binding.press || binding.takeover)
        return wrong(
            fmt::format("'{}' has no value: minimum, maximum, curve, encoder, step, press "
                        "and takeover go with a parameter",
                        binding.target));
    return {};
}

Status check_range(const MidiBinding& binding, const Range& range) {
    const auto inside = [&](const std::optional<double>& end) {
        return !end || (std::isfinite(*end) && *end >= range.minimum && *end <= range.maximum);
    };
    if (!inside(binding.minimum) || !inside(binding.maximum))
        return wrong(fmt::format("minimum and maximum must be within those of {}, {} to {}",
                                 binding.target, range.minimum, range.maximum));
    const double low = binding.minimum.value_or(range.minimum);
    const double high = binding.maximum.value_or(range.maximum);
    const bool whole = range.type != ParamType::real;
    if (low == high) return wrong(fmt::format("minimum and maximum are both {}", low));
    if (whole && (std::trunc(low) != low || std::trunc(high) != high))
        return wrong(fmt::format("minimum and maximum of {} must be whole", binding.target));
    if (binding.curve != Curve::linear &&
        (range.type == ParamType::toggle || range.type == ParamType::choice))
        return wrong(fmt::format("a curve makes no sense for {}", binding.target));
    if (binding.step) {
        if (!std::isfinite(*binding.step) || *binding.step <= 0.0 ||
            *binding.step > range.maximum - range.minimum)
            return wrong(
                fmt::format("step must be above 0 and at most {}", range.maximum - range.minimum));
        if (whole && std::trunc(*binding.step) != *binding.step)
            return wrong(fmt::format("step of {} must be whole", binding.target));
    }
    return {};
}

Status check_reading(const MidiBinding& binding) {
    const bool endless = binding.encoder != Encoder::absolute;
    const auto kind = binding.source.kind;
    if (endless && kind != MidiKind::cc) return wrong("an encoder counts by cc alone");
    if (endless && binding.press) return wrong("an encoder is no button: leave out press");
    if (endless && binding.takeover) return wrong("an encoder needs no takeover: leave it out");
    // Data increments step too.
    if (binding.step && !endless && kind != MidiKind::nrpn)
        return wrong("step goes with an encoder, or with nrpn");
    if (kind == MidiKind::program && binding.press == Press::momentary)
        return wrong("a program is never released: press can only be toggle");
    return {};
}

}  // namespace

std::string describe(const MidiSource& source) {
    const auto what = [&] {
        switch (source.kind) {
            case MidiKind::cc: return fmt::format("CC {}", source.number);
            case MidiKind::cc14:
                return fmt::format("CC {} and {}", source.number, source.number + 32);
            case MidiKind::nrpn: return fmt::format("NRPN {}", source.number);
            case MidiKind::note: return fmt::format("note {}", source.number);
            case MidiKind::program: return fmt::format("program {}", source.number);
            case MidiKind::pitch_bend: return fmt::format("pitch bend");
        }
        return std::string{};
    }();
    const auto channel = source.channel > 0 ? fmt::format(" on channel {}", source.channel) : "";
    const auto input = source.input > 0 ? fmt::format(" of input {}", source.input) : "";
    return what + channel + input;
}

Status check_binding(const MidiBinding& binding) {
    if (auto sound = check_source(binding.source); !sound) return sound;
    if (binding.target.empty())
        return binding == MidiBinding{binding.source, {}}
                   ? Status{}
                   : wrong("a target of \"\" turns nothing, and takes no other key");
    const auto range = range_of(binding.target);
    const auto* action = find_action(binding.target);
    const bool scene = action == nullptr && binding.target.starts_with(kScenePrefix);
    if (binding.morph && !scene) return wrong("morph goes with scene/<name>");
    if (range) {
        if (auto sound = check_range(binding, *range); !sound) return sound;
        return check_reading(binding);
    }
    if (action != nullptr && !action->arguments.empty())
        return wrong(
            fmt::format("'{}' wants arguments, which a controller does not give", binding.target));
    if (scene) {
        if (auto sound = check_scene_name(binding.target.substr(kScenePrefix.size())); !sound)
            return wrong(fmt::format("target: {}", sound.error().message));
        const auto* beats = spec(ActionId::scene_recall).number();
        if (binding.morph &&
            !(*binding.morph >= beats->minimum && *binding.morph <= beats->maximum))
            return wrong(
                fmt::format("morph must be {} to {} beats", beats->minimum, beats->maximum));
    } else if (action == nullptr) {
        return unknown_target(binding.target);
    }
    return check_valueless(binding);
}

std::vector<MidiBinding> cc_bindings(const std::map<std::uint8_t, std::string>& ccs) {
    std::vector<MidiBinding> bindings;
    bindings.reserve(ccs.size());
    for (const auto& [number, target] : ccs)
        bindings.push_back({{MidiKind::cc, number, 0, 0}, target});
    return bindings;
}

}  // namespace fusion
