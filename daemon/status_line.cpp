#include "daemon/status_line.hpp"

#include <fmt/format.h>

#include "osc/streams.hpp"

namespace fusion {

std::string status_line(const ParamStore& params, const EngineMeters& meters) {
    const auto& now = params.current();
    const auto choice =
        spec(ParamId::sync).words[static_cast<std::size_t>(now.integer(ParamId::sync))];
    const auto sync =
        now.integer(ParamId::sync) == 0
            ? std::string{}
            : fmt::format(" ({} {})", choice,
                          sync_state_name(meters.sync_state.load(std::memory_order_relaxed)));
    return fmt::format(
        "{}  {:.1f} bpm{}  {}  lateness p99 {} us  underruns {}  steps {}{}",
        now.on(ParamId::playing) ? "playing" : "stopped",
        meters.tempo.load(std::memory_order_relaxed), sync,
        rung_name(meters.rung.load(std::memory_order_relaxed)),
        meters.lateness.percentile(0.99).count(), meters.underruns.load(std::memory_order_relaxed),
        meters.steps_committed.load(std::memory_order_relaxed),
        meters.clock_is_realtime.load(std::memory_order_relaxed) ? "" : "  NOT REAL-TIME");
}

}  // namespace fusion
