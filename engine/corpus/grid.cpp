#include "engine/corpus/grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fusion {
namespace {

constexpr std::int64_t kBeat = kCellsPerBeat.count();

double cells_of(SmfTime time, std::uint16_t ticks_per_beat) {
    return static_cast<double>(time) * static_cast<double>(kBeat) / ticks_per_beat;
}

std::int64_t snap(double cells, std::int64_t spacing) {
    return std::llround(cells / static_cast<double>(spacing)) * spacing;
}

struct Fit {
    std::size_t collisions = 0;
    double error = 0.0;  // sum of squares, in cells
    friend auto operator<=>(const Fit&, const Fit&) = default;
};

// `taken` is the cell of the note before this beat.
Fit fit(std::span<const double> onsets, std::int64_t spacing, std::int64_t taken) {
    Fit result;
    for (const double onset : onsets) {
        const auto cell = snap(onset, spacing);
        const double off = onset - static_cast<double>(cell);
        result.error += off * off;
        if (cell <= taken) ++result.collisions;
        taken = cell;
    }
    return result;
}

// `last` is the spacing of the beat before: who plays triplets goes on with them, so a beat leaves
// its neighbour's grid only for a clearly better one (half a cell squared).
std::int64_t best_spacing(std::span<const double> onsets, std::int64_t taken, std::int64_t last) {
    const auto fit_or_worse = [&](std::int64_t spacing) {
        Fit result = fit(onsets, spacing, taken);
        if (spacing != last) result.error += 0.25;
        return result;
    };
    std::int64_t best = 3;
    Fit lowest = fit_or_worse(best);
    for (const std::int64_t spacing : {4, 2, 1}) {
        if (spacing < 3 && lowest.collisions == 0) break;
        const Fit other = fit_or_worse(spacing);
        if (other < lowest) {
            lowest = other;
            best = spacing;
        }
    }
    return best;
}

Cells largest_class(std::int64_t at_most) {
    Cells best{1};
    for (const auto duration : duration_classes())
        if (duration.count() <= at_most) best = duration;
    return best;
}

// The class nearest to what sounded, on the grid that the whole way to the next onset is on: how
// long a player holds a note before a rest is chance, and would else make rests of one cell.
Cells sounding_class(std::int64_t sounds, std::int64_t whole) {
    const std::int64_t unit = whole % 3 == 0 ? 3 : whole % 4 == 0 ? 4 : 1;
    Cells best = largest_class(whole);
    for (const auto duration : duration_classes())
        if (duration.count() <= whole && duration.count() % unit == 0 &&
            std::abs(duration.count() - sounds) < std::abs(best.count() - sounds))
            best = duration;
    return best;
}

// What is no class becomes two rests without a crumb of one cell, where that can be.
Cells rest_class(std::int64_t cells) {
    switch (cells) {
        case 5: return Cells{3};
        case 7: return Cells{4};
        case 10: return Cells{6};
        case 13: return Cells{9};
        default: return largest_class(cells);
    }
}

}  // namespace

int beat_halvings(std::span<const SmfNote> line, std::uint16_t ticks_per_beat) {
    constexpr int kMost = 2;
    constexpr double kFine = 2.5;       // cells: sixteenth triplets and all that is faster
    constexpr double kManyFine = 0.30;  // of the steps from onset to onset; trills alone are fewer
    int halvings = 0;
    for (; halvings < kMost && ticks_per_beat % 2 == 0; ++halvings, ticks_per_beat /= 2) {
        std::size_t fine = 0;
        for (std::size_t i = 1; i < line.size(); ++i)
            fine += cells_of(line[i].onset - line[i - 1].onset, ticks_per_beat) < kFine ? 1 : 0;
        if (static_cast<double>(fine) <= kManyFine * static_cast<double>(line.size())) break;
    }
    return halvings;
}

