#include "daemon/hands/midi_map.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/base/realtime_contract.hpp"

namespace fusion {

std::string to_text(const LearnNews& news) {
    const auto source = news.source ? describe(*news.source) : "";
    switch (news.kind) {
        case LearnNews::Kind::armed:
            return fmt::format("learn: what moves next turns {}", news.path);
        case LearnNews::Kind::learned:
            return fmt::format("learned: {} turns {}", source, news.path);
        case LearnNews::Kind::cancelled:
            return fmt::format("learn: nothing turns {} after all", news.path);
        case LearnNews::Kind::timed_out:
            return fmt::format("learn: nothing moved for {} s, so nothing new turns {}",
                               ControllerLearn::kPatience.count(), news.path);
        case LearnNews::Kind::unlearned:
            return fmt::format("unlearned: {} turns {} no more", source, news.path);
    }
    return {};
}

MidiMap::MidiMap(std::vector<MidiBinding> bindings, ParamStore& params, ActionDesk& desk,
                 const TimeSource& time)
    : params_{params}, desk_{desk}, time_{time} {
    replace(std::move(bindings));
}

void MidiMap::replace(std::vector<MidiBinding> bindings) {
    expect_thread(ThreadRole::control);
    lines_.clear();
    learn_.settle();
    for (auto& binding : bindings) add(std::move(binding));
    ++revision_;
}

MidiMap::Bound MidiMap::bind(MidiBinding binding) const {
    Bound bound{std::move(binding), {}, {}, false};
    if (auto target = find_target(bound.binding.target, params_)) bound.target = std::move(*target);
    if (!bound.target) return bound;
    const auto kind = bound.binding.source.kind;
    bound.is_button = kind == MidiKind::note || kind == MidiKind::program;
    if (const auto* index = std::get_if<ParameterIndex>(&*bound.target)) {
        const auto& parameter = params_.parameters()[*index];
        bound.range.emplace(parameter, bound.binding);
        const bool counts = bound.binding.encoder != Encoder::absolute;
        bound.is_button |=
            bound.binding.press.has_value() || (parameter.type == ParamType::toggle && !counts);
    } else {
        bound.is_button = true;
    }
    return bound;
}

void MidiMap::add(MidiBinding binding) {
    std::erase_if(lines_,
                  [&](const Line& line) { return line.bound.binding.source == binding.source; });
    lines_.push_back({bind(std::move(binding)), {}});
    ++revision_;
}

std::vector<MidiBinding> MidiMap::bindings() const {
    std::vector<MidiBinding> all;
    all.reserve(lines_.size());
    for (const auto& line : lines_) all.push_back(line.bound.binding);
    return all;
}

std::vector<std::string> MidiMap::unknown() const {
    std::vector<std::string> all;
    for (const auto& [bound, hands] : lines_) {
        if (bound.target || bound.binding.target.empty()) continue;
        const auto found = find_target(bound.binding.target, params_);
        if (!found && found.error().code == Error::Code::not_found)
            all.push_back(
                fmt::format("{}: {}", describe(bound.binding.source), found.error().message));
    }
    return all;
}

std::optional<std::size_t> MidiMap::match(const Gesture& gesture,
                                          const ControllerPlace& place) const {
    std::optional<std::size_t> best;
    int best_exactness = -1;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        const auto& [bound, hands] = lines_[i];
        const auto& source = bound.binding.source;
        const bool is_known = bound.target || bound.binding.target.empty();
        if (!is_known || source.kind != gesture.kind || source.number != gesture.number ||
            (source.channel != 0 && source.channel != place.channel.count() + 1) ||
            (source.input != 0 && source.input != place.input + 1))
            continue;
        const int exactness = (source.channel != 0 ? 1 : 0) + (source.input != 0 ? 2 : 0);
        if (exactness < best_exactness) continue;
        best = i;
        best_exactness = exactness;
    }
    return best;
}

bool MidiMap::names(const MidiMessage& message, std::size_t input) const {
    if (!message.is_of_a_channel()) return false;
    const bool is_note = message.is_note_on() || message.is_note_off();
    Gesture gesture;
    gesture.kind = is_note ? MidiKind::note : MidiKind::cc;
    gesture.number = message.bytes()[1];
    return match(gesture, {input, message.channel()}).has_value();
}

MidiMap::Hand& MidiMap::hand_of(Line& line, const ControllerPlace& place) {
    const auto known = std::ranges::find(line.hands, place, &Hand::place);
    return known != line.hands.end() ? *known : line.hands.emplace_back(Hand{place});
}

MidiOutcome MidiMap::apply(const MidiMessage& message, std::size_t input) {
    expect_thread(ThreadRole::control);
    turn(time_.now());
    const auto gestures = reader_.read(message, input);
    if (gestures.empty()) return {};
    const ControllerPlace place{input, message.channel()};
    if (auto outcome = try_to_learn(gestures, place)) return *outcome;
    for (const auto& gesture : gestures) {
        const auto matching = match(gesture, place);
        if (!matching) continue;
        if (!lines_[*matching].bound.target) return {};  // bound to nothing
        auto outcome = act(lines_[*matching], gesture, place);
        outcome.binding = *matching;
        outcome.place = place;
        outcome.gesture = gesture;
        return outcome;
    }
    return {};
}

