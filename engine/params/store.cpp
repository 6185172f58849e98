#include "engine/params/store.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/params/names.hpp"
#include "engine/params/text_value.hpp"

namespace fusion {
namespace {

constexpr Ticks kNowhere{-1};

ParamSnapshot initial_snapshot(std::span<const Parameter> parameters) {
    ParamSnapshot snapshot;
    snapshot.revision = 1;
    for (const auto& parameter : parameters) put_value(parameter, parameter.initial, snapshot);
    return snapshot;
}

}  // namespace

ParamStore::ParamStore(std::vector<std::string> genres, const TimeSource& time)
    : genres_{std::move(genres)},
      time_{time},
      parameters_{parameters_of(genres_)},
      current_{initial_snapshot(parameters_)} {
    assert(genres_.size() <= kMaxGenres);
}

std::optional<ParameterIndex> ParamStore::find(std::string_view path_tail) const {
    return place_of_name(parameters_, path_tail, &Parameter::tail);
}

SnapshotReader<ParamSnapshot> ParamStore::reader() {
    expect_thread(ThreadRole::control);
    TripleBuffer<ParamSnapshot> buffer{current_};
    for_readers_.push_back(std::move(buffer.in));
    return std::move(buffer.out);
}

void ParamStore::put(const Parameter& parameter, double value, Ramp ramp) {
    put_value(parameter, value, current_);
    if (parameter.is_weight())
        current_.ramps[std::get<GenreMember>(parameter.of).genre] =
            static_cast<float>(ramp.value_or(current_.real(ParamId::ramp)));
}

Result<Applied> ParamStore::set(ParameterIndex parameter, double value, Ramp ramp) {
    const auto& row = parameters_[parameter];
    auto applied = fit(shape_of(row), value);
    if (!applied) return about(row.tail, applied.error());
    if (ramp) {
        const auto fitted = fit(shape_of(spec(ParamId::ramp)), *ramp);
        if (!fitted) return about(fmt::format("{}, ramp", row.tail), fitted.error());
        applied->clamped |= fitted->clamped;
        ramp = fitted->value;
    }
    put(row, applied->value, ramp);
    publish();
    return applied;
}

Result<std::vector<Setting>> ParamStore::read(ParameterIndex parameter,
                                              std::string_view text) const {
    const auto said = read_value(shape_of(parameters_[parameter]), text);
    if (!said) return about(parameters_[parameter].tail, said.error());
    std::vector<Setting> settings{{parameter, said->value}};
    if (said->other)
        settings.push_back({static_cast<ParameterIndex>(said->other->id), said->other->value});
    return settings;
}

Result<std::vector<Applied>> ParamStore::set_all(std::span<const Setting> settings, Ramp ramp) {
    std::vector<Applied> all;
    for (const auto& [parameter, value] : settings) {
        const auto applied = fit(shape_of(parameters_[parameter]), value);
        if (!applied) return about(parameters_[parameter].tail, applied.error());
        all.push_back(*applied);
    }
    for (std::size_t i = 0; i < settings.size(); ++i)
        put(parameters_[settings[i].parameter], all[i].value, ramp);
    if (!settings.empty()) publish();
    return all;
}

Result<Applied> ParamStore::set(std::string_view path_tail, double value) {
    if (const auto parameter = find(path_tail)) return set(*parameter, value);
    constexpr std::string_view kPrefix = "weight/";
    if (path_tail.starts_with(kPrefix))
        return tl::unexpected{genre_index(path_tail.substr(kPrefix.size())).error()};
    return fail(
        Error::Code::not_found,
        fmt::format("no parameter '{}'; those there are: weight/<genre>, {}", path_tail, [] {
            std::string names;
            for (const auto& row : param_table())
                names += fmt::format("{}{}", names.empty() ? "" : ", ", row.name);
            return names;
        }()));
}

Result<Applied> ParamStore::set(ParamId id, double value) {
    return set(static_cast<ParameterIndex>(id), value);
}

Result<Applied> ParamStore::set_weight(std::size_t genre, double weight, Ramp ramp) {
    if (genre >= genres_.size())
        return fail(Error::Code::not_found, fmt::format("genre {} of {}: this bundle has {}", genre,
                                                        genres_.size(), fmt::join(genres_, ", ")));
    // Weights are the first family.
    return set(kParamCount + genre, weight, ramp);
}

Result<std::vector<Applied>> ParamStore::set_weights(const std::vector<double>& weights,
                                                     Ramp ramp) {
    if (weights.size() > genres_.size())
        return fail(Error::Code::out_of_range,
                    fmt::format("{} weights for {} genres ({})", weights.size(), genres_.size(),
                                fmt::join(genres_, ", ")));
    std::vector<Setting> settings;
    settings.reserve(weights.size());
    for (std::size_t g = 0; g < weights.size(); ++g)
        settings.push_back({kParamCount + g, weights[g]});
    return set_all(settings, ramp);
}

Result<Applied> ParamStore::act(ActionId action, double argument) {
    Applied applied{argument, false};
    const auto& row = spec(action);
    if (const auto* number = row.number()) {
        const auto fitted = fit(shape_of(*number), argument);
        if (!fitted) return about(row.name, fitted.error());
        applied = *fitted;
    }
    auto& playing = current_.values[static_cast<std::size_t>(ParamId::playing)];
    switch (action) {
        case ActionId::play:
            playing = 1.0;
            current_.finish_at = kNowhere;
            break;
        case ActionId::stop: playing = 0.0; break;
        case ActionId::restart:
            ++current_.restarts;
            current_.finish_at = kNowhere;
            break;
        case ActionId::panic: ++current_.panics; break;
        case ActionId::again: ++current_.agains; break;
        case ActionId::nudge: current_.nudged_ms += applied.value; break;
        case ActionId::tap: {
            const auto tempo = taps_.tap(time_.now());
            if (!tempo) return applied;
            current_.values[static_cast<std::size_t>(ParamId::tempo)] = tempo->count();
            break;
        }
        case ActionId::finish:
        case ActionId::progression:
        case ActionId::sections:
        case ActionId::scene_save:
        case ActionId::scene_recall:
        case ActionId::scene_delete:
        case ActionId::learn:
        case ActionId::unlearn:
        case ActionId::tape_load:
        case ActionId::tape_play:
        case ActionId::tape_stop:
        case ActionId::tape_seek:
            return fail(Error::Code::unsupported,
                        fmt::format("{}: nobody here does that", row.name));
    }
    publish();
    return applied;
}

void ParamStore::receiver_came() {
    ++current_.receivers;
    publish();
}

Result<std::size_t> ParamStore::genre_index(std::string_view name) const {
    if (const auto place = place_of_name(genres_, name)) return *place;
    const bool alike = std::ranges::any_of(
        genres_, [&](const auto& genre) { return same_but_for_case(genre, name); });
    return fail(Error::Code::not_found,
                fmt::format("{} genre '{}'; this bundle has {}", alike ? "more than one" : "no",
                            shortened(name), fmt::join(genres_, ", ")));
}

void ParamStore::on_change(std::function<void(const ParamSnapshot&)> listener) {
    expect_thread(ThreadRole::control);
    listeners_.push_back(std::move(listener));
}

void ParamStore::finish_at(Ticks place) {
    current_.finish_at = place;
    publish();
}

void ParamStore::publish() {
    expect_thread(ThreadRole::control);
    if (!current_.on(ParamId::playing)) current_.finish_at = kNowhere;
    ++current_.revision;
    current_.changed_at_ns = time_.now().time_since_epoch().count();
    for (auto& reader : for_readers_) reader.publish(current_);
    for (const auto& listener : listeners_) listener(current_);
}

}  // namespace fusion
