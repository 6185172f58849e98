#include "daemon/system/system_bus.hpp"

#include <cstdlib>

namespace fusion {

std::string bus_address(std::string named) {
    if (!named.empty()) return named;
    if (const char* system = std::getenv("DBUS_SYSTEM_BUS_ADDRESS"); system != nullptr)
        return system;
    return "unix:path=/run/dbus/system_bus_socket";
}

tl::expected<Bus, int> open_bus(const std::string& address) {
    sd_bus* made = nullptr;
    int rc = sd_bus_new(&made);
    Bus bus{made};
    if (rc >= 0) rc = sd_bus_set_address(made, address.c_str());
    if (rc >= 0) rc = sd_bus_set_bus_client(made, 1);
    if (rc >= 0) rc = sd_bus_start(made);
    if (rc < 0) return tl::unexpected{rc};
    return bus;
}

}  // namespace fusion
