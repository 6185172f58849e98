// MidiMap's learning.
#include <algorithm>

#include <fmt/format.h>

#include "daemon/hands/midi_map.hpp"
#include "engine/base/realtime_contract.hpp"

namespace fusion {

void MidiMap::tell(const LearnNews& news) const {
    if (news_) news_(news);
}

void MidiMap::turn(TimePoint now) {
    expect_thread(ThreadRole::control);
    if (!learn_.out_of_patience(now)) return;
    const std::string path{learn_.armed_for()};
    learn_.disarm();
    tell({LearnNews::Kind::timed_out, path});
}

Status MidiMap::learn(std::string_view path) {
    expect_thread(ThreadRole::control);
    if (path.empty()) {
        const std::string before{learn_.armed_for()};
        learn_.disarm();
        if (!before.empty()) tell({LearnNews::Kind::cancelled, before});
        return {};
    }
    const auto target = find_target(path, params_);
    if (!target) return fail(target.error().code, fmt::format("learn: {}", target.error().message));
    const auto* parameter = std::get_if<ParameterIndex>(&*target);
    const bool presses =
        parameter == nullptr || params_.parameters()[*parameter].type == ParamType::toggle;
    learn_.arm(std::string{path},
               presses ? ControllerLearn::Takes::knobs_and_presses : ControllerLearn::Takes::knobs,
               time_.now());
    tell({LearnNews::Kind::armed, std::string{path}});
    return {};
}

Status MidiMap::unlearn(std::string_view path) {
    expect_thread(ThreadRole::control);
    const auto target = find_target(path, params_);
    if (!target)
        return fail(target.error().code, fmt::format("unlearn: {}", target.error().message));
    std::vector<MidiSource> freed;
    std::erase_if(lines_, [&](const Line& line) {
        if (line.bound.target != *target) return false;
        freed.push_back(line.bound.binding.source);
        return true;
    });
    if (freed.empty())
        return fail(Error::Code::not_found, fmt::format("unlearn: nothing turns {}", path));
    learn_.settle();
    ++revision_;
    for (const auto& source : freed) tell({LearnNews::Kind::unlearned, std::string{path}, source});
    if (changed_) changed_();
    return {};
}

std::optional<MidiOutcome> MidiMap::try_to_learn(const Gestures& gestures,
                                                 const ControllerPlace& place) {
    const auto now = time_.now();
    MidiBinding binding;
    if (const auto pair = learn_.refined(gestures, place, now)) {
        // Nothing was bound since: the newest binding is the upper half alone.
        binding = lines_.back().bound.binding;
        lines_.pop_back();
        binding.source = *pair;
    } else if (const auto source = learn_.heard(gestures, place, now)) {
        binding.source = *source;
        binding.target = learn_.armed_for();
        learn_.disarm();
    } else {
        return {};
    }
    const auto* gesture = std::ranges::find(gestures, binding.source.kind, &Gesture::kind);
    if (gesture == gestures.end()) gesture = gestures.begin();
    add(binding);
    auto& hand = hand_of(lines_.back(), place);
    hand.is_down = hand.passes_release =
        gesture->form == Gesture::Form::press || gesture->value * 2 > gesture->highest;
    hand.position = gesture->value;
    tell({LearnNews::Kind::learned, binding.target, binding.source});
    if (changed_) changed_();
    return MidiOutcome{MidiOutcome::Did::learned, lines_.size() - 1, place, *gesture};
}

}  // namespace fusion
