// What a player's hands have of the daemon: the controllers and their feedback, the scenes, and the
// file in which both outlive the process.
// Thread: control. Errors: at making, a controller of the configuration that makes no sense for
// this bundle is told and left out; the rest is told when it happens.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/state_file.hpp"
#include "daemon/hands/controller_feedback.hpp"
#include "daemon/hands/midi_map.hpp"
#include "daemon/hands/scene_desk.hpp"
#include "daemon/midi/midi_inbox.hpp"
#include "daemon/midi/midi_port.hpp"

namespace fusion {

class Hands {
public:
    // Learn, unlearn and the scenes' actions are done here from now on. `port`: null where there is
    // none. `position`: the play head, in beats. All references outlive it.
    Hands(const Config& config, ParamStore& params, ActionDesk& actions, const TimeSource& time,
          MidiPort* port, SceneDesk::Position position);
    Hands(const Hands&) = delete;
    Hands& operator=(const Hands&) = delete;

    void take(const ArrivedMessage& message);
    // The configuration's controllers become those of `fresh`, before the configuration itself
    // does; what was learned stays over them.
    void take_controllers(const Config& fresh);
    // Whether the controller map has this note or controller for something.
    [[nodiscard]] bool names(const ArrivedMessage& message) const {
        return map_->names(message.message, message.source);
    }
    // A parameter changed.
    void follow();
    // At each turn of the control thread, and each second.
    void turn();
    void look_after();
    // Saves what is not yet saved.
    void finish();

    // A morph is on its way, and wants its turns.
    [[nodiscard]] bool moves() const { return scenes_->morph() != nullptr; }
    [[nodiscard]] SceneDesk& scenes() { return *scenes_; }
    // Scenes came, went, or hold something else.
    void on_scenes(std::function<void()> listener) { scenes_changed_ = std::move(listener); }
    // What was learned, in words, as it happens; it goes to the log as well.
    void on_learned(
        std::function<void(const std::string& path, const std::string& news)> listener) {
        learned_ = std::move(listener);
    }

private:
    [[nodiscard]] static std::vector<MidiBinding> base(const Config& config);
    // What differs from the configuration.
    [[nodiscard]] std::vector<MidiBinding> learned() const;
    [[nodiscard]] SavedState state() const;
    void assign_to(ActionDesk& actions);
    void tell(const LearnNews& news);

    const Config& config_;
    const TimeSource& time_;
    MidiPort* port_;
    StateFile file_;
    std::optional<SceneDesk> scenes_;
    std::optional<MidiMap> map_;
    std::optional<ControllerFeedback> feedback_;  // none: nobody is told
    std::uint32_t heard_by_ = 0;                  // the port's count of who hears the feedback
    std::string not_understood_;                  // of the file's controllers
    std::string told_;                            // the last refusal: a swept knob repeats it
    std::function<void()> scenes_changed_;
    std::function<void(const std::string&, const std::string&)> learned_;
};

}  // namespace fusion
