#include "daemon/flight/flight_values.hpp"

#include <fmt/format.h>

namespace fusion {

FlightValues::Obeys who_obeys(const Parameter& parameter) {
    using Obeys = FlightValues::Obeys;
    if (const auto* member = std::get_if<GenreMember>(&parameter.of)) {
        const bool is_part = member->family == FamilyId::part ||
                             member->family == FamilyId::part_channel ||
                             member->family == FamilyId::part_program;
        return is_part ? Obeys::clock : Obeys::line;
    }
    switch (std::get<ParamId>(parameter.of)) {
        case ParamId::playing:
        case ParamId::sync:
        case ParamId::clock_out:
        case ParamId::offset:
        case ParamId::thru:
        case ParamId::takeover:
        case ParamId::timetags: return Obeys::nobody;
        case ParamId::tempo:
        case ParamId::channel:
        case ParamId::program:
        case ParamId::mute:
        case ParamId::synth_volume:
        case ParamId::synth_reverb:
        case ParamId::synth_programs:
        case ParamId::swing:
        case ParamId::swing_grid:
        case ParamId::bass_plays:
        case ParamId::bass_mute:
        case ParamId::bass_channel:
        case ParamId::bass_program:
        case ParamId::chords_plays:
        case ParamId::chords_mute:
        case ParamId::chords_channel:
        case ParamId::chords_program:
        case ParamId::drums_plays:
        case ParamId::drums_mute:
        case ParamId::drums_channel:
        case ParamId::drums_program: return Obeys::clock;
        default: return Obeys::line;
    }
}

std::string beats_text(Ticks place) {
    const auto whole = place.count() / kTicksPerBeat.count();
    const auto rest = place.count() % kTicksPerBeat.count();
    if (rest == 0) return fmt::format("{}", whole);
    // A 960th is no finite decimal; four digits name it.
    auto part = fmt::format("{:.4f}",
                            static_cast<double>(rest) / static_cast<double>(kTicksPerBeat.count()));
    part.resize(part.find_last_not_of('0') + 1);
    return fmt::format("{}{}", whole, part.substr(1));
}

FlightValues::FlightValues(std::span<const Parameter> parameters)
    : parameters_{parameters}, said_(parameters.size()) {
    obeys_.reserve(parameters.size());
    for (const auto& parameter : parameters) obeys_.push_back(who_obeys(parameter));
}

void FlightValues::put(std::size_t i, const ParamSnapshot& now, const Say& say) {
    const auto& parameter = parameters_[i];
    const double value = value_of(parameter, now);
    said_[i] = value;
    // Paths are words of their own.
    const bool has_blank = parameter.tail.find(' ') != std::string::npos;
    const auto path = has_blank ? fmt::format("\"{}\"", parameter.tail) : parameter.tail;
    if (!parameter.is_weight()) return say(fmt::format("{} {}", path, value));
    const auto genre = std::get<GenreMember>(parameter.of).genre;
    say(fmt::format("{} {} {}", path, static_cast<float>(value), now.ramps[genre]));
}

void FlightValues::begin(const ParamSnapshot& now, const Say& say) {
    for (std::size_t i = 0; i < parameters_.size(); ++i)
        if (obeys_[i] != Obeys::nobody) put(i, now, say);
}

void FlightValues::change(const ParamSnapshot& now, Obeys who, const Say& say) {
    const bool humanised = now.real(ParamId::humanise) > 0.0;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        auto obeyed_by = obeys_[i];
        if (i == static_cast<std::size_t>(ParamId::tempo) && humanised) obeyed_by = Obeys::line;
        if (obeyed_by == who && value_of(parameters_[i], now) != said_[i]) put(i, now, say);
    }
}

}  // namespace fusion
