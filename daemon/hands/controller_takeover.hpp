// Soft takeover by crossing. A knob whose value was changed by anyone else (OSC, a scene, another
// knob) does nothing until its movement crosses the value in force or reaches it; closeness alone
// does not count, for a fast hand jumps over any window. So the value never jumps by more than the
// hand did between two messages. That someone else was there shows in the value: it is not the one
// that this knob set last.
//
// A knob that has not moved yet could stand anywhere: its first message acts at once, rather than
// leave who turns it wondering. One value in force outside of what the knob can reach is crossed at
// the nearest end. Motor faders and rings that follow feedback stand where the value is and want
// `jump`.
// One for each binding on each channel of each input, so that two controllers that send the same
// each cross for themselves.
// Thread: control. Errors: none.
#pragma once

#include <optional>

namespace fusion {

class ControllerTakeover {
public:
    enum class Verdict { acts, waits };

    // `reachable`: the value in force, brought into the range of the knob. Values that are
    // `tolerance` apart are the same.
    Verdict moved(double to, double in_force, double reachable, double tolerance);

    // The value in force after the knob has acted.
    void acted(double in_force) { set_ = in_force; }

private:
    std::optional<double> at_;   // the value that the knob stood for last
    std::optional<double> set_;  // the value in force that it set last
};

}  // namespace fusion
