// Shows a page in the browser of the desktop that the daemon was started from, by xdg-open. The
// browser may live longer than the daemon: it gets a session of its own, so that Ctrl-C is not its,
// and no open file, so that no port stays taken.
// Thread: control. Errors: open() says unavailable (no desktop, no xdg-open); what xdg-open then
// meets is news.
#pragma once

#include <sys/types.h>

#include <string>

#include "engine/base/result.hpp"

namespace fusion {

class Desktop {
public:
    [[nodiscard]] Status open(const std::string& url);

    // Once, when xdg-open has ended and could not; else empty. To be called now and then.
    [[nodiscard]] std::string news();

private:
    pid_t xdg_open_ = 0;  // 0: none runs
};

}  // namespace fusion
