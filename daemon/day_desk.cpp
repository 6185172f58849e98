#include "daemon/day_desk.hpp"

#include <ctime>

#include "engine/base/log.hpp"

namespace fusion {

std::optional<WallTime> wall_time_now() {
    constexpr std::time_t kTheEarliest = 1'704'067'200;  // 2024
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    if (now < kTheEarliest || ::localtime_r(&now, &local) == nullptr) return {};
    return WallTime{(local.tm_wday + 6) % 7, local.tm_hour * 60 + local.tm_min};
}

void DayDesk::begin(TimePoint now, Nanos delay, bool plays) {
    if (!plan_.quiet.empty()) play(plays);
    look(Recall::at_once);
    if (delay <= Nanos{0} || !this->plays()) return;
    delayed_until_ = now + delay;
    play(false);
}

void DayDesk::turn(TimePoint now) {
    look(Recall::as_said);
    if (!delayed_until_ || now < *delayed_until_) return;
    delayed_until_.reset();
    if (quiet_)
        plays_after_quiet_ = true;
    else
        play(true);
}

void DayDesk::look(Recall how) {
    if (plan_.empty()) return quiet_is(false);
    const auto wall = wall_();
    if (!wall) {
        if (!std::exchange(told_unset_, true))
            log::warning("the clock of this machine is not set: the schedule waits for it");
        return;
    }
    const auto now = in_force(plan_, *wall);
    if (now.scene) obey(plan_.scenes[*now.scene], how);
    quiet_is(now.quiet);
}

void DayDesk::obey(const ScheduledScene& entry, Recall how) {
    if (last_ == entry) return;
    last_ = entry;
    const auto done = how == Recall::at_once ? scenes_.begin_in(entry.scene)
                                             : scenes_.recall(entry.scene, entry.beats);
    if (done)
        log::info("the schedule recalls '{}'", entry.scene);
    else
        log::error("the schedule: {}", done.error().message);
}

void DayDesk::quiet_is(bool quiet) {
    if (quiet == quiet_) return;
    quiet_ = quiet;
    log::info("the schedule: quiet {}", quiet ? "begins" : "ends");
    if (quiet) {
        plays_after_quiet_ = plays();
        play(false);
    } else if (plays_after_quiet_ && !delayed_until_) {
        play(true);
    }
}

void DayDesk::play(bool on) {
    if (plays() != on) static_cast<void>(params_.set(ParamId::playing, on ? 1.0 : 0.0));
}

}  // namespace fusion
