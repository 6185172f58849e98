// Does what the plan of the day says (config/day_plan.hpp): recalls the scene whose hour has come,
// and lets the transport stand in hours of quiet and for the delay after a start. What hands do
// between two entries holds until the next. A clock that has no battery stands at 1970 until
// somebody sets it: until then nothing is done by it. Thread: control. Errors: a scene that is not
// there is told in the log, once for each entry.
#pragma once

#include <functional>
#include <optional>

#include "config/day_plan.hpp"
#include "daemon/hands/scene_desk.hpp"
#include "engine/params/store.hpp"

namespace fusion {

// By the system's clock and time zone; none while that clock stands before 2024.
[[nodiscard]] std::optional<WallTime> wall_time_now();

class DayDesk {
public:
    using Wall = std::function<std::optional<WallTime>()>;

    // All outlive it; `plan` may become another.
    DayDesk(const DayPlan& plan, ParamStore& params, SceneDesk& scenes, Wall wall = wall_time_now)
        : plan_{plan}, params_{params}, scenes_{scenes}, wall_{std::move(wall)} {}

    // Before the first note. `plays`: whether the configuration wants the transport to run; what a
    // last run saved may be the stand of its quiet.
    void begin(TimePoint now, Nanos delay, bool plays);
    // Each second or so.
    void turn(TimePoint now);

private:
    enum class Recall : std::uint8_t { at_once, as_said };
    void look(Recall how);
    void obey(const ScheduledScene& entry, Recall how);
    void quiet_is(bool quiet);
    [[nodiscard]] bool plays() const { return params_.current().on(ParamId::playing); }
    void play(bool on);

    const DayPlan& plan_;
    ParamStore& params_;
    SceneDesk& scenes_;
    Wall wall_;
    std::optional<ScheduledScene> last_;
    bool quiet_ = false;
    bool plays_after_quiet_ = true;
    std::optional<TimePoint> delayed_until_;
    bool told_unset_ = false;
};

}  // namespace fusion
