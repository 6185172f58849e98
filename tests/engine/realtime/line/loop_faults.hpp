// What the tests of `hold` and `again` share: the two hands of it, and what is wrong with a loop.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/support/engine_rig.hpp"

namespace fusion::test {

inline constexpr Ticks kBar = beats(4);

inline void hold(EngineRig& rig) { rig.params.set(ParamId::hold, 1.0).value(); }
inline void release(EngineRig& rig) { rig.params.set(ParamId::hold, 0.0).value(); }
inline void set_loop_bars(EngineRig& rig, int bars) {
    rig.params.set(ParamId::loop_bars, bars).value();
}

inline bool same_music(const Step& a, const Step& b) {
    return a.kind == b.kind && a.duration == b.duration &&
           (a.kind == StepKind::rest || (a.event == b.event && a.pitch == b.pitch));
}

// What is not as it was `length` before, among the steps [from, to). A rest may stand where the
// loop's beginning cut a note off; `cuts` is how many.
inline std::vector<std::string> faults_of_loop(const std::vector<Step>& line, std::size_t from,
                                               std::size_t to, Ticks length, int cuts = 1) {
    std::map<Ticks, Step> at;
    for (const auto& step : line) at[step.start] = step;
    std::vector<std::string> found;
    for (std::size_t i = from; i < std::min(to, line.size()); ++i) {
        const auto original = at.find(line[i].start - length);
        if (original != at.end() && same_music(original->second, line[i])) continue;
        if (line[i].kind == StepKind::rest && cuts-- > 0) continue;
        found.push_back("step " + std::to_string(line[i].index));
    }
    return found;
}
inline std::vector<std::string> faults_of_loop(const std::vector<Step>& line, std::size_t from,
                                               Ticks length) {
    return faults_of_loop(line, from, line.size(), length);
}

// The first step that begins at or after `tick`, by its place in the line; the line's size if none.
inline std::size_t first_from(const std::vector<Step>& line, Ticks tick) {
    return static_cast<std::size_t>(
        std::find_if(line.begin(), line.end(), [&](const Step& s) { return s.start >= tick; }) -
        line.begin());
}

inline std::size_t notes_in(const std::vector<Step>& line, Ticks from, Ticks to) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [&](const Step& s) {
        return s.kind == StepKind::note && s.start >= from && s.start < to;
    }));
}

}  // namespace fusion::test
