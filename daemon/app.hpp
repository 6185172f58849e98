// The one composition root of the playing daemon: makes the parts in order, runs the control
// thread's loop until a signal, and takes them down in the opposite order (music first, so that
// every note ends while there is still a port).
// Thread: control. Errors: as exit codes, from make(); run() goes on whatever comes from outside.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "daemon/exit_code.hpp"

namespace fusion {

struct RunOptions {
    std::optional<std::chrono::duration<double>> length{};  // stop by itself
    enum class View : std::uint8_t { log, page };
    View view = View::log;    // a page only where there is a terminal
    bool open_panel = false;  // in the desktop's browser
    // The configuration anew, for SIGHUP; any thread. Null: there is none.
    std::function<Started<Config>()> read_config{};
};

class App {
public:
    static Started<std::unique_ptr<App>> make(const Config& config, const RunOptions& options);
    ~App();
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    ExitCode run();

private:
    struct Parts;
    explicit App(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace fusion
