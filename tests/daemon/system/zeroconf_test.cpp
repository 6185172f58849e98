// Against a bus of our own, with an Avahi of our own on it; and with the real one where it can run.
#include "daemon/system/zeroconf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include "tests/daemon/system/private_bus.hpp"
#include "tests/support/eventually.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using State = Zeroconf::State;

// What of Avahi's interface is used, on a thread of its own.
class FakeAvahi {
public:
    struct Manners {
        std::set<std::string> taken_here{};   // AddService is refused
        std::set<std::string> taken_there{};  // found out after Commit
        std::int32_t state = 2;               // running
    };

    FakeAvahi(const std::string& address, Manners manners) : manners_{std::move(manners)} {
        sd_bus_new(&bus_);
        sd_bus_set_address(bus_, address.c_str());
        sd_bus_set_bus_client(bus_, 1);
        sd_bus_start(bus_);
        sd_bus_add_filter(bus_, nullptr, answer, this);
        sd_bus_request_name(bus_, "org.freedesktop.Avahi", 0);
        thread_ = std::thread{[this] {
            while (!ends_) {
                {
                    const std::scoped_lock lock{guard_};
                    if (next_) next_();
                    next_ = nullptr;
                }
                if (sd_bus_process(bus_, nullptr) == 0) sd_bus_wait(bus_, 2000);
            }
            sd_bus_flush_close_unref(bus_);
        }};
    }
    ~FakeAvahi() {
        ends_ = true;
        thread_.join();
    }
    FakeAvahi(const FakeAvahi&) = delete;
    FakeAvahi& operator=(const FakeAvahi&) = delete;

    void say_state(std::int32_t state) {
        const std::scoped_lock lock{guard_};
        next_ = [this, state] {
            manners_.state = state;
            sd_bus_emit_signal(bus_, "/", "org.freedesktop.Avahi.Server", "StateChanged", "is",
                               state, "");
        };
    }
    // "name type port" of each that stands committed.
    [[nodiscard]] std::vector<std::string> services() {
        const std::scoped_lock lock{guard_};
        return services_;
    }

private:
    static int answer(sd_bus_message* message, void* self, sd_bus_error*) {
        return static_cast<FakeAvahi*>(self)->answer(message);
    }
    int answer(sd_bus_message* message) {
        const auto is = [&](const char* interface, const char* member) {
            return sd_bus_message_is_method_call(message, interface, member) > 0;
        };
        constexpr auto kServer = "org.freedesktop.Avahi.Server";
        constexpr auto kGroup = "org.freedesktop.Avahi.EntryGroup";
        if (is(kServer, "GetState"))
            return sd_bus_reply_method_return(message, "i", manners_.state);
        if (is(kServer, "EntryGroupNew")) {
            group_ = fmt::format("/Client1/EntryGroup{}", ++groups_);
            added_.clear();
            return sd_bus_reply_method_return(message, "o", group_.c_str());
        }
        if (is(kGroup, "Free")) {
            const std::scoped_lock lock{guard_};
            services_.clear();
            return sd_bus_reply_method_return(message, "");
        }
        if (is(kGroup, "AddService")) return add(message);
        if (!is(kGroup, "Commit")) return 0;
        sd_bus_reply_method_return(message, "");
        say_group(1);
        if (manners_.taken_there.contains(name_)) return say_group(3);
        {
            const std::scoped_lock lock{guard_};
            services_ = added_;
        }
        return say_group(2);
    }
    int add(sd_bus_message* message) {
        std::int32_t interface = 0;
        std::int32_t protocol = 0;
        std::uint32_t flags = 0;
        const char* name = nullptr;
        const char* type = nullptr;
        const char* domain = nullptr;
        const char* host = nullptr;
        std::uint16_t port = 0;
        sd_bus_message_read(message, "iiussssq", &interface, &protocol, &flags, &name, &type,
                            &domain, &host, &port);
        name_ = name;
        if (manners_.taken_here.contains(name_))
            return sd_bus_reply_method_errorf(message, "org.freedesktop.Avahi.CollisionError",
                                              "Local name collision");
        added_.push_back(fmt::format("{} {} {}", name, type, port));
        return sd_bus_reply_method_return(message, "");
    }
    int say_group(std::int32_t state) {
        return sd_bus_emit_signal(bus_, group_.c_str(), "org.freedesktop.Avahi.EntryGroup",
                                  "StateChanged", "is", state, "");
    }

    Manners manners_;
    sd_bus* bus_ = nullptr;
    std::string group_;
    std::string name_;
    int groups_ = 0;
    std::vector<std::string> added_;
    std::mutex guard_;
    std::vector<std::string> services_;
    std::function<void()> next_;
    std::atomic<bool> ends_{false};
    std::thread thread_;
};

