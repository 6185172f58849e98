#include "engine/corpus/half_bars.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace fusion {
namespace {

// A longer note is a pedal point: it says nothing about the chords over it, and a file may hold one
// of any length.
constexpr double kLongest = 96.0;

constexpr int kAboveAll = 1000;  // a note that was shifted home may lie above 127

constexpr double kOnTheHalf = 1.0;  // added to the weight of a note that begins there
constexpr double kOnTheBeat = 0.25;

struct Span {
    std::int64_t from;
    std::int64_t to;
};

Span span_of(const SoundingNote& note) {
    const auto from = std::llround(note.cell);
    const auto to = std::llround(std::min(note.end, note.cell + kLongest));
    return {from, std::max<std::int64_t>(to, from + 1)};
}

// Of the bars in which a note sounds.
std::vector<HalfBar> empty_half_bars(std::span<const SoundingNote> notes, const BarLines& bars) {
    std::vector<HalfBar> halves;
    auto cell = std::numeric_limits<std::int64_t>::min();  // up to where there are bars
    for (const auto& note : notes) {
        const auto [from, to] = span_of(note);
        cell = std::max(cell, bars.at(from).bar_start);
        while (cell < to) {
            if (halves.size() + 2 > kMaxHalfBars) return halves;
            const auto end = bars.end_of_bar(cell);
            const auto middle = cell + bars.at(cell).meter.half_bar().count();
            halves.push_back({cell, std::min(middle, end), false});
            if (middle < end) halves.push_back({middle, end, true});
            cell = end;
        }
    }
    return halves;
}

double weight_of(const SoundingNote& note, const HalfBar& half) {
    const auto onset = std::llround(note.cell);
    if (std::abs(onset - half.begins) <= 1) return 1.0 + kOnTheHalf;
    return onset % kCellsPerBeat.count() == 0 ? 1.0 + kOnTheBeat : 1.0;
}

}  // namespace

std::vector<HalfBar> half_bars(std::span<const SoundingNote> notes, const BarLines& bars) {
    auto halves = empty_half_bars(notes, bars);
    constexpr double kBeat = kCellsPerBeat.count();
    std::vector<SoundingNote> present;  // those that sound in this half bar
    std::size_t next = 0;
    for (auto& half : halves) {
        std::erase_if(present, [&](const auto& note) { return span_of(note).to <= half.begins; });
        for (; next < notes.size() && span_of(notes[next]).from < half.ends; ++next)
            present.push_back(notes[next]);

        struct Lowest {
            int pitch = kAboveAll;
            double weight = 0.0;
        };
        std::vector<Lowest> lowest(static_cast<std::size_t>(half.ends - half.begins));
        for (const auto& note : present) {
            const auto [from, to] = span_of(note);
            const auto begins = std::max(from, half.begins);
            const auto ends = std::min(to, half.ends);
            const double weight = weight_of(note, half);
            const auto pitch_class = static_cast<std::size_t>((note.pitch % 12 + 12) % 12);
            half.sounding[pitch_class] += weight * static_cast<double>(ends - begins) / kBeat;
            for (auto cell = begins; cell < ends; ++cell) {
                auto& low = lowest[static_cast<std::size_t>(cell - half.begins)];
                if (note.pitch < low.pitch) low = {note.pitch, weight};
            }
        }
        for (const auto& low : lowest)
            if (low.pitch < kAboveAll)
                half.bass[static_cast<std::size_t>((low.pitch % 12 + 12) % 12)] +=
                    low.weight / kBeat;
    }
    return halves;
}

}  // namespace fusion
