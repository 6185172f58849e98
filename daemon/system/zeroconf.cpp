#include "daemon/system/zeroconf.hpp"

#include <poll.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/system/system_bus.hpp"
#include "engine/base/log.hpp"

namespace fusion {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto kAvahi = "org.freedesktop.Avahi";
constexpr auto kServer = "org.freedesktop.Avahi.Server";
constexpr auto kGroup = "org.freedesktop.Avahi.EntryGroup";
constexpr std::string_view kCollision = "org.freedesktop.Avahi.CollisionError";
constexpr int kMostNames = 32;

// Avahi's own numbers.
enum ServerState : std::int32_t { server_running = 2, server_failure = 4 };
enum GroupState : std::int32_t { group_established = 2, group_collision = 3, group_failure = 4 };
constexpr std::int32_t kAnyInterface = -1;
constexpr std::int32_t kAnyProtocol = -1;

}  // namespace

// The conversation. Every reply and signal carries it on by one step.
struct Zeroconf::Talk {
    asio::io_context& io;
    const std::string first_name;
    const std::vector<ZeroconfService> services;
    const std::string address;
    const std::chrono::milliseconds retry;

    Bus bus;
    std::optional<asio::posix::stream_descriptor> socket;  // sd-bus's; released, never closed here
    asio::steady_timer timer;
    std::string name;
    std::string group;           // its object path; empty: none
    std::size_t unanswered = 0;  // AddService calls
    int names_tried = 0;
    State state = State::no_bus;
    std::string told;  // the last line in the log
    enum class Wait : std::uint8_t { none, pending };
    Wait reading = Wait::none;
    Wait writing = Wait::none;
    // What is waited for carries a weak one: it may be due when this has gone, or the bus is
    // another.
    std::shared_ptr<int> era;

    Talk(asio::io_context& context, std::string service_name, std::vector<ZeroconfService> list,
         std::string bus_named, std::chrono::milliseconds again)
        : io{context},
          first_name{std::move(service_name)},
          services{std::move(list)},
          address{bus_address(std::move(bus_named))},
          retry{again},
          timer{context},
          name{first_name} {}
    // NOLINTNEXTLINE(bugprone-exception-escape): a timer's cancel(), which cannot fail
    ~Talk() { leave(); }
    Talk(const Talk&) = delete;
    Talk& operator=(const Talk&) = delete;

    template <class... Args>
    void tell(fmt::format_string<Args...> text, Args&&... args) {
        auto line = fmt::format(text, std::forward<Args>(args)...);
        if (line == told) return;
        log::info("{}", line);
        told = std::move(line);
    }

    // --- The bus ---

    void join() {
        era = std::make_shared<int>(0);
        auto opened = open_bus(address);
        if (!opened) return give_up_bus(opened.error());
        bus = std::move(*opened);
        int rc = ask_to_be_told();
        if (rc >= 0) rc = sd_bus_get_fd(bus.get());
        if (rc < 0) return give_up_bus(rc);
        socket.emplace(io, rc);
        ask_state();
        go_on();
    }

    void leave() {
        era.reset();
        if (socket) {
            error_code ignored;
            socket->cancel(ignored);
            socket->release();
            socket.reset();
        }
        timer.cancel();
        reading = writing = Wait::none;
        group.clear();
        bus.reset();
    }

    void give_up_bus(int rc) {
        leave();
        state = State::no_bus;
        tell("not announced on the network: no D-Bus at {}: {}", address, std::strerror(-rc));
        era = std::make_shared<int>(0);
        timer.expires_after(retry);
        timer.async_wait([this, now = std::weak_ptr{era}](const error_code& error) {
            if (!error && !now.expired()) join();
        });
    }

    auto when(Wait& which) {
        return [this, &which, now = std::weak_ptr{era}](const error_code& error) {
            if (error || now.expired()) return;
            which = Wait::none;
            go_on();
        };
    }