class Announcing : public testing::Test {
protected:
    void SetUp() override {
        if (bus_->address().empty()) GTEST_SKIP() << "no dbus-daemon to be had here";
    }
    void announce(const std::string& address) {
        zeroconf_ = std::make_unique<Zeroconf>(
            io_, "fusiond on test",
            std::vector<ZeroconfService>{{"_osc._udp", 9700}, {"_oscjson._tcp", 9701}}, address,
            20ms);
    }
    void announce() { announce(bus_->address()); }
    void until(State state) {
        until([&] { return zeroconf_->state() == state; });
    }
    template <class Condition>
    void until(Condition&& condition) {
        ASSERT_TRUE(test::eventually(condition, [this] { turn(); }));
    }
    void turn() {
        io_.restart();
        io_.run_for(2ms);
    }

    std::unique_ptr<BusDaemon> bus_ = std::make_unique<BusDaemon>();
    boost::asio::io_context io_;
    std::unique_ptr<Zeroconf> zeroconf_;
};

TEST_F(Announcing, TellsAvahiBothServices) {
    FakeAvahi avahi{bus_->address(), {}};
    announce();
    until(State::established);
    EXPECT_EQ(zeroconf_->name(), "fusiond on test");
    EXPECT_THAT(avahi.services(), ElementsAre("fusiond on test _osc._udp 9700",
                                              "fusiond on test _oscjson._tcp 9701"));
}

TEST_F(Announcing, ANameThatIsTakenHereGivesWayToTheNext) {
    FakeAvahi avahi{bus_->address(), {.taken_here = {"fusiond on test", "fusiond on test #2"}}};
    announce();
    until(State::established);
    EXPECT_THAT(avahi.services(), ElementsAre("fusiond on test #3 _osc._udp 9700",
                                              "fusiond on test #3 _oscjson._tcp 9701"));
}

TEST_F(Announcing, ANameThatIsTakenOnTheNetworkGivesWayToTheNext) {
    FakeAvahi avahi{bus_->address(), {.taken_there = {"fusiond on test"}}};
    announce();
    until(State::established);
    EXPECT_EQ(zeroconf_->name(), "fusiond on test #2");
    EXPECT_EQ(avahi.services().size(), 2U);
}

TEST_F(Announcing, AvahiMayComeGoAndComeBack) {
    announce();
    until(State::no_avahi);
    {
        FakeAvahi avahi{bus_->address(), {.taken_here = {"fusiond on test"}}};
        until(State::established);
        EXPECT_EQ(zeroconf_->name(), "fusiond on test #2");
    }
    until(State::no_avahi);
    FakeAvahi avahi{bus_->address(), {}};
    until(State::established);
    EXPECT_EQ(zeroconf_->name(), "fusiond on test");
    EXPECT_EQ(avahi.services().size(), 2U);
}

TEST_F(Announcing, WaitsForAnAvahiThatIsStillStarting) {
    FakeAvahi avahi{bus_->address(), {.state = 1}};
    announce();
    until(State::registering);
    EXPECT_THAT(avahi.services(), IsEmpty());
    avahi.say_state(2);
    until(State::established);
}

TEST_F(Announcing, AHostThatGetsAnotherNameIsAnnouncedAnew) {
    FakeAvahi avahi{bus_->address(), {}};
    announce();
    until(State::established);
    avahi.say_state(1);
    until(State::registering);
    until([&] { return avahi.services().empty(); });
    avahi.say_state(2);
    until(State::established);
    EXPECT_EQ(avahi.services().size(), 2U);
}

TEST_F(Announcing, WithoutABusItIsTriedAgain) {
    const auto address = "unix:path=" + (bus_->folder() / "none").string();
    announce(address);
    EXPECT_EQ(zeroconf_->state(), State::no_bus);
    for (int i = 0; i < 20; ++i) turn();
    EXPECT_EQ(zeroconf_->state(), State::no_bus);
    const FakeAvahi avahi{bus_->address(), {}};
    std::filesystem::create_symlink("socket", bus_->folder() / "none");
    until(State::established);
}

TEST_F(Announcing, ABusThatEndsIsTriedAgainAndTheDaemonGoesOn) {
    auto avahi = std::make_unique<FakeAvahi>(bus_->address(), FakeAvahi::Manners{});
    announce();
    until(State::established);
    avahi.reset();
    bus_.reset();
    until(State::no_bus);
    for (int i = 0; i < 20; ++i) turn();
    EXPECT_EQ(zeroconf_->state(), State::no_bus);
}

