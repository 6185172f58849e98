#include "daemon/cc_map.hpp"

#include <charconv>

#include <fmt/format.h>

namespace fusion {
namespace {

constexpr double kHighest = 127.0;

// "weight/1" is the first genre.
std::optional<std::size_t> place_of(std::string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number == 0) return {};
    return number - 1;
}

}  // namespace

CcMap::CcMap(const CcTargets& targets, ParamStore& params) : params_{params} {
    for (const auto& [controller, name] : targets) {
        auto& target = targets_[controller & 127U];
        if (const auto* row = find_param(name)) {
            target = row->id;
            continue;
        }
        const std::string_view genre = std::string_view{name}.substr(name.find('/') + 1);
        if (const auto index = params.genre_index(genre)) {
            target = Weight{*index};
        } else if (const auto place = place_of(genre)) {
            // Past the last genre: the default map simply has more knobs than the bundle.
            if (*place < params.genres().size()) target = Weight{*place};
        } else {
            unknown_.push_back(fmt::format("{} = {}", controller, name));
        }
    }
}

bool CcMap::apply(const MidiMessage& message) {
    if (message.size != 3 || message.status() != 0xB0U) return false;
    const auto& target = targets_[message.bytes[1] & 127U];
    if (!target) return false;
    const double share = (message.bytes[2] & 127U) / kHighest;
    if (const auto* weight = std::get_if<Weight>(&*target)) {
        const double span = kGenreWeightSpec.maximum - kGenreWeightSpec.minimum;
        return params_.set_weight(weight->genre, kGenreWeightSpec.minimum + share * span)
            .has_value();
    }
    const auto& row = spec(std::get<ParamId>(*target));
    return params_.set(row.id, row.minimum + share * (row.maximum - row.minimum)).has_value();
}

}  // namespace fusion
