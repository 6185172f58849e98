// What systemd is told: READY when the first note can be played, WATCHDOG while the clock's
// heartbeat goes on, STATUS in one line. Silent where systemd did not start us.
// Thread: control. Errors: none.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "engine/base/units.hpp"

namespace fusion {

class Service {
public:
    using Notify = std::function<void(const std::string&)>;

    // The second is for tests: `notify` and `watchdog` stand for sd_notify and sd_watchdog_enabled.
    Service();
    Service(Notify notify, Micros watchdog);

    // To be called several times within the watchdog's time. A clock that does not beat is not
    // vouched for, and systemd then starts the daemon anew.
    void beat(bool ready, std::uint64_t clock_heartbeat, TimePoint now);
    void status(const std::string& line);
    void stopping();

private:
    Notify notify_;
    Micros watchdog_{0};
    bool told_ready_ = false;
    std::uint64_t last_heartbeat_ = 0;
    TimePoint last_fed_{};
};

}  // namespace fusion
