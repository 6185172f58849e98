// What a person who has started the daemon is told once it can play: into what, who listens, with
// what rights, and the three lines of the first minute (first_minute.hpp); with --open the panel
// comes up in the desktop's browser.
// Thread: control. Errors: told in the log.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "daemon/output.hpp"
#include "daemon/surfaces.hpp"
#include "daemon/system/desktop.hpp"
#include "engine/params/store.hpp"
#include "engine/realtime/engine.hpp"

namespace fusion {

class Welcome {
public:
    // All outlive it.
    struct Links {
        const Config& config;
        const ParamStore& params;
        const Output& output;
        const Engine& engine;
        const Surfaces& surfaces;
        std::function<std::vector<std::string>()> scenes;
    };
    enum class Panel : std::uint8_t { leave, open };

    Welcome(Links links, Panel panel) : links_{std::move(links)}, panel_{panel} {}

    // The first note can be played; says all that, once.
    void ready();
    // Now and then: whether the browser came up.
    void look_after();

private:
    void say_first_minute() const;
    void open_panel();

    Links links_;
    Panel panel_;
    Desktop desktop_;
    bool said_ = false;
};

}  // namespace fusion
