// What systemd is told: READY when the first note can be played, WATCHDOG while the clock's
// heartbeat goes on and that of the inference thread, STATUS in one line. Silent where systemd did
// not start us. Thread: control. Errors: none.
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

    // Counts that grow with every turn of a thread.
    struct Heartbeats {
        std::uint64_t clock = 0;
        std::uint64_t inference = 0;
    };

    // To be called several times within the watchdog's time. What does not beat is not vouched for,
    // and systemd then starts the daemon anew.
    void beat(bool ready, const Heartbeats& hearts, TimePoint now);
    void status(const std::string& line);
    void stopping();

private:
    Notify notify_;
    Micros watchdog_{0};
    bool told_ready_ = false;
    Heartbeats last_;
    TimePoint last_fed_{};
};

}  // namespace fusion
