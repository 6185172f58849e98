#include "daemon/hands/chord_keys.hpp"

#include <algorithm>
#include <cmath>

#include "engine/plan/held_chord.hpp"

namespace fusion {
namespace {

constexpr std::uint8_t kControl = 0xB0;
constexpr std::uint8_t kPedal = 64;
constexpr std::uint8_t kSoundsOff = 120;
constexpr std::uint8_t kNotesOff = 123;
constexpr std::uint8_t kDown = 64;  // and above

std::uint8_t controller(const MidiMessage& message) { return message.bytes()[1]; }

}  // namespace

bool ChordKeys::is_midi() const {
    return static_cast<HarmonySource>(params_.current().integer(ParamId::harmony)) ==
           HarmonySource::midi;
}

bool ChordKeys::listens_to(Channel channel) const {
    const auto wanted = params_.current().integer(ParamId::harmony_channel);
    return is_midi() && (wanted == 0 || wanted == channel.count() + 1);
}

bool ChordKeys::lets_go(const MidiMessage& message, std::size_t input) const {
    return message.is_note_off() && std::ranges::any_of(keys_, [&](const Key& key) {
               return key.input == input && key.channel == message.channel() &&
                      key.pitch == message.pitch();
           });
}

bool ChordKeys::take(const MidiMessage& message, std::size_t input, TimePoint now) {
    expect_thread(ThreadRole::control);
    if (!message.is_of_a_channel() || input >= kMostInputs) return false;
    const bool ours = listens_to(message.channel());
    if (message.is_note_on() && ours) return press(message, input), true;
    if (message.is_note_off() && (ours || lets_go(message, input)))
        return let_go(message, input, now), true;
    if (message.status() != kControl || !ours) return false;
    if (controller(message) == kPedal) return pedal(message, input, now), true;
    if (controller(message) == kSoundsOff || controller(message) == kNotesOff) {
        const auto gone = std::erase_if(keys_, [&](const Key& key) {
            return key.input == input && key.channel == message.channel();
        });
        if (gone > 0) lifted_ = now;
    }
    return false;
}

void ChordKeys::press(const MidiMessage& message, std::size_t input) {
    const auto same = [&](const Key& key) {
        return key.input == input && key.channel == message.channel() &&
               key.pitch == message.pitch();
    };
    std::erase_if(keys_, same);
    keys_.push_back({input, message.channel(), message.pitch()});
    // What was lifted just before has gone with it.
    lifted_.reset();
    all_up_.reset();
    tell();
}

void ChordKeys::let_go(const MidiMessage& message, std::size_t input, TimePoint now) {
    const bool held = pedals_[input][message.channel().count()];
    for (auto& key : keys_)
        if (key.input == input && key.channel == message.channel() && key.pitch == message.pitch())
            key.down = false;
    if (held) return;
    if (std::erase_if(keys_, [&](const Key& key) {
            return key.input == input && key.channel == message.channel() && !key.down;
        }) > 0)
        lifted_ = now;
}

void ChordKeys::pedal(const MidiMessage& message, std::size_t input, TimePoint now) {
    auto& is_down = pedals_[input][message.channel().count()];
    is_down = message.bytes()[2] >= kDown;
    if (is_down) return;
    if (std::erase_if(keys_, [&](const Key& key) {
            return key.input == input && key.channel == message.channel() && !key.down;
        }) > 0)
        lifted_ = now;
}

void ChordKeys::let_go_of_all(TimePoint now) {
    expect_thread(ThreadRole::control);
    pedals_ = {};
    if (keys_.empty()) return;
    keys_.clear();
    lifted_ = now;
}

void ChordKeys::tell() const {
    std::vector<Pitch> notes;
    notes.reserve(keys_.size());
    for (const auto& key : keys_) notes.push_back(key.pitch);
    desk_.hold(held_chord(notes));
}

bool ChordKeys::turn(TimePoint now, Bpm tempo) {
    expect_thread(ThreadRole::control);
    if (!is_midi()) {
        keys_.clear();
        pedals_ = {};
        lifted_.reset();
        all_up_.reset();
        desk_.hold({});
        return false;
    }
    if (lifted_ && now - *lifted_ >= kLift) {
        if (keys_.empty())
            all_up_ = *lifted_;
        else
            tell();
        lifted_.reset();
    }
    if (all_up_) {
        const double beats = static_cast<double>(params_.current().meter().bar().count()) /
                             static_cast<double>(kCellsPerBeat.count());
        const Nanos bar{std::llround(beats * 60e9 / tempo.count())};
        if (now - *all_up_ >= bar) {
            all_up_.reset();
            desk_.hold({});
        }
    }
    return lifted_.has_value() || all_up_.has_value();
}

}  // namespace fusion
