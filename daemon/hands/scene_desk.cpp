#include "daemon/hands/scene_desk.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/base/realtime_contract.hpp"

namespace fusion {

using namespace std::chrono_literals;

namespace {

std::vector<Scene> scenes_of(const std::vector<FactoryScene>& factory) {
    std::vector<Scene> scenes;
    scenes.reserve(factory.size());
    for (const auto& one : factory) scenes.push_back(one.scene);
    return scenes;
}

}  // namespace

SceneDesk::SceneDesk(ParamStore& params, Position position, SavedState saved, Tell tell)
    : params_{params},
      position_{std::move(position)},
      tell_{std::move(tell)},
      factory_{factory_scenes(params.genres())},
      scenes_{std::move(saved.scenes), scenes_of(factory_)},
      saved_now_{std::move(saved.now)} {
    for (const auto& scene : scenes_.saved())
        tell_unknown(fmt::format("scene '{}'", scene.name),
                     settings_of(scene.values, params_).unknown);
}

// Once for each tail: twenty scenes of another bundle make one line a genre, not twenty.
void SceneDesk::tell_unknown(const std::string& where, const std::vector<std::string>& unknown) {
    std::vector<std::string> fresh;
    for (const auto& tail : unknown)
        if (told_.insert(tail).second) fresh.push_back(tail);
    if (!fresh.empty())
        tell_(fmt::format("{}: this bundle has no place for {}; kept in the file, not applied",
                          where, fmt::join(fresh, ", ")));
}

// Once for each, when it is wanted: a bundle without a genre is no fault of its own.
void SceneDesk::tell_missing(const Scene& scene) {
    for (const auto& one : factory_)
        if (one.scene == scene && !one.missing.empty() && told_.insert(scene.name).second)
            tell_(fmt::format("scene '{}': this bundle has no {}; the rest of it plays", scene.name,
                              fmt::join(one.missing, ", ")));
}

void SceneDesk::assign_to(ActionDesk& actions) {
    actions.assign(ActionId::scene_save,
                   [this](const ActionCall& call) { return save(call.text); });
    actions.assign(ActionId::scene_recall,
                   [this](const ActionCall& call) { return recall(call.text, call.number); });
    actions.assign(ActionId::scene_delete,
                   [this](const ActionCall& call) { return remove(call.text); });
}

Status SceneDesk::save(const std::string& name) {
    expect_thread(ThreadRole::control);
    Scene scene{name, music_of(params_)};
    if (morph_)
        for (ParameterIndex i = 0; i < params_.parameters().size(); ++i)
            if (const auto& parameter = params_.parameters()[i]; parameter.is_weight())
                scene.values[parameter.tail] =
                    scene_value(parameter, morph_->value_now(i, params_));
    if (auto kept = scenes_.keep(std::move(scene)); !kept) return kept;
    if (changed_) changed_();
    return {};
}

Status SceneDesk::recall(std::string_view name, std::optional<double> beats) {
    expect_thread(ThreadRole::control);
    const auto scene = scenes_.find(name);
    if (!scene) return tl::unexpected{scene.error()};
    tell_missing(**scene);
    if (beats && *beats > 0.0) {
        auto begun =
            Morph::begin(**scene, *beats, position_(), params_, morph_ ? &*morph_ : nullptr);
        if (!begun) return tl::unexpected{begun.error()};
        morph_ = std::move(*begun);
        tell_progress((*scene)->name, 0.0);
        return {};
    }
    if (auto set = set_to(**scene, {}); !set) return set;
    morph_.reset();
    tell_progress((*scene)->name, 1.0);
    return {};
}

Status SceneDesk::begin_in(std::string_view name) {
    const auto scene = scenes_.find(name);
    if (!scene) return tl::unexpected{scene.error()};
    tell_missing(**scene);
    return set_to(**scene, 0.0);
}

Status SceneDesk::set_to(const Scene& scene, ParamStore::Ramp ramp) {
    const auto settings = settings_of(scene.values, params_);
    if (auto set = params_.set_all(settings.known, ramp); !set)
        return fail(set.error().code,
                    fmt::format("scene '{}': {}", scene.name, set.error().message));
    return {};
}

Status SceneDesk::remove(std::string_view name) {
    expect_thread(ThreadRole::control);
    if (auto removed = scenes_.remove(name); !removed) return removed;
    if (changed_) changed_();
    return {};
}

void SceneDesk::tell_progress(const std::string& name, double progress) {
    told_progress_ = progress;
    if (progress_) progress_(name, progress);
}

void SceneDesk::turn(TimePoint now) {
    expect_thread(ThreadRole::control);
    if (!morph_) return;
    if (!morph_->turn(position_(), params_)) {
        const auto name = morph_->name();
        morph_.reset();
        return tell_progress(name, 1.0);
    }
    if (now < next_progress_ || morph_->progress() == told_progress_) return;
    next_progress_ = now + 100ms;
    tell_progress(morph_->name(), morph_->progress());
}

SavedState SceneDesk::state(std::string controllers) const {
    SavedState state{all_of(params_), scenes_.saved(), std::move(controllers)};
    for (const auto& tail : settings_of(saved_now_, params_).unknown)
        state.now.try_emplace(tail, saved_now_.at(tail));
    return state;
}

Status SceneDesk::resume() {
    const auto settings = settings_of(saved_now_, params_);
    tell_unknown("the saved values", settings.unknown);
    if (auto set = params_.set_all(settings.known, 0.0); !set) return tl::unexpected{set.error()};
    return {};
}

}  // namespace fusion
