#include "engine/params/parameter.hpp"

#include <fmt/format.h>

namespace fusion {
namespace {

Parameter parameter_of(const ParamSpec& row) {
    return {row.id,      std::string{row.name}, row.type, row.unit, row.minimum,
            row.maximum, row.initial,           row.cc,   row.doc,  row.words,
            row.scope};
}

Parameter parameter_of(const FamilySpec& row, std::size_t genre, const std::string& name) {
    const double span = row.maximum - row.minimum + 1.0;
    double initial = row.initial + row.initial_step * static_cast<double>(genre);
    while (initial > row.maximum) initial -= span;  // channels go round
    const auto cc = row.first_cc && genre < kWeightCcs
                        ? std::optional{static_cast<std::uint8_t>(*row.first_cc + genre)}
                        : std::nullopt;
    return {GenreMember{row.id, genre},
            fmt::format("{}/{}", row.name, name),
            row.type,
            row.unit,
            row.minimum,
            row.maximum,
            initial,
            cc,
            row.doc,
            row.words,
            Scope::music};
}

// The families of the band stand together, in the order of its parts.
template <class Snapshot>
auto& band_weight(Snapshot& snapshot, FamilyId family, std::size_t genre) {
    const auto part =
        static_cast<std::size_t>(family) - static_cast<std::size_t>(FamilyId::bass_weight);
    return snapshot.band_weights[part].value[genre];
}

}  // namespace

std::vector<Parameter> parameters_of(std::span<const std::string> genres) {
    std::vector<Parameter> all;
    for (const auto& row : param_table()) all.push_back(parameter_of(row));
    for (const auto& row : family_table())
        for (std::size_t g = 0; g < genres.size(); ++g)
            all.push_back(parameter_of(row, g, genres[g]));
    return all;
}

double value_of(const Parameter& parameter, const ParamSnapshot& snapshot) {
    if (const auto* id = std::get_if<ParamId>(&parameter.of)) return snapshot.real(*id);
    const auto& [family, genre] = std::get<GenreMember>(parameter.of);
    switch (family) {
        case FamilyId::weight: return snapshot.weights.value[genre];
        case FamilyId::part: return snapshot.parts[genre].plays ? 1.0 : 0.0;
        case FamilyId::part_channel: return snapshot.parts[genre].channel;
        case FamilyId::part_program: return snapshot.parts[genre].program;
        case FamilyId::bass_weight:
        case FamilyId::chords_weight:
        case FamilyId::drums_weight: return band_weight(snapshot, family, genre);
    }
    return 0.0;
}

void put_value(const Parameter& parameter, double value, ParamSnapshot& snapshot) {
    if (const auto* id = std::get_if<ParamId>(&parameter.of)) {
        snapshot.values[static_cast<std::size_t>(*id)] = value;
        return;
    }
    const auto& [family, genre] = std::get<GenreMember>(parameter.of);
    switch (family) {
        case FamilyId::weight: snapshot.weights.value[genre] = static_cast<float>(value); break;
        case FamilyId::part: snapshot.parts[genre].plays = value != 0.0; break;
        case FamilyId::part_channel:
            snapshot.parts[genre].channel = static_cast<std::uint8_t>(value);
            break;
        case FamilyId::part_program:
            snapshot.parts[genre].program = static_cast<std::uint8_t>(value);
            break;
        case FamilyId::bass_weight:
        case FamilyId::chords_weight:
        case FamilyId::drums_weight:
            band_weight(snapshot, family, genre) = static_cast<float>(value);
            break;
    }
}

std::optional<std::string_view> word_of(const Parameter& parameter, double value) {
    const auto place = static_cast<std::size_t>(value);
    if (!(value >= 0.0) || place >= parameter.words.size()) return {};
    return parameter.words[place];
}

}  // namespace fusion
