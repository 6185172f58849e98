// What a person does at the keyboard, and what they are being asked: the genre in hand, the list of
// scenes, a name that is being typed, whether to end.
// Thread: control. Errors: what was refused is a line for the person, said().
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/terminal/keys.hpp"
#include "engine/params/action_desk.hpp"
#include "engine/params/store.hpp"

namespace fusion {

class ViewHand {
public:
    enum class Page : std::uint8_t { live, help, scenes, naming, ending };
    using Names = std::function<std::vector<std::string>()>;

    // All outlive it. `scenes`: those there are.
    ViewHand(ParamStore& params, ActionDesk& actions, Names scenes);

    // False: fusiond is to end.
    [[nodiscard]] bool press(const KeyPress& press);

    [[nodiscard]] Page page() const { return page_; }
    [[nodiscard]] std::size_t genre() const { return genre_; }
    // The list that is shown, and the place in it.
    [[nodiscard]] const std::vector<std::string>& scenes() const { return scenes_; }
    [[nodiscard]] std::size_t scene() const { return scene_; }
    [[nodiscard]] const std::string& typed() const { return typed_; }
    // What came of the last key, for the person; empty where it speaks for itself.
    [[nodiscard]] const std::string& said() const { return said_; }
    void say_nothing() { said_.clear(); }

    static constexpr double kMorphBeats = 8;

private:
    void press_live(const KeyPress& press);
    void press_in_scenes(const KeyPress& press);
    void press_in_name(const KeyPress& press);
    void obey(ViewCommand command, const KeyPress& press);
    void turn_weight(double by);
    void set_weight(double weight);
    void choose(std::size_t genre);
    void set(ParamId id, double value);
    void flip(ParamId id);
    void act(ActionId action, const ActionCall& call = {});

    ParamStore& params_;
    ActionDesk& actions_;
    Names names_;
    Page page_ = Page::live;
    std::size_t genre_ = 0;
    std::vector<std::string> scenes_;
    std::size_t scene_ = 0;
    std::string typed_;
    std::string said_;
};

}  // namespace fusion
