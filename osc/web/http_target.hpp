// What an HTTP request asks for, taken apart: path and query. Pure; no sockets.
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

}  // namespace fusion
