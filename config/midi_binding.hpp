// What one controller, note or program turns, as a value, and its words in TOML. The short form
// `20 = "weight/1"` in [cc] says the same as the first of these; all keys but the source and the
// target may be left out:
//
//   [[controller]]
//   cc = 20               # or cc14 = 1 (CC 1 and 33), nrpn = 1234, note = 60, program = 5,
//                         # pitch_bend = true
//   channel = 0           # 1 to 16; 0: any
//   input = 0             # 1 to 4; 0: any
//   target = "weight/1"   # a parameter, <family>/<genre>, <family>/<number of the genre>, an
//   action
//                         # that wants no argument, or scene/<name>; "": nothing, and takes what
//                         # is bound for the same or for any channel and input away
//   minimum = 0.0         # what the controller's lower end stands for; above maximum: reversed
//   maximum = 10.0
//   curve = "linear"      # exponential: fine at the minimum; logarithmic: fine at the maximum
//   encoder = "absolute"  # or how an endless one counts: twos_complement (1 up, 127 down),
//                         # sign_magnitude (1 up, 65 down) or offset (65 up, 63 down)
//   step = 1.0            # of an encoder, in the unit of the target; else a 127th of the way, or 1
//   press = "toggle"      # a button: each press flips minimum and maximum, or momentary: maximum
//                         # while it is held. Toggles, notes and programs are buttons unasked.
//   takeover = "pickup"   # or jump; else as the parameter takeover says
//   morph = 4.0           # scene/<name>: beats to get there
//
// Thread: control. Errors: malformed, each line "name:line:column: controller 3: what is wrong".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/params/table.hpp"

namespace fusion {

enum class MidiKind : std::uint8_t { cc, cc14, nrpn, note, program, pitch_bend };
enum class Encoder : std::uint8_t { absolute, twos_complement, sign_magnitude, offset };
enum class Curve : std::uint8_t { linear, exponential, logarithmic };
enum class Press : std::uint8_t { toggle, momentary };
enum class Takeover : std::uint8_t { jump, pickup };  // in the order of the parameter's words

struct MidiSource {
    MidiKind kind = MidiKind::cc;
    std::uint16_t number = 0;  // as in TOML: programs from 1; pitch bend has none
    std::uint8_t channel = 0;
    std::uint8_t input = 0;
    friend bool operator==(const MidiSource&, const MidiSource&) = default;
};

// 127/127, the last NRPN, selects none.
[[nodiscard]] constexpr unsigned lowest_number(MidiKind kind) {
    return kind == MidiKind::program ? 1 : 0;
}
[[nodiscard]] constexpr unsigned highest_number(MidiKind kind) {
    switch (kind) {
        case MidiKind::cc: return 119;  // the rest are channel mode messages
        case MidiKind::cc14: return 31;
        case MidiKind::nrpn: return 16382;
        case MidiKind::note: return 127;
        case MidiKind::program: return 128;
        case MidiKind::pitch_bend: return 0;
    }
    return 0;
}
inline constexpr unsigned kHighestBoundInput = 4;
inline constexpr std::size_t kMostBindings = 4096;

struct MidiBinding {
    MidiSource source;
    std::string target;
    std::optional<double> minimum{};
    std::optional<double> maximum{};
    Curve curve = Curve::linear;
    Encoder encoder = Encoder::absolute;
    std::optional<double> step{};
    std::optional<Press> press{};
    std::optional<Takeover> takeover{};
    std::optional<double> morph{};
    friend bool operator==(const MidiBinding&, const MidiBinding&) = default;
};

// "CC 20 on channel 3 of input 1".
[[nodiscard]] std::string describe(const MidiSource& source);

// Whether the parts fit one another; which genres there are is only known with the bundle.
[[nodiscard]] Status check_binding(const MidiBinding& binding);

// The short form.
[[nodiscard]] std::vector<MidiBinding> cc_bindings(const std::map<std::uint8_t, std::string>& ccs);

// The [[controller]] tables of a TOML document, whatever else it holds; `name` stands for it in
// messages.
[[nodiscard]] Result<std::vector<MidiBinding>> parse_controllers(std::string_view toml,
                                                                 std::string_view name);
[[nodiscard]] std::string format_controllers(std::span<const MidiBinding> bindings);

}  // namespace fusion
