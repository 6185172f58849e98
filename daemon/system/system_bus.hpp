// The system's D-Bus by sd-bus, as everybody here uses it: owners that close without waiting, where
// the bus is, and the way to it.
// Thread: any. Errors: of open_bus(), sd-bus's own: an errno, negative.
#pragma once

#include <systemd/sd-bus.h>

#include <memory>
#include <string>

#include <tl/expected.hpp>

namespace fusion {

struct CloseBus {
    void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }  // unflushed: nobody waits
};
struct DropBusMessage {
    void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using Bus = std::unique_ptr<sd_bus, CloseBus>;
using BusMessage = std::unique_ptr<sd_bus_message, DropBusMessage>;

// `named`; where that is empty, the address of the system's bus.
[[nodiscard]] std::string bus_address(std::string named);

// A connection that has been begun; it is there when sd_bus_is_ready() says so, and
// sd_bus_process() carries it on. Not by sd_bus_open_system(): that waits 90 s for a bus that takes
// the connection and then says nothing.
[[nodiscard]] tl::expected<Bus, int> open_bus(const std::string& address);

}  // namespace fusion
