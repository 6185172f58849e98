// Tells the network what is served here, through Avahi: OSC as _osc._udp, OSCQuery as
// _oscjson._tcp, so that clients find them by name. Over the system's D-Bus, on the control
// thread's io_context; nothing here waits and nothing is an error: without a bus or without Avahi
// there is one line in the log, and both are looked for again.
//
//   no bus, or the bus goes        tried again each kRetry
//   Avahi not running, or it ends  the bus says when it comes (back): registered anew
//   the name is taken              the next one is tried: "fusiond on studio", "... #2", "... #3"
//   the host's name changes        Avahi takes its records back and says when it is ready: anew
//
// What is bound to this machine alone nobody else could reach: advertised() leaves it out.
// Thread: control. Errors: none; told in the log, once for each change.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace fusion {

struct ZeroconfService {
    std::string type;  // "_osc._udp"
    std::uint16_t port = 0;
    friend bool operator==(const ZeroconfService&, const ZeroconfService&) = default;
};

struct ZeroconfBinds {
    std::string osc_address;
    std::uint16_t osc_port = 0;
    std::string oscquery_address;
    std::uint16_t oscquery_port = 0;  // 0: it is off
};
// What of this others can reach.
[[nodiscard]] std::vector<ZeroconfService> advertised(const ZeroconfBinds& binds);

// "fusiond on studio", by the name of this machine.
[[nodiscard]] std::string zeroconf_name();
// "x" -> "x #2" -> "x #3"
[[nodiscard]] std::string next_name(const std::string& name);

class Zeroconf {
public:
    enum class State : std::uint8_t { no_bus, no_avahi, registering, established, given_up };
    static constexpr std::chrono::milliseconds kRetry = std::chrono::seconds{30};

    // Without services it does nothing. `bus_address` and `retry` are for tests; empty: the
    // system's bus.
    Zeroconf(boost::asio::io_context& io, std::string name, std::vector<ZeroconfService> services,
             std::string bus_address = {}, std::chrono::milliseconds retry = kRetry);
    // Leaves the bus; Avahi then tells the network that the services are gone.
    ~Zeroconf();
    Zeroconf(const Zeroconf&) = delete;
    Zeroconf& operator=(const Zeroconf&) = delete;

    [[nodiscard]] State state() const;
    // That is in force, or being tried.
    [[nodiscard]] const std::string& name() const;

private:
    struct Talk;
    std::unique_ptr<Talk> talk_;
};

}  // namespace fusion
