#include "daemon/welcome.hpp"

#include <utility>

#include <fmt/ranges.h>

#include "daemon/first_minute.hpp"
#include "engine/base/log.hpp"
#include "engine/base/realtime_rights.hpp"

namespace fusion {

void Welcome::ready() {
    if (std::exchange(said_, true)) return;
    const auto& [config, params, output, engine, surfaces, scenes] = links_;
    log::info("playing into {}; {}; genres {}", output.describe(), surfaces.describe(),
              fmt::join(params.genres(), ", "));
    if (output.port != nullptr && !output.port->describe_input().empty())
        log::info("listening to {}", output.port->describe_input());
    if (output.port != nullptr && !output.port->describe_feedback().empty())
        log::info("values go back to {}", output.port->describe_feedback());
    log::info("the clock runs {}", describe(engine.clock_grant()));
    if (const auto missing = shortfall(engine.clock_grant()); !missing.empty())
        log::warning("{}", missing);
    say_first_minute();
    if (panel_ == Panel::open) open_panel();
}

void Welcome::say_first_minute() const {
    const auto lines =
        say({.panel = links_.surfaces.describe_panel(),
             .sound = links_.output.how_to_hear(),
             .osc_bind = links_.config.osc.bind,
             .osc_port = links_.surfaces.osc_port(),
             .genre = genre_to_turn(links_.params.genres(), links_.params.current().weights.value,
                                    links_.scenes()),
             .fusionctl = called_here("fusionctl")});
    for (const auto& line : lines) log::info("{}", line);
}

void Welcome::open_panel() {
    const auto url = links_.surfaces.panel_url();
    if (url.empty())
        log::warning("--open: there is no panel in this run");
    else if (const auto opened = desktop_.open(url); !opened)
        log::warning("--open: {}; open {} in a browser", opened.error().message, url);
}

void Welcome::look_after() {
    if (const auto news = desktop_.news(); !news.empty())
        log::warning("--open: {}; open {} in a browser", news, links_.surfaces.panel_url());
}

}  // namespace fusion
