// What an installation does by the time of day: scenes at hours of weekdays, and hours of quiet.
// What holds at a moment is a function of that moment and the table alone, so a clock that is set,
// by an hour or from 1970, needs no care: whoever asks again is told what holds now.
//
//   [[schedule]]
//   at = "09:00"              # local time
//   days = "mon-fri"          # or "sat,sun", "mon,wed-fri"; left out: each day
//   scene = "morning"
//   beats = 32                # over which it morphs; left out: at once
//   [[schedule]]
//   quiet = "22:00-08:00"     # nothing is played; over midnight where it ends before it begins
//   days = "mon-fri"          # those on which it begins
//
// Rejected: a timer for each entry (cron's way): it has to be told of every jump of the clock, and
// what was to happen while the machine was off does not.
// Thread: any (a value). Errors: parse_day_plan says malformed, with file and line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"

namespace fusion {

inline constexpr int kMinutesADay = 24 * 60;
inline constexpr std::size_t kMostScheduled = 256;

// On a wall of the place where the machine is.
struct WallTime {
    int weekday = 0;  // 0 is Monday
    int minute = 0;   // of the day
    friend bool operator==(const WallTime&, const WallTime&) = default;
};

using Weekdays = std::uint8_t;  // bit 0 is Monday
inline constexpr Weekdays kEachDay = 0x7F;

struct ScheduledScene {
    int minute = 0;
    Weekdays days = kEachDay;
    std::string scene;
    double beats = 0.0;
    friend bool operator==(const ScheduledScene&, const ScheduledScene&) = default;
};
struct QuietHours {
    int from = 0;
    int to = 0;  // at or before `from`: of the next day
    Weekdays days = kEachDay;
    friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

struct DayPlan {
    std::vector<ScheduledScene> scenes;
    std::vector<QuietHours> quiet;
    [[nodiscard]] bool empty() const { return scenes.empty() && quiet.empty(); }
    friend bool operator==(const DayPlan&, const DayPlan&) = default;
};

struct DayPlanNow {
    std::optional<std::size_t> scene;  // of DayPlan::scenes: the last that began, within a week
    bool quiet = false;
    friend bool operator==(const DayPlanNow&, const DayPlanNow&) = default;
};
[[nodiscard]] DayPlanNow in_force(const DayPlan& plan, WallTime now);

// Of all [[schedule]] in a configuration's text; `name` is what messages call it.
[[nodiscard]] Result<DayPlan> parse_day_plan(std::string_view text, std::string_view name);

}  // namespace fusion