TEST_F(Announcing, ItMayGoAtAnyMoment) {
    FakeAvahi avahi{bus_->address(), {.taken_here = {"fusiond on test"}}};
    for (int turns = 0; turns < 12; ++turns) {
        announce();
        for (int i = 0; i < turns; ++i) {
            io_.restart();
            io_.run_one_for(1ms);
        }
        zeroconf_.reset();
    }
    for (int i = 0; i < 20; ++i) turn();
}

TEST_F(Announcing, TheRealAvahiShowsItToTheNetwork) {
    if (geteuid() != 0) GTEST_SKIP() << "a second avahi-daemon can be started by root alone";
    const auto file = bus_->folder() / "avahi.conf";
    std::ofstream{file} << "[server]\nhost-name=fusion-test\nuse-iff-running=no\n"
                           "[publish]\npublish-workstation=no\n";
    setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_->address().c_str(), 1);
    const Child avahi{{"sh", "-c",
                       "avahi-daemon --check && exit; exec avahi-daemon -f " + file.string() +
                           " --no-drop-root --no-chroot --no-rlimits 2>/dev/null"}};
    announce();
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (zeroconf_->state() != State::established && std::chrono::steady_clock::now() < end)
        turn();
    if (zeroconf_->state() == State::no_avahi)
        GTEST_SKIP() << "avahi-daemon is not installed, or runs already, or may not run here";
    ASSERT_EQ(zeroconf_->state(), State::established);
    for (const auto* type : {"_osc._udp", "_oscjson._tcp"}) {
        const Child browser{
            {"sh", "-c", std::string{"avahi-browse -rpt "} + type + " | grep '^='"}};
        EXPECT_THAT(browser.line(), testing::HasSubstr("fusiond\\032on\\032test")) << type;
    }
    // A second daemon on this machine.
    const Zeroconf second{io_, "fusiond on test", {{"_osc._udp", 9800}}, bus_->address()};
    until([&] { return second.state() == State::established; });
    EXPECT_EQ(second.name(), "fusiond on test #2");
}

TEST_F(Announcing, ABusThatSaysNothingIsNotWaitedFor) {
    const auto path = (bus_->folder() / "mute").string();
    const int mute = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path.copy(at.sun_path, sizeof at.sun_path - 1);
    ASSERT_EQ(bind(mute, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    ASSERT_EQ(listen(mute, 1), 0);
    announce("unix:path=" + path);
    for (int i = 0; i < 20; ++i) turn();
    EXPECT_EQ(zeroconf_->state(), State::no_bus);
    close(mute);
    FakeAvahi avahi{bus_->address(), {}};
    std::filesystem::remove(path);
    std::filesystem::create_symlink("socket", path);
    until(State::established);
}

TEST(Zeroconf, WhatIsBoundToThisMachineAloneIsNotAnnounced) {
    EXPECT_THAT(advertised({"127.0.0.1", 9700, "localhost", 9701}), IsEmpty());
    EXPECT_THAT(advertised({"::1", 9700, "127.0.0.5", 9701}), IsEmpty());
    EXPECT_THAT(advertised({"0.0.0.0", 9700, "127.0.0.1", 9701}),
                ElementsAre(ZeroconfService{"_osc._udp", 9700}));
    EXPECT_THAT(
        advertised({"0.0.0.0", 9700, "192.168.1.5", 9701}),
        ElementsAre(ZeroconfService{"_osc._udp", 9700}, ZeroconfService{"_oscjson._tcp", 9701}));
    EXPECT_THAT(advertised({"::", 9700, "::", 0}), ElementsAre(ZeroconfService{"_osc._udp", 9700}));
}

TEST(Zeroconf, NamesCountUp) {
    EXPECT_EQ(next_name("fusiond on studio"), "fusiond on studio #2");
    EXPECT_EQ(next_name("fusiond on studio #2"), "fusiond on studio #3");
    EXPECT_EQ(next_name("fusiond on studio #9"), "fusiond on studio #10");
    EXPECT_EQ(next_name("fusiond on #x"), "fusiond on #x #2");
    EXPECT_EQ(next_name("a #0"), "a #0 #2");
    EXPECT_THAT(zeroconf_name(), testing::StartsWith("fusiond"));
    EXPECT_LE(zeroconf_name().size(), 58U);
}

TEST(Zeroconf, WithoutServicesItDoesNothing) {
    boost::asio::io_context io;
    const Zeroconf none{io, "x", {}, "unix:path=/nonsense"};
    EXPECT_EQ(io.poll(), 0U);
}

}  // namespace
}  // namespace fusion
