// A few live lines for a person at a terminal: the newest notes, the weights, tempo, lateness and
// underruns. Nothing at all where standard output is not a terminal.
// Thread: control. Errors: none.
#pragma once

#include <cstdio>
#include <deque>
#include <string>

#include "engine/params/store.hpp"
#include "engine/realtime/engine.hpp"

namespace fusion {

class TerminalView {
public:
    // `out` is drawn on when it is a terminal.
    explicit TerminalView(std::FILE* out);
    ~TerminalView();
    TerminalView(const TerminalView&) = delete;
    TerminalView& operator=(const TerminalView&) = delete;

    void played(const PlayedEvent& event);
    void draw(const ParamStore& params, const EngineMeters& meters);

    // The lines without the cursor's moves.
    [[nodiscard]] std::string frame(const ParamStore& params, const EngineMeters& meters) const;

private:
    static constexpr std::size_t kNotes = 12;

    std::FILE* out_;  // null: not a terminal
    std::deque<std::string> notes_;
    std::size_t drawn_ = 0;  // lines that stand on the screen
};

// One line for systemd's STATUS and the log.
[[nodiscard]] std::string status_line(const ParamStore& params, const EngineMeters& meters);

}  // namespace fusion
