#include "config/morph.hpp"

#include <algorithm>
#include <cmath>

namespace fusion {

Morph::Way Morph::way_of(const Parameter& parameter) {
    if (const auto* member = std::get_if<GenreMember>(&parameter.of)) {
        switch (member->family) {
            case FamilyId::weight: return Way::by_ramp;
            case FamilyId::part:
            case FamilyId::bass_weight:  // below 0 begins another meaning
            case FamilyId::chords_weight:
            case FamilyId::drums_weight: return Way::at_half;
            case FamilyId::part_channel:
            case FamilyId::part_program: return Way::at_start;
        }
    }
    switch (std::get<ParamId>(parameter.of)) {
        case ParamId::channel:
        case ParamId::program:
        case ParamId::bass_channel:
        case ParamId::bass_program:
        case ParamId::chords_channel:
        case ParamId::chords_program:
        case ParamId::drums_channel:
        case ParamId::drums_program: return Way::at_start;
        // Between two seeds lie others, not something of both, and between 4 and 8 no meter.
        case ParamId::seed:
        case ParamId::meter_numerator:
        case ParamId::meter_denominator: return Way::at_half;
        default:
            return parameter.type == ParamType::real || parameter.type == ParamType::integer
                       ? Way::linear
                       : Way::at_half;
    }
}

Result<Morph> Morph::begin(const Scene& scene, double beats, double position, ParamStore& params,
                           const Morph* before) {
    Morph morph;
    morph.name_ = scene.name;
    morph.beats_ = beats;
    morph.position_ = position;
    std::vector<Setting> at_once;
    for (const auto& [parameter, wanted] : settings_of(scene.values, params).known) {
        const auto& row = params.parameters()[parameter];
        const auto way = way_of(row);
        const auto from =
            before != nullptr ? before->value_now(parameter, params) : params.value(parameter);
        const auto to = fit(shape_of(row), wanted);
        if (!to) continue;  // stays as it is, and holds up nothing else
        if (way == Way::by_ramp || way == Way::at_start) at_once.push_back({parameter, to->value});
        if (way != Way::at_start) morph.movers_.push_back({parameter, way, from, to->value, from});
    }
    if (auto set = params.set_all(at_once, beats); !set) return tl::unexpected{set.error()};
    for (auto& mover : morph.movers_) mover.last = params.value(mover.parameter);
    return morph;
}

bool Morph::touched(const Mover& mover, const ParamStore& params) const {
    const auto& parameter = params.parameters()[mover.parameter];
    // A follower of tempo (Ableton Link counts whole microseconds a beat) may give it back rounded.
    const double slack =
        parameter.type == ParamType::real ? 1e-5 * (parameter.maximum - parameter.minimum) : 0.0;
    if (std::abs(params.value(mover.parameter) - mover.last) > slack) return true;
    return mover.way == Way::by_ramp &&
           params.current().ramps[std::get<GenreMember>(parameter.of).genre] !=
               static_cast<float>(beats_);
}

double Morph::progress() const { return std::min(passed_ / beats_, 1.0); }

bool Morph::turn(double position, ParamStore& params) {
    passed_ += std::max(0.0, position - position_);
    position_ = position;
    std::erase_if(movers_, [&](const Mover& mover) { return touched(mover, params); });
    const double done = progress();
    std::vector<Setting> settings;
    for (const auto& mover : movers_) {
        if (mover.way == Way::by_ramp) continue;
        double value = done < 0.5 ? mover.from : mover.to;
        if (mover.way == Way::linear)
            value = done < 1.0 ? std::lerp(mover.from, mover.to, done) : mover.to;
        const bool whole = params.parameters()[mover.parameter].type != ParamType::real;
        if (whole) value = std::round(value);
        if (value != mover.last) settings.push_back({mover.parameter, value});
    }
    put(settings, params);
    return done < 1.0;
}

void Morph::put(std::span<const Setting> settings, ParamStore& params) {
    if (!params.set_all(settings))
        // One is refused, and with it all: the others go alone.
        for (const auto& setting : settings)
            static_cast<void>(params.set(setting.parameter, setting.value));
    for (auto& mover : movers_) mover.last = params.value(mover.parameter);
}

double Morph::value_now(ParameterIndex parameter, const ParamStore& params) const {
    const auto it = std::ranges::find(movers_, parameter, &Mover::parameter);
    if (it == movers_.end() || it->way != Way::by_ramp || touched(*it, params))
        return params.value(parameter);
    return (1.0 - progress()) * it->from + progress() * it->to;
}

}  // namespace fusion
