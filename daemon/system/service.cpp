#include "daemon/system/service.hpp"

#include <systemd/sd-daemon.h>

namespace fusion {
namespace {

Micros watchdog_time() {
    std::uint64_t us = 0;
    return sd_watchdog_enabled(0, &us) > 0 ? Micros{us} : Micros{0};
}

}  // namespace

Service::Service()
    : Service{[](const std::string& state) { sd_notify(0, state.c_str()); }, watchdog_time()} {}

Service::Service(Notify notify, Micros watchdog)
    : notify_{std::move(notify)}, watchdog_{watchdog} {}

void Service::beat(bool ready, const Heartbeats& hearts, TimePoint now) {
    if (ready && !told_ready_) {
        told_ready_ = true;
        notify_("READY=1");
    }
    if (watchdog_ == Micros{0}) return;
    if (hearts.clock == last_.clock || hearts.inference == last_.inference) return;
    if (now - last_fed_ < watchdog_ / 4) return;
    last_ = hearts;
    last_fed_ = now;
    notify_("WATCHDOG=1");
}

void Service::status(const std::string& line) { notify_("STATUS=" + line); }
void Service::stopping() { notify_("STOPPING=1"); }

}  // namespace fusion