GriddedLine quantise(std::span<const SmfNote> line, std::uint16_t ticks_per_beat) {
    GriddedLine gridded;
    std::vector<double> onsets;
    onsets.reserve(line.size());
    for (const auto& note : line) onsets.push_back(cells_of(note.onset, ticks_per_beat));

    // A note up to a triplet's half early is meant for the beat that follows.
    const auto beat_of = [](double cells) {
        return static_cast<std::int64_t>(std::floor((cells + 1.5) / static_cast<double>(kBeat)));
    };
    double moved = 0.0;
    std::int64_t spacing = 3;
    std::int64_t taken = std::numeric_limits<std::int64_t>::min();
    for (std::size_t first = 0; first < line.size();) {
        std::size_t last = first;
        while (last < line.size() && beat_of(onsets[last]) == beat_of(onsets[first])) ++last;
        const std::span beat{onsets.data() + first, last - first};
        spacing = best_spacing(beat, taken, spacing);
        for (std::size_t i = first; i < last; ++i) {
            const auto cell = snap(onsets[i], spacing);
            moved += std::abs(onsets[i] - static_cast<double>(cell));
            const auto end = std::max(cell + 1, snap(cells_of(line[i].end, ticks_per_beat), 1));
            const GridNote note{cell, end, line[i].pitch, line[i].velocity};
            if (cell > taken) {
                if (!gridded.notes.empty())
                    gridded.notes.back().end = std::min(gridded.notes.back().end, cell);
                gridded.notes.push_back(note);
                taken = cell;
            } else if (end > gridded.notes.back().end) {
                // A grace note gives way to the note that it leads to.
                gridded.notes.back() = {taken, std::max(end, taken + 1), note.pitch, note.velocity};
            }
        }
        first = last;
    }
    if (!line.empty()) gridded.mean_error = moved / static_cast<double>(line.size());
    return gridded;
}

BarLines::BarLines(std::span<const SmfMeter> changes, std::uint16_t ticks_per_beat) {
    changes_.push_back({0, Meter{}});
    for (const auto& change : changes) {
        const auto cell = snap(cells_of(change.at, ticks_per_beat), 1);
        if (cell == changes_.back().bar_start) changes_.pop_back();
        changes_.push_back({cell, change.meter});
    }
}

BarLines::Place BarLines::at(std::int64_t cell) const {
    auto after = std::upper_bound(
        changes_.begin(), changes_.end(), cell,
        [](std::int64_t value, const Place& change) { return value < change.bar_start; });
    const auto& change = after == changes_.begin() ? *after : *std::prev(after);
    const std::int64_t bar = change.meter.heard_bar().count();
    const std::int64_t into = ((cell - change.bar_start) % bar + bar) % bar;
    return {cell - into, change.meter};
}

std::int64_t BarLines::end_of_bar(std::int64_t cell) const {
    const auto [bar_start, meter] = at(cell);
    const auto end = bar_start + meter.heard_bar().count();
    const auto next = std::upper_bound(
        changes_.begin(), changes_.end(), cell,
        [](std::int64_t value, const Place& change) { return value < change.bar_start; });
    return next == changes_.end() ? end : std::min(end, next->bar_start);
}

EventChain chain_events(std::span<const GridNote> notes, const BarLines& bars) {
    EventChain chain;
    const auto add = [&](std::int64_t cell, Event event, std::uint8_t velocity) {
        const auto place = bars.at(cell);
        chain.events.push_back({event, bar_position(cell - place.bar_start, place.meter),
                                place.meter.meter_class(), velocity});
        chain.cells.push_back(cell);
    };
    const auto rest = [&](std::int64_t from, std::int64_t to) {
        while (from < to) {
            const auto duration = rest_class(to - from);
            add(from, {std::nullopt, duration}, 0);
            from += duration.count();
        }
    };
    // Rests break at bar lines, so that the next onset is counted from the start of its bar.
    const auto rest_through_bars = [&](std::int64_t from, std::int64_t to) {
        const auto first = bars.at(from);
        const std::int64_t bar = first.meter.heard_bar().count();
        const std::int64_t next_bar = first.bar_start == from ? from : first.bar_start + bar;
        const std::int64_t last_bar = bars.at(to).bar_start;
        if (last_bar < next_bar) return rest(from, to);
        rest(from, next_bar);
        const bool long_rest = to - from > 2 * bar;
        rest(next_bar, long_rest ? std::min(next_bar + bar, last_bar) : last_bar);
        rest(last_bar, to);
    };

    for (std::size_t i = 0; i < notes.size(); ++i) {
        const auto& note = notes[i];
        const std::int64_t sounds = note.end - note.cell;
        const bool is_last = i + 1 == notes.size();
        const std::int64_t whole = is_last ? sounds : notes[i + 1].cell - note.cell;
        const std::int64_t gap = whole - sounds;
        // Sounds for 60% of its time, or leaves no more than a sixteenth and half of it: that is
        // articulation. But nobody holds a note over into a whole beat of silence.
        const bool staccato = gap == 3 && gap * 2 <= whole;
        const bool absorbed = gap < 3 || staccato || (gap * 5 < whole * 2 && gap < kBeat);
        const auto duration = absorbed ? largest_class(whole) : sounding_class(sounds, whole);
        add(note.cell, {note.pitch, duration}, note.velocity.count());
        if (!is_last) rest_through_bars(note.cell + duration.count(), note.cell + whole);
    }
    return chain;
}

}  // namespace fusion
