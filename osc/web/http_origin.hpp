// Who may ask, by what a browser says of itself. A web page of anybody's can send its browser to
// this machine's ports: it may not read and turn what only this machine's owner should. Programs
// that are no browsers say no Origin, and are bounded by the address that is bound. Pure; no
// sockets. Thread: any. Errors: none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fusion {

struct HttpOrigins {
    std::string own_name;              // of this machine: "studio"
    std::vector<std::string> welcome;  // of the configuration: "http://studio.example:8080"
};

// The machine's name, without a domain.
[[nodiscard]] std::string own_host_name();

// Whether a Host header can only mean this machine: an IP address, localhost, or its own name,
// alone or in .local, with or without a port. Any other name may be a stranger's that was made to
// point here (DNS rebinding).
[[nodiscard]] bool is_own_host(std::string_view host, std::string_view own_name);

// Whether a page from `origin` may open a WebSocket here and read the tree, where the request was
// sent to `host`: our own pages (the same host and port), those of a server on this machine's
// loopback, and those that are welcome by configuration. Not a file's nor a sandboxed frame's
// ("null"), which any page can be, and no other host's, near as its address may be.
[[nodiscard]] bool may_come_from(std::string_view origin, std::string_view host,
                                 const HttpOrigins& origins);

}  // namespace fusion
