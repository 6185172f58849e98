// The system's D-Bus by sd-bus, as everybody here uses it: owners that close without waiting, and
// where the bus is.
// Thread: any. Errors: none.
#pragma once

#include <systemd/sd-bus.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace fusion {

struct CloseBus {
    void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }  // unflushed: nobody waits
};
struct DropBusMessage {
    void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using Bus = std::unique_ptr<sd_bus, CloseBus>;
using BusMessage = std::unique_ptr<sd_bus_message, DropBusMessage>;

[[nodiscard]] inline std::string address_of_system_bus() {
    if (const char* named = std::getenv("DBUS_SYSTEM_BUS_ADDRESS"); named != nullptr) return named;
    return "unix:path=/run/dbus/system_bus_socket";
}

}  // namespace fusion
