#include "engine/params/store.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace fusion {
namespace {

ParamSnapshot initial_snapshot(std::size_t genre_count) {
    ParamSnapshot snapshot;
    snapshot.revision = 1;
    for (const auto& row : param_table())
        snapshot.values[static_cast<std::size_t>(row.id)] = row.initial;
    for (std::size_t g = 0; g < genre_count; ++g)
        snapshot.weights.value[g] = static_cast<float>(kGenreWeightSpec.initial);
    return snapshot;
}

Result<Applied> fit(std::string_view name, ParamType type, double minimum, double maximum,
                    double value) {
    if (!std::isfinite(value))
        return fail(Error::Code::out_of_range,
                    fmt::format("{}: {} is not a number; give one from {} to {}", name, value,
                                minimum, maximum));
    const double whole = type == ParamType::real ? value : std::round(value);
    const double kept = std::clamp(whole, minimum, maximum);
    return Applied{kept, kept != whole};
}

}  // namespace

ParamStore::ParamStore(std::vector<std::string> genres, const TimeSource& time)
    : genres_{std::move(genres)},
      time_{time},
      current_{initial_snapshot(genres_.size())},
      inference_{current_},
      clock_{current_} {
    assert(genres_.size() <= kMaxGenres);
}

Result<Applied> ParamStore::set(ParamId id, double value) {
    const auto& row = spec(id);
    auto applied = fit(row.name, row.type, row.minimum, row.maximum, value);
    if (!applied) return applied;
    if (id == ParamId::meter_denominator &&
        !std::has_single_bit(static_cast<unsigned>(applied->value)))
        return fail(Error::Code::out_of_range,
                    fmt::format("meter_denominator: {} is not 1, 2, 4, 8 or 16", applied->value));
    current_.values[static_cast<std::size_t>(id)] = applied->value;
    publish();
    return applied;
}

Result<Applied> ParamStore::set_weight(std::size_t genre, double weight) {
    if (genre >= genres_.size())
        return fail(Error::Code::not_found, fmt::format("genre {} of {}: this bundle has {}", genre,
                                                        genres_.size(), fmt::join(genres_, ", ")));
    auto applied = fit(fmt::format("weight/{}", genres_[genre]), ParamType::real,
                       kGenreWeightSpec.minimum, kGenreWeightSpec.maximum, weight);
    if (!applied) return applied;
    current_.weights.value[genre] = static_cast<float>(applied->value);
    publish();
    return applied;
}

Result<Applied> ParamStore::set(std::string_view path_tail, double value) {
    if (const auto* row = find_param(path_tail)) return set(row->id, value);
    constexpr std::string_view kPrefix = "weight/";
    if (path_tail.starts_with(kPrefix)) {
        const auto genre = genre_index(path_tail.substr(kPrefix.size()));
        if (!genre) return tl::unexpected{genre.error()};
        return set_weight(*genre, value);
    }
    return fail(
        Error::Code::not_found,
        fmt::format("no parameter '{}'; those there are: weight/<genre>, {}", path_tail, [] {
            std::string names;
            for (const auto& row : param_table())
                names += fmt::format("{}{}", names.empty() ? "" : ", ", row.name);
            return names;
        }()));
}

Status ParamStore::set_weights(const std::vector<double>& weights) {
    if (weights.size() > genres_.size())
        return fail(Error::Code::out_of_range,
                    fmt::format("{} weights for {} genres ({})", weights.size(), genres_.size(),
                                fmt::join(genres_, ", ")));
    GenreWeights next = current_.weights;
    for (std::size_t g = 0; g < weights.size(); ++g) {
        auto applied = fit(fmt::format("weight/{}", genres_[g]), ParamType::real,
                           kGenreWeightSpec.minimum, kGenreWeightSpec.maximum, weights[g]);
        if (!applied) return tl::unexpected{applied.error()};
        next.value[g] = static_cast<float>(applied->value);
    }
    current_.weights = next;
    publish();
    return {};
}

Result<Applied> ParamStore::set_word(std::string_view path_tail, std::string_view word) {
    const auto* row = find_param(path_tail);
    if (row == nullptr || row->words.empty())
        return fail(row == nullptr ? Error::Code::not_found : Error::Code::out_of_range,
                    fmt::format("{}: '{}' is a word; a number goes here", path_tail, word));
    const auto value = find_word(*row, word);
    if (!value)
        return fail(Error::Code::out_of_range,
                    fmt::format("{}: '{}' is not {}", path_tail, word, words_of(*row)));
    return set(row->id, *value);
}

Result<Applied> ParamStore::act(ActionId action, double argument) {
    Applied applied{argument, false};
    if (const auto& row = action_table()[static_cast<std::size_t>(action)]; row.argument) {
        auto fitted =
            fit(row.name, ParamType::real, row.argument->minimum, row.argument->maximum, argument);
        if (!fitted) return fitted;
        applied = *fitted;
    }
    auto& playing = current_.values[static_cast<std::size_t>(ParamId::playing)];
    switch (action) {
        case ActionId::play: playing = 1.0; break;
        case ActionId::stop: playing = 0.0; break;
        case ActionId::restart: ++current_.restarts; break;
        case ActionId::panic: ++current_.panics; break;
        case ActionId::nudge: current_.nudged_ms += applied.value; break;
        case ActionId::tap: {
            const auto tempo = taps_.tap(time_.now());
            if (!tempo) return applied;
            current_.values[static_cast<std::size_t>(ParamId::tempo)] = tempo->count();
            break;
        }
    }
    publish();
    return applied;
}

Result<std::size_t> ParamStore::genre_index(std::string_view name) const {
    const auto it = std::find(genres_.begin(), genres_.end(), name);
    if (it == genres_.end())
        return fail(Error::Code::not_found, fmt::format("no genre '{}'; this bundle has {}", name,
                                                        fmt::join(genres_, ", ")));
    return static_cast<std::size_t>(it - genres_.begin());
}

void ParamStore::on_change(std::function<void(const ParamSnapshot&)> listener) {
    listeners_.push_back(std::move(listener));
}

void ParamStore::publish() {
    ++current_.revision;
    current_.changed_at_ns = time_.now().time_since_epoch().count();
    inference_.publish(current_);
    clock_.publish(current_);
    for (const auto& listener : listeners_) listener(current_);
}

}  // namespace fusion
