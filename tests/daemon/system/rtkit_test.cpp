// Against a service of our own on a socket of our own: neither a bus nor RealtimeKit is needed.
#include "daemon/system/rtkit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>

#include <fmt/format.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// Speaks as the bus and as RealtimeKit to one caller.
class MockRtkit {
public:
    enum class Mood { generous, denying, absent, mute };

    explicit MockRtkit(Mood mood) : mood_{mood} {
        static std::atomic<int> number{0};
        name_ = fmt::format("fusion-rtkit-test-{}-{}", getpid(), number.fetch_add(1));
        listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        std::memcpy(at.sun_path + 1, name_.data(), name_.size());  // abstract: no file is left
        const auto length = offsetof(sockaddr_un, sun_path) + 1 + name_.size();
        bound_ = bind(listener_, reinterpret_cast<const sockaddr*>(&at),
                      static_cast<socklen_t>(length)) == 0 &&
                 listen(listener_, 1) == 0;
        thread_ = std::thread{[this] { serve(); }};
    }
    ~MockRtkit() {
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        close(listener_);
    }

    [[nodiscard]] bool bound() const { return bound_; }
    [[nodiscard]] std::string address() const { return "unix:abstract=" + name_; }

    // What MakeThreadRealtime was asked, and what bound the process had put itself under by then.
    std::atomic<std::uint64_t> thread{0};
    std::atomic<std::uint32_t> priority{0};
    std::atomic<std::uint64_t> processor_time{0};

    static constexpr int kHighest = 20;
    static constexpr std::int64_t kMostTimeUs = 200'000;

private:
    void serve() {
        const int caller = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (caller < 0) return;
        if (mood_ == Mood::mute) {
            char nothing = 0;  // until the caller gives up
            for (;;) {
                const auto got = recv(caller, &nothing, 1, 0);
                if (got == 0 || (got < 0 && errno != EAGAIN)) break;
                std::this_thread::yield();
            }
            close(caller);
            return;
        }
        sd_bus* bus = nullptr;
        sd_id128_t id{};
        sd_id128_randomize(&id);
        sd_bus_new(&bus);
        sd_bus_set_fd(bus, caller, caller);
        sd_bus_set_server(bus, 1, id);
        sd_bus_set_anonymous(bus, 1);
        sd_bus_add_filter(bus, nullptr, answer, this);
        sd_bus_start(bus);
        for (int rc = 0; rc >= 0;) {
            rc = sd_bus_process(bus, nullptr);
            if (rc == 0) rc = sd_bus_wait(bus, UINT64_MAX);
        }
        sd_bus_close_unref(bus);
    }

    static int answer(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
        return static_cast<MockRtkit*>(self)->answer(message);
    }

    int answer(sd_bus_message* message) {
        const auto is = [&](const char* interface, const char* member) {
            return sd_bus_message_is_method_call(message, interface, member) > 0;
        };
        if (is("org.freedesktop.DBus", "Hello"))
            return sd_bus_reply_method_return(message, "s", ":1.1");
        if (mood_ == Mood::absent)
            return sd_bus_reply_method_errorf(message, SD_BUS_ERROR_SERVICE_UNKNOWN,
                                              "The name was not provided by any .service files");
        if (is("org.freedesktop.DBus.Properties", "Get")) {
            const char* interface = nullptr;
            const char* name = nullptr;
            sd_bus_message_read(message, "ss", &interface, &name);
            if (std::string_view{name} == "MaxRealtimePriority")
                return sd_bus_reply_method_return(message, "v", "i", kHighest);
            return sd_bus_reply_method_return(message, "v", "x", kMostTimeUs);
        }
        if (!is("org.freedesktop.RealtimeKit1", "MakeThreadRealtime")) return 0;
        std::uint64_t asked_thread = 0;
        std::uint32_t asked_priority = 0;
        sd_bus_message_read(message, "tu", &asked_thread, &asked_priority);
        rlimit limit{};
        getrlimit(RLIMIT_RTTIME, &limit);
        thread = asked_thread;
        priority = asked_priority;
        processor_time = limit.rlim_max;
        if (mood_ == Mood::denying)
            return sd_bus_reply_method_errorf(message, SD_BUS_ERROR_ACCESS_DENIED, "not for you");
        return sd_bus_reply_method_return(message, "");
    }

    Mood mood_;
    std::string name_;
    int listener_ = -1;
    bool bound_ = false;
    std::thread thread_;
};

TEST(Rtkit, AsksForTheThreadAtWhatTheServiceAllowsAtMost) {
    MockRtkit service{MockRtkit::Mood::generous};
    ASSERT_TRUE(service.bound());
    const auto granted = ask_rtkit(4711, 70, service.address());
    ASSERT_TRUE(granted.has_value()) << granted.error().message;
    EXPECT_EQ(*granted, MockRtkit::kHighest);
    EXPECT_EQ(service.thread.load(), 4711U);
    EXPECT_EQ(service.priority.load(), 20U);
}

TEST(Rtkit, ALowerPriorityStaysWhatItIs) {
    MockRtkit service{MockRtkit::Mood::generous};
    const auto granted = ask_rtkit(4711, 5, service.address());
    ASSERT_TRUE(granted.has_value()) << granted.error().message;
    EXPECT_EQ(*granted, 5);
    EXPECT_EQ(service.priority.load(), 5U);
}

TEST(Rtkit, TheBoundOfProcessorTimeIsSetBeforeTheServiceIsAsked) {
    MockRtkit service{MockRtkit::Mood::generous};
    ASSERT_TRUE(ask_rtkit(4711, 70, service.address()).has_value());
    EXPECT_LE(service.processor_time.load(), MockRtkit::kMostTimeUs);
    EXPECT_GT(service.processor_time.load(), 0U);
}

TEST(Rtkit, ARefusalIsToldInTheServicesWordsAndSaysWhatToDo) {
    MockRtkit service{MockRtkit::Mood::denying};
    const auto granted = ask_rtkit(4711, 70, service.address());
    ASSERT_FALSE(granted.has_value());
    EXPECT_EQ(granted.error().code, Error::Code::unavailable);
    EXPECT_THAT(granted.error().message, HasSubstr("not for you"));
    EXPECT_THAT(granted.error().message, HasSubstr("limits.d"));
}

TEST(Rtkit, ABusWithoutTheServiceIsTold) {
    MockRtkit service{MockRtkit::Mood::absent};
    const auto granted = ask_rtkit(4711, 70, service.address());
    ASSERT_FALSE(granted.has_value());
    EXPECT_THAT(granted.error().message, HasSubstr("install and start rtkit"));
    EXPECT_EQ(service.thread.load(), 0U);
}

TEST(Rtkit, AMachineWithoutABusIsTold) {
    const auto granted = ask_rtkit(4711, 70, "unix:abstract=fusion-nobody-listens-here");
    ASSERT_FALSE(granted.has_value());
    EXPECT_THAT(granted.error().message, HasSubstr("no D-Bus at unix:abstract=fusion-nobody"));
}

TEST(Rtkit, ABusThatSaysNothingIsNotWaitedForLongerThanTheCallerIsPatient) {
    MockRtkit service{MockRtkit::Mood::mute};
    const auto granted = ask_rtkit(4711, 70, service.address(), 20ms);
    ASSERT_FALSE(granted.has_value());
    EXPECT_EQ(granted.error().code, Error::Code::unavailable);
}

}  // namespace
}  // namespace fusion
