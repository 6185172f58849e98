#include "daemon/terminal/view_hand.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/scenes.hpp"
#include "daemon/terminal/picture.hpp"

namespace fusion {
namespace {

using Key = KeyPress::Key;

bool is(const KeyPress& press, char32_t character) {
    return press.key == Key::character && press.character == character;
}

}  // namespace

ViewHand::ViewHand(ParamStore& params, ActionDesk& actions, Names scenes)
    : params_{params}, actions_{actions}, names_{std::move(scenes)} {}

bool ViewHand::press(const KeyPress& press) {
    said_.clear();
    switch (page_) {
        case Page::live: press_live(press); break;
        case Page::help: page_ = Page::live; break;
        case Page::scenes: press_in_scenes(press); break;
        case Page::naming: press_in_name(press); break;
        case Page::ending: page_ = Page::live; return !is(press, U'q');
    }
    return true;
}

void ViewHand::press_live(const KeyPress& press) {
    if (const auto command = command_of(press)) obey(*command, press);
}

void ViewHand::obey(ViewCommand command, const KeyPress& press) {
    using enum ViewCommand;
    constexpr double kNudge = 10;  // ms
    const auto genres = params_.genres().size();
    const auto tempo = params_.current().real(ParamId::tempo);
    switch (command) {
        case play_or_stop:
            return act(params_.current().on(ParamId::playing) ? ActionId::stop : ActionId::play);
        case panic: return act(ActionId::panic);
        case choose_genre: return choose(press.character - U'1');
        case next_genre: return choose((genre_ + 1) % genres);
        case previous_genre: return choose((genre_ + genres - 1) % genres);
        case more: return turn_weight(0.5);
        case less: return turn_weight(-0.5);
        case much_more: return turn_weight(2);
        case much_less: return turn_weight(-2);
        case all_of_it: return set_weight(spec(FamilyId::weight).maximum);
        case nothing_of_it: return set_weight(0);
        case tap: return act(ActionId::tap);
        case faster: return set(ParamId::tempo, tempo + 1);
        case slower: return set(ParamId::tempo, tempo - 1);
        case earlier: return act(ActionId::nudge, {{}, -kNudge});
        case later: return act(ActionId::nudge, {{}, kNudge});
        case again: return act(ActionId::again);
        case hold: return flip(ParamId::hold);
        case mute: return flip(ParamId::mute);
        case finish: return act(ActionId::finish);
        case restart: return act(ActionId::restart);
        case scenes:
            scenes_ = names_();
            scene_ = 0;
            if (scenes_.empty())
                said_ = "there are no scenes yet; w writes one down";
            else
                page_ = Page::scenes;
            return;
        case save_scene:
            typed_.clear();
            page_ = Page::naming;
            return;
        case help: page_ = Page::help; return;
        case quit: page_ = Page::ending; return;
    }
}

void ViewHand::press_in_scenes(const KeyPress& press) {
    const auto last = scenes_.size() - 1;
    const auto go = [this](double beats) {
        page_ = Page::live;
        act(ActionId::scene_recall, {scenes_[scene_], beats});
    };
    if (press.key == Key::up)
        scene_ = scene_ == 0 ? last : scene_ - 1;
    else if (press.key == Key::down)
        scene_ = scene_ == last ? 0 : scene_ + 1;
    else if (press.key == Key::home || press.key == Key::page_up)
        scene_ = 0;
    else if (press.key == Key::end || press.key == Key::page_down)
        scene_ = last;
    else if (press.key == Key::enter)
        go(0);
    else if (is(press, U'm'))
        go(kMorphBeats);
    else if (press.key == Key::escape || is(press, U's') || is(press, U'q'))
        page_ = Page::live;
}

void ViewHand::press_in_name(const KeyPress& press) {
    if (press.key == Key::escape) {
        page_ = Page::live;
    } else if (press.key == Key::enter) {
        page_ = Page::live;
        if (typed_.empty()) return;
        act(ActionId::scene_save, {typed_, {}});
        if (said_.empty()) said_ = fmt::format("scene '{}' is saved", typed_);
    } else if (press.key == Key::erase) {
        // A whole character of UTF-8.
        while (!typed_.empty() && (static_cast<unsigned char>(typed_.back()) & 0xC0U) == 0x80U)
            typed_.pop_back();
        if (!typed_.empty()) typed_.pop_back();
    } else if (press.key == Key::character && press.character >= U' ') {
        if (width_of(typed_) < static_cast<int>(kLongestSceneName))
            typed_ += to_utf8(press.character);
    }
}

void ViewHand::choose(std::size_t genre) {
    if (genre < params_.genres().size()) genre_ = genre;
}

void ViewHand::turn_weight(double by) {
    const auto now = static_cast<double>(params_.current().weights.value[genre_]);
    set_weight(now + by);
}

void ViewHand::set_weight(double weight) {
    const auto& row = spec(FamilyId::weight);
    const auto done = params_.set_weight(genre_, std::clamp(weight, row.minimum, row.maximum));
    if (!done) said_ = done.error().message;
}

void ViewHand::set(ParamId id, double value) {
    const auto& row = spec(id);
    const auto done = params_.set(id, std::clamp(value, row.minimum, row.maximum));
    if (!done) said_ = done.error().message;
}

void ViewHand::flip(ParamId id) { set(id, params_.current().on(id) ? 0 : 1); }

void ViewHand::act(ActionId action, const ActionCall& call) {
    if (const auto done = actions_.act(action, call); !done) said_ = done.error().message;
}

}  // namespace fusion
