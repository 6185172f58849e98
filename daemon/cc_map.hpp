// MIDI controllers to parameters: 0 to 127 over the whole range of what is turned.
// Thread: control. Errors: none (a target that this bundle lacks is told by unknown()).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "engine/music/midi_message.hpp"
#include "engine/params/store.hpp"

namespace fusion {

class CcMap {
public:
    CcMap(const CcTargets& targets, ParamStore& params);

    // Sets what the message's controller turns, on any channel; true when it turned something.
    bool apply(const MidiMessage& message);

    // Targets by name that the bundle has no genre for: "20 = weight/polka".
    [[nodiscard]] const std::vector<std::string>& unknown() const { return unknown_; }

private:
    struct Weight {
        std::size_t genre;
    };
    using Target = std::variant<ParamId, Weight>;

    ParamStore& params_;
    std::array<std::optional<Target>, 128> targets_{};
    std::vector<std::string> unknown_;
};

}  // namespace fusion
