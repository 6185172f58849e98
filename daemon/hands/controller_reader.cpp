#include "daemon/hands/controller_reader.hpp"

#include <algorithm>

namespace fusion {
namespace {

constexpr unsigned kDataUpper = 6;
constexpr unsigned kDataLower = 38;
constexpr unsigned kDataIncrement = 96;
constexpr unsigned kDataDecrement = 97;
// The numbers of a parameter; 100 between them is the lower half of an RPN.
constexpr unsigned kNrpnLower = 98;
constexpr unsigned kNrpnUpper = 99;
constexpr unsigned kRpnUpper = 101;
constexpr std::uint16_t kHighest14 = 16383;

bool is_data(unsigned controller) {
    return controller == kDataUpper || controller == kDataLower || controller == kDataIncrement ||
           controller == kDataDecrement;
}

Gesture position(MidiKind kind, unsigned number, std::uint16_t value, std::uint16_t highest) {
    return {kind, static_cast<std::uint16_t>(number), Gesture::Form::position, value, highest, 0};
}

Gesture touch(MidiKind kind, unsigned number, Gesture::Form form) {
    return {kind, static_cast<std::uint16_t>(number), form, 0, 127, 0};
}

}  // namespace

Gestures ControllerReader::read(const MidiMessage& message, std::size_t input) {
    Gestures gestures;
    const auto& bytes = message.bytes();
    if (input >= states_.size() || !message.is_of_a_channel()) return gestures;
    auto& state = states_[input][message.channel().count()];
    switch (message.status()) {
        case 0x80U:
        case 0x90U:
            gestures.add(
                touch(MidiKind::note, bytes[1],
                      message.is_note_on() ? Gesture::Form::press : Gesture::Form::release));
            break;
        case 0xB0U: read_controller(state, bytes[1], bytes[2], gestures); break;
        case 0xC0U:
            gestures.add(touch(MidiKind::program, bytes[1] + 1U, Gesture::Form::press));
            break;
        case 0xE0U:
            gestures.add(position(MidiKind::pitch_bend, 0,
                                  static_cast<std::uint16_t>(bytes[2] << 7U | bytes[1]),
                                  kHighest14));
            break;
        default: break;
    }
    return gestures;
}

void ControllerReader::read_controller(ChannelState& state, unsigned controller, std::uint8_t value,
                                       Gestures& into) {
    if (controller > highest_number(MidiKind::cc)) return;
    if (controller >= kNrpnLower && controller <= kRpnUpper) choose(state, controller, value);
    if (is_data(controller) && state.chosen != Chosen::none) {
        read_data(state, controller, value, into);
        return;
    }
    if (controller < 64) {
        auto& pair = state.pairs[controller % 32];
        if (controller < 32)
            pair = {value, 0};
        else
            pair.lower = value;
        if (pair.upper != kUnknown)
            into.add(position(MidiKind::cc14, controller % 32, pair.value(), kHighest14));
    }
    into.add(position(MidiKind::cc, controller, value, 127));
}

void ControllerReader::choose(ChannelState& state, unsigned controller, std::uint8_t value) {
    const bool ours = controller == kNrpnLower || controller == kNrpnUpper;
    auto& number = ours ? state.nrpn : state.rpn;
    auto& half = controller == kNrpnUpper || controller == kRpnUpper ? number.upper : number.lower;
    const auto chosen = ours ? Chosen::nrpn : Chosen::rpn;
    // Chosen once more, it goes on from where it was: some send but the lower half of data then.
    if (half != value || state.chosen != chosen) state.data = {};
    half = value;
    state.chosen = number.upper == 127 && number.lower == 127 ? Chosen::none : chosen;
}

void ControllerReader::read_data(ChannelState& state, unsigned controller, std::uint8_t value,
                                 Gestures& into) {
    if (state.chosen != Chosen::nrpn || state.nrpn.upper == kUnknown ||
        state.nrpn.lower == kUnknown)
        return;
    const auto number = state.nrpn.value();
    if (controller == kDataIncrement || controller == kDataDecrement) {
        state.data = {};
        into.add({MidiKind::nrpn, number, Gesture::Form::clicks, 0, kHighest14,
                  controller == kDataIncrement ? 1 : -1});
        return;
    }
    if (controller == kDataUpper)
        state.data = {value, 0};
    else
        state.data.lower = value;
    if (state.data.upper != kUnknown)
        into.add(position(MidiKind::nrpn, number, state.data.value(), kHighest14));
}

int clicks_of(Encoder encoder, unsigned value) {
    const int count = static_cast<int>(value & 127U);
    switch (encoder) {
        case Encoder::absolute: return 0;
        case Encoder::twos_complement: return count < 64 ? count : count - 128;
        case Encoder::sign_magnitude: return count < 64 ? count : 64 - count;
        case Encoder::offset: return count - 64;
    }
    return 0;
}

}  // namespace fusion
