#include "daemon/hands/controller_learn.hpp"

#include <utility>

namespace fusion {
namespace {

constexpr unsigned kFirstChooser = 98;
constexpr unsigned kLastChooser = 101;

// The message as a plain controller.
const Gesture* controller_in(const Gestures& gestures) {
    for (const auto& gesture : gestures)
        if (gesture.kind == MidiKind::cc) return &gesture;
    return nullptr;
}

bool is_touch(const Gesture& gesture) {
    return gesture.kind == MidiKind::note || gesture.kind == MidiKind::program;
}

}  // namespace

MidiSource source_of(const Gesture& gesture, const ControllerPlace& place) {
    return {gesture.kind, gesture.number, static_cast<std::uint8_t>(place.channel.count() + 1),
            static_cast<std::uint8_t>(place.input + 1)};
}

void ControllerLearn::arm(std::string path, Takes takes, TimePoint now) {
    armed_ = Armed{std::move(path), takes, now + kPatience};
    passed_over_.reset();
    learned_.reset();
}

std::string_view ControllerLearn::armed_for() const {
    return armed_ ? std::string_view{armed_->path} : std::string_view{};
}

bool ControllerLearn::out_of_patience(TimePoint now) const {
    return armed_ && now >= armed_->until;
}

bool ControllerLearn::completes(const std::optional<Upper>& upper, const Gesture& gesture,
                                const ControllerPlace& place, TimePoint now) {
    return upper && upper->place == place && now <= upper->until &&
           gesture.number == upper->number + 32U;
}

std::optional<MidiSource> ControllerLearn::heard(const Gestures& gestures,
                                                 const ControllerPlace& place, TimePoint now) {
    if (!armed_ || gestures.empty()) return {};
    const auto* controller = controller_in(gestures);
    const auto& gesture = controller != nullptr ? *controller : *gestures.begin();
    if (is_touch(gesture)) {
        const bool wanted =
            armed_->takes == Takes::knobs_and_presses && gesture.form == Gesture::Form::press;
        return wanted ? std::optional{source_of(gesture, place)} : std::nullopt;
    }
    if (controller != nullptr) {
        if (gesture.number >= kFirstChooser && gesture.number <= kLastChooser) return {};
        if (completes(std::exchange(passed_over_, {}), gesture, place, now))
            return source_of({MidiKind::cc14, static_cast<std::uint16_t>(gesture.number - 32U)},
                             place);
    }
    const bool lets_go = gesture.form == Gesture::Form::position && gesture.value == 0;
    const Upper upper{gesture.number, place, now + kPairing};
    if (lets_go) {
        if (controller != nullptr && gesture.number < 32) passed_over_ = upper;
        return {};
    }
    if (controller != nullptr && gesture.number < 32) learned_ = upper;
    return source_of(gesture, place);
}

std::optional<MidiSource> ControllerLearn::refined(const Gestures& gestures,
                                                   const ControllerPlace& place, TimePoint now) {
    const auto* controller = controller_in(gestures);
    if (!learned_ || controller == nullptr || learned_->place != place) return {};
    const auto upper = std::exchange(learned_, {});
    if (!completes(upper, *controller, place, now)) return {};
    return source_of({MidiKind::cc14, upper->number}, place);
}

}  // namespace fusion
