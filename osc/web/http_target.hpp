// What an HTTP request asks for, taken apart: path, query, host. Pure; no sockets.
// Thread: any. Errors: malformed (what a browser or curl would not send).
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.hpp"

namespace fusion {

struct HttpTarget {
    std::string
        path;  // decoded, begins with '/', without one at the end: "/fusiond/weight/bossa nova"
    std::string query;  // decoded, without its '?'; empty: none
};

// "/a/b?VALUE", or whole, as a proxy asks: "http://host/a/b". A fragment is left out.
[[nodiscard]] Result<HttpTarget> parse_target(std::string_view target);

// Whether a Host header can only mean this machine: an IP address, localhost or a *.local name,
// with or without a port. Any other name may be a stranger's that was made to point here (DNS
// rebinding), so that a web page could read and turn what only this network should.
[[nodiscard]] bool is_local_host(std::string_view host);

// Whether a WebSocket may be opened from where an Origin header says: a page of a local host by the
// same rule, or a file ("null"). A page of the wide net, shown by a browser on this machine, may
// not.
[[nodiscard]] bool is_local_origin(std::string_view origin);

}  // namespace fusion
