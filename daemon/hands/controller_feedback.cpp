#include "daemon/hands/controller_feedback.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/realtime_contract.hpp"

namespace fusion {
namespace {

std::uint8_t byte_of(unsigned value) { return static_cast<std::uint8_t>(value & 127U); }

bool is_told(const MidiMap::Bound& bound) {
    return bound.range && bound.binding.encoder == Encoder::absolute &&
           bound.binding.source.kind != MidiKind::program;
}

}  // namespace

unsigned highest_position(MidiKind kind) {
    const bool fine =
        kind == MidiKind::cc14 || kind == MidiKind::nrpn || kind == MidiKind::pitch_bend;
    return fine ? 16383 : 127;
}

std::vector<MidiMessage> messages_of(const MidiSource& source, Channel channel, unsigned position) {
    const auto cc = [&](unsigned controller, unsigned value) {
        return control_change(channel, controller, value);
    };
    const unsigned number = source.number;
    switch (source.kind) {
        case MidiKind::cc: return {cc(number, position)};
        case MidiKind::cc14: return {cc(number, position >> 7U), cc(number + 32, position)};
        case MidiKind::nrpn:
            return {cc(99, number >> 7U), cc(98, number), cc(6, position >> 7U), cc(38, position)};
        case MidiKind::note:
            return {note_on(channel, Pitch{byte_of(number)}, Velocity{byte_of(position)})};
        case MidiKind::pitch_bend: return {pitch_bend(channel, position)};
        case MidiKind::program: break;
    }
    return {};
}

ControllerFeedback::ControllerFeedback(const MidiMap& map, const ParamStore& params, Sink sink)
    : map_{map}, params_{params}, sink_{std::move(sink)} {
    renew();
    send_all();
}

std::vector<ControllerFeedback::Lamp> ControllerFeedback::lamps_of(std::size_t binding) const {
    const auto& bound = map_.bound(binding);
    if (!is_told(bound)) return {};
    const auto& source = bound.binding.source;
    const auto parameter = std::get<ParameterIndex>(*bound.target);
    std::vector<Lamp> lamps;
    // What it showed before, wherever its binding stands now.
    for (auto lamp : lamps_) {
        if (lamp.source != source || lamp.parameter != parameter) continue;
        lamp.binding = binding;
        lamps.push_back(lamp);
    }
    if (lamps.empty()) {
        const auto channel = static_cast<std::uint8_t>(source.channel > 0 ? source.channel - 1 : 0);
        // Nothing changed for a knob that was learned this moment and is in somebody's hand.
        lamps.push_back(
            {binding, Channel{channel}, source, parameter, params_.value(parameter), {}, false});
    }
    return lamps;
}

void ControllerFeedback::renew() {
    if (revision_ == map_.revision()) return;
    revision_ = map_.revision();
    std::vector<Lamp> lamps;
    for (std::size_t i = 0; i < map_.size(); ++i)
        for (const auto& lamp : lamps_of(i)) lamps.push_back(lamp);
    lamps_ = std::move(lamps);
}

void ControllerFeedback::heard(const MidiOutcome& outcome) {
    expect_thread(ThreadRole::control);
    using Did = MidiOutcome::Did;
    renew();
    if (outcome.did == Did::nothing || !outcome.gesture || outcome.binding >= map_.size() ||
        !is_told(map_.bound(outcome.binding)))
        return;
    const auto channel = outcome.place.channel;
    auto lamp = std::ranges::find_if(lamps_, [&](const Lamp& known) {
        return known.binding == outcome.binding && known.channel == channel;
    });
    if (lamp == lamps_.end()) {
        const auto other = std::ranges::find(lamps_, outcome.binding, &Lamp::binding);
        if (other == lamps_.end()) return;
        lamp = lamps_.insert(lamps_.end(), *other);
        lamp->channel = channel;
    }
    const auto& gesture = *outcome.gesture;
    using Form = Gesture::Form;
    switch (gesture.form) {
        case Form::position: lamp->shown = gesture.value; break;
        case Form::press: lamp->shown = 127; break;
        case Form::release: lamp->shown = 0; break;
        case Form::clicks: lamp->shown.reset(); break;
    }
    if (map_.bound(outcome.binding).is_button || outcome.did == Did::refused ||
        gesture.form == Form::clicks) {
        lamp->is_due = true;
    } else if (outcome.did == Did::turned) {
        lamp->value = params_.value(lamp->parameter);
        lamp->is_due = false;
    }
}

unsigned ControllerFeedback::position_of(const Lamp& lamp) const {
    const auto& bound = map_.bound(lamp.binding);
    const unsigned highest = highest_position(lamp.source.kind);
    const double value = params_.value(lamp.parameter);
    if (!bound.is_button) return bound.range->position(value, highest);
    const bool on = std::abs(value - bound.range->maximum()) <= bound.range->tolerance();
    return on ? highest : 0;
}

bool ControllerFeedback::send(const Lamp& lamp, unsigned position) const {
    return std::ranges::all_of(messages_of(lamp.source, lamp.channel, position),
                               [this](const auto& message) { return sink_(message); });
}

void ControllerFeedback::turn(TimePoint now) {
    expect_thread(ThreadRole::control);
    renew();
    if (now < next_) return;
    bool sent = false;
    for (auto& lamp : lamps_) {
        const double value = params_.value(lamp.parameter);
        if (lamp.value != value) {
            lamp.value = value;
            lamp.is_due = true;
        }
        if (!lamp.is_due) continue;
        const auto position = position_of(lamp);
        if (lamp.shown != position) {
            if (!send(lamp, position)) {
                next_ = now + kAfterRefusal;
                return;
            }
            lamp.shown = position;
            sent = true;
        }
        lamp.is_due = false;
    }
    if (sent) next_ = now + kRound;
}

void ControllerFeedback::send_all() {
    expect_thread(ThreadRole::control);
    for (auto& lamp : lamps_) {
        lamp.shown.reset();
        lamp.is_due = true;
    }
}

}  // namespace fusion
