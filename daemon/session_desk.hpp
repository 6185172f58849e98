// Who obeys a session that is written down: the store with OSC's paths, the actions and the scenes
// around it, as they stand in the daemon, and without a port, a file of state or a clock.
// Thread: any one. Errors: those of the paths, each with the line that asked; nothing is clamped.
#pragma once

#include <optional>
#include <vector>

#include "daemon/hands/finish_desk.hpp"
#include "daemon/hands/harmony_desk.hpp"
#include "daemon/hands/scene_desk.hpp"
#include "daemon/hands/style_desk.hpp"
#include "daemon/session_log.hpp"
#include "engine/base/time_source.hpp"
#include "engine/music/meter.hpp"
#include "osc/namespace.hpp"

namespace fusion {

// Whether a path's tail is about a port or the time of day, which has no meaning in a file.
[[nodiscard]] bool is_of_a_port(std::string_view tail);

class SessionDesk {
public:
    // All outlive it. `scenes`: those that are there before it saves any. `book`: from which chords
    // are planned.
    SessionDesk(ParamStore& params, const TimeSource& time, std::vector<Scene> scenes,
                const HarmonyBook& book = {});

    // A turn of the control thread, with the play head at `head`: a scene on its way goes on.
    void turn(Ticks head);
    [[nodiscard]] bool has_turns() const { return scenes_.morph() != nullptr; }
    // What the clock did, in the order in which it was done.
    void played(const PlayedEvent& event) { style_.played(event); }
    // With the play head of the last turn.
    Status obey(const SessionChange& change);

    [[nodiscard]] HarmonyDesk& harmony() { return harmony_; }

private:
    [[nodiscard]] std::optional<Status> obey_own_word(std::string_view tail,
                                                      const SessionChange& change);

    ParamStore& params_;
    const TimeSource& time_;
    Ticks head_{0};
    ActionDesk actions_;
    SceneDesk scenes_;
    HarmonyDesk harmony_;
    FinishDesk finish_;
    StyleDesk style_;
    OscNamespace paths_;
};

// What a session is before a note is made: where each change stands, and how long it all is.
struct PlacedSession {
    std::vector<Ticks> places;
    Ticks length{0};
};

// `changes` by their places. A store of its own, with the values of `start`, obeys them, so that
// what is wrong with one is told at once, and so that bars have the lengths that their metres say.
// `length`: where it is said in ticks; it goes over `bars`.
[[nodiscard]] Result<PlacedSession> place_session(const std::vector<SessionChange>& changes,
                                                  std::int64_t bars, std::optional<Ticks> length,
                                                  const ParamStore& start,
                                                  const std::vector<Scene>& scenes);

}  // namespace fusion