    // All that can be done now is done; then waits for what the bus waits for.
    void go_on() {
        int rc = 0;
        do rc = sd_bus_process(bus.get(), nullptr);
        while (rc > 0);
        if (rc < 0 || sd_bus_is_open(bus.get()) <= 0) return give_up_bus(rc < 0 ? rc : -ECONNRESET);
        const int events = sd_bus_get_events(bus.get());
        if (events < 0) return give_up_bus(events);
        if (reading == Wait::none) {
            reading = Wait::pending;
            socket->async_wait(asio::posix::stream_descriptor::wait_read, when(reading));
        }
        if ((events & POLLOUT) != 0 && writing == Wait::none) {
            writing = Wait::pending;
            socket->async_wait(asio::posix::stream_descriptor::wait_write, when(writing));
        }
        std::uint64_t until_us = 0;
        if (sd_bus_get_timeout(bus.get(), &until_us) < 0 || until_us == UINT64_MAX) return;
        timer.expires_at(std::chrono::steady_clock::time_point{
            std::chrono::microseconds{static_cast<std::int64_t>(until_us)}});
        timer.async_wait([this, now = std::weak_ptr{era}](const error_code& error) {
            if (!error && !now.expired()) go_on();
        });
    }

    int ask_to_be_told() {
        int rc = sd_bus_match_signal_async(bus.get(), nullptr, "org.freedesktop.DBus",
                                           "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                           "NameOwnerChanged", on_owner, nullptr, this);
        if (rc >= 0)
            rc = sd_bus_match_signal_async(bus.get(), nullptr, kAvahi, "/", kServer, "StateChanged",
                                           on_server_state, nullptr, this);
        if (rc >= 0)
            rc = sd_bus_match_signal_async(bus.get(), nullptr, kAvahi, nullptr, kGroup,
                                           "StateChanged", on_group_state, nullptr, this);
        return rc;
    }

    template <class... Args>
    void call(const char* object, const char* interface, const char* method,
              sd_bus_message_handler_t answer, const char* types, Args... args) {
        const int rc = sd_bus_call_method_async(bus.get(), nullptr, kAvahi, object, interface,
                                                method, answer, this, types, args...);
        if (rc < 0) tell("not announced on the network: {}: {}", method, std::strerror(-rc));
    }

    // --- Avahi ---

    void ask_state() { call("/", kServer, "GetState", on_state_reply, nullptr); }

    void follow_server(std::int32_t server) {
        if (server == server_running) {
            if (group.empty()) begin();
            return;
        }
        // It registers its own name anew and has withdrawn ours.
        drop_group();
        state = State::registering;
        if (server == server_failure) tell("not announced on the network: Avahi has failed");
    }

    void begin() {
        state = State::registering;
        call("/", kServer, "EntryGroupNew", on_group, nullptr);
    }

    void drop_group() {
        if (group.empty()) return;
        call(group.c_str(), kGroup, "Free", nullptr, nullptr);
        group.clear();
    }

    void add_services() {
        unanswered = services.size();
        for (const auto& service : services) {
            sd_bus_message* made = nullptr;
            int rc = sd_bus_message_new_method_call(bus.get(), &made, kAvahi, group.c_str(), kGroup,
                                                    "AddService");
            const BusMessage request{made};
            if (rc >= 0)
                rc = sd_bus_message_append(made, "iiussssqaay", kAnyInterface, kAnyProtocol, 0U,
                                           name.c_str(), service.type.c_str(), "", "",
                                           static_cast<int>(service.port), 0U);
            if (rc >= 0) rc = sd_bus_call_async(bus.get(), nullptr, made, on_added, this, 0);
            if (rc < 0) return give_up_avahi(std::strerror(-rc));
        }
    }

    void try_next_name() {
        drop_group();
        if (++names_tried >= kMostNames) return give_up_avahi("every name is taken");
        name = next_name(name);
        begin();
    }

    // What was asked for is answered with an error when the bus goes, too.
    [[nodiscard]] bool is_cut() const { return sd_bus_is_open(bus.get()) <= 0; }

    void give_up_avahi(std::string_view why) {
        if (is_cut()) return;
        drop_group();
        state = State::given_up;
        tell("not announced on the network: Avahi: {}", why);
    }

    void follow_group(std::int32_t now, const char* why) {
        if (now == group_established) {
            state = State::established;
            std::vector<std::string> all;
            all.reserve(services.size());
            for (const auto& service : services)
                all.push_back(fmt::format("{} on port {}", service.type, service.port));
            tell("announced on the network as '{}': {}", name, fmt::join(all, ", "));
        }
        if (now == group_collision) try_next_name();
        if (now == group_failure) give_up_avahi(why);
    }

    // --- What the bus brings. A negative return would end the connection: never. ---

    static Talk& of(void* self) { return *static_cast<Talk*>(self); }
    static const sd_bus_error* error_of(sd_bus_message* message) {
        return sd_bus_message_is_method_error(message, nullptr) > 0
                   ? sd_bus_message_get_error(message)
                   : nullptr;
    }
    static std::string_view words_of(const sd_bus_error* error) {
        return error->message != nullptr ? error->message : error->name;
    }

    static int on_owner(sd_bus_message* message, void* self, sd_bus_error*) {
        const char* who = nullptr;
        const char* before = nullptr;
        const char* now = nullptr;
        if (sd_bus_message_read(message, "sss", &who, &before, &now) < 0) return 0;
        if (std::string_view{who} != kAvahi) return 0;
        auto& talk = of(self);
        talk.group.clear();  // gone with who held it
        talk.state = State::no_avahi;
        if (*now == 0) {
            talk.tell("no longer announced on the network: Avahi has ended; waiting for it");
        } else {
            talk.name = talk.first_name;
            talk.names_tried = 0;
            talk.ask_state();
        }
        return 0;
    }

    static int on_state_reply(sd_bus_message* message, void* self, sd_bus_error*) {
        auto& talk = of(self);
        if (const auto* error = error_of(message)) {
            if (talk.is_cut()) return 0;
            talk.state = State::no_avahi;
            talk.tell("not announced on the network: no Avahi: {}; install and start avahi-daemon",
                      words_of(error));
            return 0;
        }
        return on_server_state(message, self, nullptr);
    }

    static int on_server_state(sd_bus_message* message, void* self, sd_bus_error*) {
        std::int32_t now = 0;
        if (sd_bus_message_read(message, "i", &now) >= 0) of(self).follow_server(now);
        return 0;
    }

    static int on_group(sd_bus_message* message, void* self, sd_bus_error*) {
        auto& talk = of(self);
        if (const auto* error = error_of(message)) {
            talk.give_up_avahi(words_of(error));
            return 0;
        }
        const char* path = nullptr;
        if (sd_bus_message_read(message, "o", &path) < 0 || !talk.group.empty()) return 0;
        talk.group.assign(path);
        talk.add_services();
        return 0;
    }

    static int on_added(sd_bus_message* message, void* self, sd_bus_error*) {
        auto& talk = of(self);
        if (talk.group.empty()) return 0;  // one of the same group was refused before
        if (const auto* error = error_of(message)) {
            if (error->name == kCollision)
                talk.try_next_name();
            else
                talk.give_up_avahi(words_of(error));
            return 0;
        }
        if (--talk.unanswered == 0)
            talk.call(talk.group.c_str(), kGroup, "Commit", on_committed, nullptr);
        return 0;
    }

    static int on_committed(sd_bus_message* message, void* self, sd_bus_error*) {
        if (const auto* error = error_of(message)) of(self).give_up_avahi(words_of(error));
        return 0;
    }

    static int on_group_state(sd_bus_message* message, void* self, sd_bus_error*) {
        auto& talk = of(self);
        const char* path = sd_bus_message_get_path(message);
        std::int32_t now = 0;
        const char* why = nullptr;
        if (path == nullptr || talk.group != path) return 0;
        if (sd_bus_message_read(message, "is", &now, &why) >= 0) talk.follow_group(now, why);
        return 0;
    }
};

Zeroconf::Zeroconf(asio::io_context& io, std::string name, std::vector<ZeroconfService> services,
                   std::string bus_address, std::chrono::milliseconds retry)
    : talk_{std::make_unique<Talk>(io, std::move(name), std::move(services), std::move(bus_address),
                                   retry)} {
    if (talk_->services.empty())
        talk_->tell(
            "not announced on the network: OSC and OSCQuery are bound to this machine alone");
    else
        talk_->join();
}

Zeroconf::~Zeroconf() = default;

Zeroconf::State Zeroconf::state() const { return talk_->state; }
const std::string& Zeroconf::name() const { return talk_->name; }

}  // namespace fusion
