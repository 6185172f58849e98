#include "daemon/system/rtkit.hpp"
#include "daemon/system/system_bus.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <fmt/format.h>

namespace fusion {
namespace {

constexpr auto kService = "org.freedesktop.RealtimeKit1";
constexpr auto kObject = "/org/freedesktop/RealtimeKit1";
constexpr auto kProperties = "org.freedesktop.DBus.Properties";

using Clock = std::chrono::steady_clock;

tl::unexpected<Error> refused(std::string_view what, std::string_view why) {
    return fail(Error::Code::unavailable,
                fmt::format("rtkit gave no real-time priority: {}: {}; install and start rtkit, or "
                            "allow rtprio in /etc/security/limits.d for the group audio",
                            what, why));
}

// One conversation with the service; every step of it ends by the same deadline.
class Conversation {
public:
    explicit Conversation(Micros patience) : until_{Clock::now() + patience} {}

    Status open(const std::string& address) {
        auto opened = open_bus(address);
        int rc = opened ? 0 : opened.error();
        if (opened) bus_ = std::move(*opened);
        while (rc >= 0 && sd_bus_is_ready(bus_.get()) == 0) {
            rc = sd_bus_process(bus_.get(), nullptr);
            if (rc == 0) rc = left() > 0 ? sd_bus_wait(bus_.get(), left()) : -ETIMEDOUT;
        }
        if (rc < 0) return refused("no D-Bus at " + address, std::strerror(-rc));
        return {};
    }

    // `type` is D-Bus's: 'i' an int32, 'x' an int64.
    Result<std::int64_t> number(const char* name, char type) {
        sd_bus_message* made = nullptr;
        int rc = sd_bus_message_new_method_call(bus_.get(), &made, kService, kObject, kProperties,
                                                "Get");
        BusMessage request{made};
        if (rc >= 0) rc = sd_bus_message_append(made, "ss", kService, name);
        if (rc < 0) return refused(name, std::strerror(-rc));
        auto reply = call(name, made);
        if (!reply) return tl::unexpected{reply.error()};
        std::int32_t narrow = 0;
        std::int64_t wide = 0;
        rc = type == 'i' ? sd_bus_message_read(reply->get(), "v", "i", &narrow)
                         : sd_bus_message_read(reply->get(), "v", "x", &wide);
        if (rc < 0) return refused(name, std::strerror(-rc));
        return type == 'i' ? narrow : wide;
    }

    Status make_realtime(pid_t thread, int priority) {
        sd_bus_message* made = nullptr;
        int rc = sd_bus_message_new_method_call(bus_.get(), &made, kService, kObject, kService,
                                                "MakeThreadRealtime");
        BusMessage request{made};
        if (rc >= 0)
            rc = sd_bus_message_append(made, "tu", static_cast<std::uint64_t>(thread),
                                       static_cast<std::uint32_t>(priority));
        if (rc < 0) return refused("MakeThreadRealtime", std::strerror(-rc));
        if (auto reply = call("MakeThreadRealtime", made); !reply)
            return tl::unexpected{reply.error()};
        return {};
    }

private:
    [[nodiscard]] std::uint64_t left() const {
        const auto left = std::chrono::duration_cast<Micros>(until_ - Clock::now()).count();
        return static_cast<std::uint64_t>(std::max<std::int64_t>(left, 0));
    }

    Result<BusMessage> call(const char* what, sd_bus_message* request) {
        sd_bus_error error{};
        sd_bus_message* reply = nullptr;
        // 0 would mean sd-bus's own patience, 25 s.
        const int rc =
            sd_bus_call(bus_.get(), request, std::max<std::uint64_t>(left(), 1), &error, &reply);
        BusMessage owned{reply};
        const std::string why = error.message != nullptr ? error.message : std::strerror(-rc);
        sd_bus_error_free(&error);
        if (rc < 0) return refused(what, why);
        return owned;
    }

    Clock::time_point until_;
    Bus bus_;
};

Status bind_processor_time(std::int64_t most_us) {
    rlimit limit{};
    if (getrlimit(RLIMIT_RTTIME, &limit) != 0)
        return refused("RLIMIT_RTTIME", std::strerror(errno));
    const auto most = static_cast<rlim_t>(std::max<std::int64_t>(most_us, 0));
    const rlimit bound{.rlim_cur = std::min(limit.rlim_cur, most),
                       .rlim_max = std::min(limit.rlim_max, most)};
    if (setrlimit(RLIMIT_RTTIME, &bound) != 0)
        return refused("RLIMIT_RTTIME", std::strerror(errno));
    return {};
}

}  // namespace

Result<int> ask_rtkit(pid_t thread, int priority, const std::string& bus, Micros patience) {
    Conversation rtkit{patience};
    if (auto opened = rtkit.open(bus_address(bus)); !opened) return tl::unexpected{opened.error()};
    const auto highest = rtkit.number("MaxRealtimePriority", 'i');
    if (!highest) return tl::unexpected{highest.error()};
    const auto most_us = rtkit.number("RTTimeUSecMax", 'x');
    if (!most_us) return tl::unexpected{most_us.error()};
    const auto asked = static_cast<int>(std::min<std::int64_t>(priority, *highest));
    if (asked < 1) return refused("MaxRealtimePriority", fmt::format("{}", *highest));
    if (auto bound = bind_processor_time(*most_us); !bound) return tl::unexpected{bound.error()};
    if (auto made = rtkit.make_realtime(thread, asked); !made) return tl::unexpected{made.error()};
    return asked;
}

}  // namespace fusion
