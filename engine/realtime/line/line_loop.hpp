// What `hold` and `again` repeat, and when: the line at place t is what it was at t - L.
//
// L is loop_bars whole bars. Asking for a loop does not fix it yet: it is laid when the planner
// composes the next step, over the L ticks that end where that step begins, and only as many whole
// bars as the line has; a line without one goes on freely until there is, and loops that. As long
// as no copy has been committed, whatever drops the planned tail lifts the loop too, and it is laid
// anew: so a note that was committed in its old make, because the clock was quicker than the hand,
// is the last one of the loop. From the first committed copy on it lies fast, in whole ticks, and
// neither late steps nor underruns move it: what they spoil is heard once, and the next round is
// right again. A longer or shorter loop_bars, or another metre, lays it anew over what was heard
// last.
//
// A note that has begun before the loop does is not in it: a rest stands there up to the next
// onset. While a loop runs no generator is asked, so the weights mean nothing: all at zero, it
// plays on; nor does longest_rest. `hold` wins over `again`, whichever came first.
// Thread: inference. Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/realtime/line/planned_line.hpp"

namespace fusion {

class LineLoop {
public:
    // What a loop has at a place. No original: a rest, of no step of the line.
    struct Copy {
        const PlannedStep* original;  // valid until the loop changes
        Ticks duration;
    };

    // The line is held from the next step that is composed on, over `bars` bars of length `bar`.
    void hold(int bars, Ticks bar) { ask(Mode::held, bars, bar); }
    // The same, once.
    void repeat_once(int bars, Ticks bar) { ask(Mode::once, bars, bar); }
    // The line goes on freely from the next step that is composed.
    void release() { ask(Mode::free, 0, Ticks{0}); }

    // What step `index` at `start` copies, if it is one of a loop. `line`: all before it.
    [[nodiscard]] std::optional<Copy> at(Ticks start, std::uint32_t index, const PlannedLine& line);
    // Steps from `index` on are no longer planned.
    void truncate(std::uint32_t index);
    // All before `place` is committed.
    void passed(Ticks place);

    // Whether steps are, or may soon be, copies.
    [[nodiscard]] bool running() const { return mode_ != Mode::free; }

    // Ticks of the line before the first uncommitted step that must be kept.
    [[nodiscard]] static Ticks reach(Ticks bar) { return bar * (kMostBars + 1); }

private:
    enum class Mode : std::uint8_t { free, once, held };
    static constexpr int kMostBars = 16;  // the most that loop_bars can be

    void ask(Mode mode, int bars, Ticks bar);
    void lay(Ticks start, std::uint32_t index, const PlannedLine& line);

    Mode mode_ = Mode::free;
    int bars_ = 0;
    Ticks bar_{0};

    bool laid_ = false;
    std::uint32_t first_copy_ = 0;
    Ticks begin_{0};  // of the first copy; the originals end there
    Ticks length_{0};
    std::vector<PlannedStep> originals_;
};

}  // namespace fusion
