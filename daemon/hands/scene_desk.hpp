// Who saves, recalls, morphs, deletes and lists scenes: the three scene actions of the table, what
// of the saved state is scenes and values, and the scenes that come with fusiond. The app hands it
// the time at each turn. Thread: control. Errors: not_found (with the nearest name), out_of_range
// (a name; too many).
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "config/factory_scenes.hpp"
#include "config/morph.hpp"
#include "config/scenes.hpp"
#include "config/state_file.hpp"
#include "engine/params/action_desk.hpp"

namespace fusion {

class SceneDesk {
public:
    // Where the music stands, in beats: the play head.
    using Position = std::function<double()>;
    using Tell = std::function<void(const std::string&)>;
    // A scene's name and how much of it is there: 0 as a morph begins, each 100 ms while it moves,
    // and 1. For the stream /fusiond/scene s name, f progress.
    using Progress = std::function<void(const std::string& name, double progress)>;
    using Changed = std::function<void()>;

    // `saved` gives its scenes, and those values of `now` that are of another bundle. Tells once
    // what of them this bundle has no place for. `params` outlives the desk.
    SceneDesk(ParamStore& params, Position position, SavedState saved, Tell tell);

    // save, recall and delete are done here from now on. The desk must stay.
    void assign_to(ActionDesk& actions);
    void on_progress(Progress progress) { progress_ = std::move(progress); }
    // Scenes came, went, or hold something else: for the state file and for lists.
    void on_scenes(Changed changed) { changed_ = std::move(changed); }

    Status save(const std::string& name);
    // No beats, or 0: all in one revision, weights with the parameter `ramp`.
    Status recall(std::string_view name, std::optional<double> beats = {});
    Status remove(std::string_view name);
    // As it was at once and without ramps: for a beginning.
    Status begin_in(std::string_view name);
    [[nodiscard]] std::vector<std::string> names() const { return scenes_.names(); }
    // Without those that come with fusiond.
    [[nodiscard]] std::vector<std::string> saved_names() const { return scenes_.saved_names(); }

    void turn(TimePoint now);

    // The running morph, or null.
    [[nodiscard]] const Morph* morph() const { return morph_ ? &*morph_ : nullptr; }

    // For the state file; the controllers are the caller's.
    [[nodiscard]] SavedState state(std::string controllers) const;
    // The saved values of all parameters into the store: for [state] resume.
    Status resume();

private:
    Status set_to(const Scene& scene, ParamStore::Ramp ramp);
    void tell_missing(const Scene& scene);
    void tell_unknown(const std::string& where, const std::vector<std::string>& unknown);
    void tell_progress(const std::string& name, double progress);

    ParamStore& params_;
    Position position_;
    Tell tell_;
    Progress progress_;
    Changed changed_;
    std::vector<FactoryScene> factory_;
    Scenes scenes_;
    SceneValues saved_now_;
    std::set<std::string> told_;
    std::optional<Morph> morph_;
    TimePoint next_progress_{};
    double told_progress_ = 0.0;
};

}  // namespace fusion
