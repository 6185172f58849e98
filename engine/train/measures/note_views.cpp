#include "engine/train/measures/note_views.hpp"

#include <algorithm>

namespace fusion::train {
namespace {

constexpr int kWidestStep = 24;  // semitones; what leaps further counts as this
constexpr std::uint32_t kSteps = 2 * kWidestStep + 2;
constexpr std::uint32_t kTimes = 51;  // 1 to 48 cells, up to two whole notes, longer

// Before the line's begin there is nothing: symbols of their own, so that a beginning is known.
constexpr std::uint32_t kNoStep = kSteps - 1;
constexpr std::uint32_t kNoTime = 0;

std::uint32_t step(const NoteLine& line, std::size_t i, std::size_t back) {
    if (i < back + 1) return kNoStep;
    const int interval =
        int{line.notes[i - back].pitch.count()} - int{line.notes[i - back - 1].pitch.count()};
    return static_cast<std::uint32_t>(std::clamp(interval, -kWidestStep, kWidestStep) +
                                      kWidestStep);
}

std::uint32_t time(const NoteLine& line, std::size_t i, std::size_t back) {
    if (i < back) return kNoTime;
    const auto cells = line.interonset(i - back).count();
    if (cells > 2 * kMaxEventCells.count()) return kTimes - 1;
    return static_cast<std::uint32_t>(std::min(cells, kMaxEventCells.count() + 1));
}

std::uint32_t motif(const NoteLine& line, std::size_t i, std::size_t back) {
    return step(line, i, back) * kTimes + time(line, i, back);
}

std::uint32_t place(const NoteLine& line, std::size_t i) {
    const LineNote& note = line.notes[i];
    return note.position * static_cast<std::uint32_t>(kMeterClasses) +
           static_cast<std::uint32_t>(note.meter);
}

// 0 where the note reaches to the next one, else how long it is.
std::uint32_t held(const NoteLine& line, std::size_t i, std::size_t back) {
    if (i < back) return kNoTime;
    const Cells duration = line.notes[i - back].duration;
    return line.interonset(i - back) == duration ? 0 : static_cast<std::uint32_t>(duration.count());
}

}  // namespace

Heard hear(View view, const NoteLine& line, std::size_t i) {
    const auto past = [&](auto what, std::size_t back) { return what(line, i, back); };
    switch (view) {
        case View::steps:
            return {past(step, 0), {past(step, 1), past(step, 2), past(step, 3), past(step, 4)}, 4};
        case View::rhythm:
            return {past(time, 0),
                    {past(time, 1), past(time, 2), past(time, 3), past(time, 4), past(time, 5)},
                    5};
        case View::metre: return {past(time, 0), {place(line, i), past(time, 1), past(time, 2)}, 3};
        case View::steps_by_rhythm:
            return {past(step, 0),
                    {past(time, 1) * kTimes + past(time, 0), past(step, 1), place(line, i)},
                    3};
        case View::motifs:
            return {past(motif, 0), {past(motif, 1), past(motif, 2), past(motif, 3)}, 3};
        case View::articulation: return {past(held, 0), {past(time, 0), past(held, 1)}, 2};
    }
    return {};
}

double symbols_of(View view) {
    switch (view) {
        case View::steps:
        case View::steps_by_rhythm: return kSteps;
        case View::rhythm:
        case View::metre: return kTimes;
        case View::motifs: return kSteps * kTimes;
        case View::articulation: return 1.0 + kMaxEventCells.count();
    }
    return 1.0;
}

}  // namespace fusion::train
