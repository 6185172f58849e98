#include "daemon/terminal_view.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/starting_values.hpp"
#include "osc/server.hpp"

namespace fusion {

TerminalView::TerminalView(std::FILE* out)
    : out_{out != nullptr && ::isatty(::fileno(out)) != 0 ? out : nullptr} {}

TerminalView::~TerminalView() {
    if (out_ != nullptr) std::fflush(out_);
}

void TerminalView::played(const PlayedEvent& event) {
    if (event.kind != PlayedEvent::Kind::step) return;
    notes_.push_back(event.step.kind == StepKind::note ? note_name(event.step.pitch) : "-");
    if (notes_.size() > kNotes) notes_.pop_front();
}

std::string TerminalView::frame(const ParamStore& params, const EngineMeters& meters) const {
    constexpr int kBar = 20;
    std::string text = status_line(params, meters) + "\n";
    text += fmt::format("  notes  {}\n", fmt::join(notes_, " "));
    const auto& genres = params.genres();
    std::size_t width = 0;
    for (const auto& genre : genres) width = std::max(width, genre.size());
    for (std::size_t g = 0; g < genres.size(); ++g) {
        const float weight = params.current().weights.value[g];
        const int full = static_cast<int>(std::lround(weight / kMaxGenreWeight * kBar));
        text += fmt::format("  {:<{}}  {:#<{}}{:.<{}} {:4.1f}\n", genres[g], width, "", full, "",
                            kBar - full, weight);
    }
    return text;
}

void TerminalView::draw(const ParamStore& params, const EngineMeters& meters) {
    if (out_ == nullptr) return;
    const auto text = frame(params, meters);
    // Back to the first line of the last frame, and everything below it away.
    if (drawn_ > 0) std::fputs(fmt::format("\x1b[{}A\r\x1b[J", drawn_).c_str(), out_);
    std::fputs(text.c_str(), out_);
    std::fflush(out_);
    drawn_ = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

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