MidiOutcome MidiMap::act(Line& line, const Gesture& gesture, const ControllerPlace& place) {
    using Form = Gesture::Form;
    using Did = MidiOutcome::Did;
    auto& hand = hand_of(line, place);
    const auto& bound = line.bound;
    const auto before = std::exchange(hand.position, gesture.value);
    // A button that was learned comes up: that is the end of learning, and no movement of its own.
    const bool learned_with = std::exchange(hand.passes_release, false);
    if (learned_with &&
        (gesture.form == Form::release || (gesture.form == Form::position && gesture.value == 0))) {
        hand.is_down = false;
        return {Did::released};
    }
    if (bound.is_button) {
        if (gesture.form == Form::clicks) return {};
        const bool down = gesture.form == Form::press ||
                          (gesture.form == Form::position && gesture.value * 2 > gesture.highest);
        const bool was_down = std::exchange(hand.is_down, down);
        // A pair's two halves may stand for one value; a plain controller that says it twice means
        // it twice.
        const bool again = gesture.form == Form::press ||
                           (gesture.kind == MidiKind::cc && gesture.value == before);
        if (down == was_down && !(down && again)) return {};
        return press(line, hand);
    }
    if (gesture.form == Form::clicks) return step(line, gesture.clicks);
    if (bound.binding.encoder != Encoder::absolute) {
        const int clicks = clicks_of(bound.binding.encoder, gesture.value);
        return clicks != 0 ? step(line, clicks) : MidiOutcome{};
    }
    return turn_knob(line, hand, gesture);
}

MidiOutcome MidiMap::press(const Line& line, const Hand& hand) {
    using Did = MidiOutcome::Did;
    const auto& bound = line.bound;
    const auto* parameter = std::get_if<ParameterIndex>(&*bound.target);
    const bool down = hand.is_down;
    const bool momentary = bound.binding.press == Press::momentary;
    if (!down && !(parameter != nullptr && momentary)) return {Did::released};
    if (parameter == nullptr) return call(line);
    const auto& range = *bound.range;
    const bool is_on = std::abs(params_.value(*parameter) - range.maximum()) <= range.tolerance();
    const bool on = momentary ? down : !is_on;
    return set(*parameter, on ? range.maximum() : range.minimum());
}

MidiOutcome MidiMap::turn_knob(Line& line, Hand& hand, const Gesture& gesture) {
    using Did = MidiOutcome::Did;
    const auto parameter = std::get<ParameterIndex>(*line.bound.target);
    const auto& range = *line.bound.range;
    const double in_force = params_.value(parameter);
    const double to = range.value(gesture.value, gesture.highest);
    const auto verdict =
        hand.takeover.moved(to, in_force, range.clamped(in_force), range.tolerance());
    const auto takeover = line.bound.binding.takeover.value_or(
        static_cast<Takeover>(params_.current().integer(ParamId::takeover)));
    if (takeover == Takeover::pickup && verdict == ControllerTakeover::Verdict::waits)
        return {Did::waits};
    const bool inside = range.clamped(in_force) == in_force;
    const bool at_an_end = gesture.value == 0 || gesture.value == gesture.highest;
    const bool there = range.position(in_force, gesture.highest) == gesture.value;
    if (to == in_force || (inside && there && !at_an_end)) {
        hand.takeover.acted(in_force);
        return {Did::turned};
    }
    auto outcome = set(parameter, to);
    // Refused (a meter of 3), it has acted all the same: the next position may be one that is
    // taken.
    hand.takeover.acted(params_.value(parameter));
    return outcome;
}

MidiOutcome MidiMap::step(const Line& line, int clicks) {
    const auto parameter = std::get<ParameterIndex>(*line.bound.target);
    const double in_force = params_.value(parameter);
    const double to = line.bound.range->stepped(in_force, clicks);
    if (to == in_force) return {MidiOutcome::Did::turned};
    return set(parameter, to);
}

MidiOutcome MidiMap::set(ParameterIndex parameter, double value) {
    MidiOutcome outcome;
    if (const auto applied = params_.set(parameter, value)) {
        outcome.did = MidiOutcome::Did::turned;
    } else {
        outcome.did = MidiOutcome::Did::refused;
        outcome.problem = applied.error().message;
    }
    return outcome;
}

MidiOutcome MidiMap::call(const Line& line) {
    const auto* scene = std::get_if<SceneTarget>(&*line.bound.target);
    const auto done = scene != nullptr ? desk_.act(ActionId::scene_recall,
                                                   {scene->scene, line.bound.binding.morph})
                                       : desk_.act(std::get<ActionId>(*line.bound.target), {});
    MidiOutcome outcome;
    outcome.did = done ? MidiOutcome::Did::acted : MidiOutcome::Did::refused;
    if (!done) outcome.problem = done.error().message;
    return outcome;
}

}  // namespace fusion
