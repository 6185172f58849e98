#include "engine/train/band_extract.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "engine/corpus/grid.hpp"
#include "engine/corpus/home_shift.hpp"
#include "engine/corpus/melody.hpp"
#include "engine/corpus/piece_chords.hpp"
#include "engine/train/band_parts.hpp"
#include "engine/train/band_style.hpp"
#include "engine/train/band_tones.hpp"

namespace fusion::train {
namespace {

constexpr std::int64_t kBeat = kCellsPerBeat.count();
constexpr int kLowestKey = 27, kHighestKey = 87;
constexpr int kLongestHit = 3;
constexpr std::int64_t kLongestBar = 96;
constexpr double kMeanVelocity = 90.0;
constexpr std::size_t kMostBars = 4096;

// A note of a part on the grid.
struct CellNote {
    std::int64_t cell;
    std::int64_t end;
    int pitch;  // as in the file
    int home;   // in C major or A minor
    int velocity;
};

struct Gridded {
    std::vector<CellNote> notes;  // by cell, then pitch
    double mean_error = 0.0;
};

// As quantise() does it for a line, but for notes of which several sound at once: beat by beat to
// sixteenths or eighth triplets.
Gridded on_grid(const std::vector<SmfNote>& notes, std::uint16_t ticks_per_beat,
                std::span<const HomeShift> shifts) {
    const auto cells_of = [&](SmfTime time) {
        return static_cast<double>(time) * static_cast<double>(kBeat) / ticks_per_beat;
    };
    const auto beat_of = [](double cells) {
        return static_cast<std::int64_t>(std::floor((cells + 1.5) / static_cast<double>(kBeat)));
    };
    Gridded gridded;
    double moved = 0.0;
    std::int64_t last = 3;
    for (std::size_t first = 0; first < notes.size();) {
        std::size_t behind = first;
        const auto beat = beat_of(cells_of(notes[first].onset));
        std::array<double, 2> error{};  // of 3 and of 4
        for (; behind < notes.size() && beat_of(cells_of(notes[behind].onset)) == beat; ++behind)
            for (const std::int64_t spacing : {3, 4}) {
                const double cell = cells_of(notes[behind].onset);
                const auto grid = static_cast<double>(spacing);
                const double off = cell - std::round(cell / grid) * grid;
                error[static_cast<std::size_t>(spacing - 3)] += off * off;
            }
        error[last == 3 ? 1 : 0] += 0.25;
        last = error[0] <= error[1] ? 3 : 4;
        for (; first < behind; ++first) {
            const auto& note = notes[first];
            const double onset = cells_of(note.onset);
            const auto cell = std::llround(onset / static_cast<double>(last)) * last;
            moved += std::abs(onset - static_cast<double>(cell));
            const auto end = std::max<std::int64_t>(cell + 1, std::llround(cells_of(note.end)));
            gridded.notes.push_back({cell, end, note.pitch.count(),
                                     note.pitch.count() + shift_at(shifts, note.onset),
                                     note.velocity.count()});
        }
    }
    std::ranges::sort(gridded.notes, [](const CellNote& a, const CellNote& b) {
        return std::pair{a.cell, a.pitch} < std::pair{b.cell, b.pitch};
    });
    const auto twice = std::ranges::unique(gridded.notes, [](const auto& a, const auto& b) {
        return a.cell == b.cell && a.pitch == b.pitch;
    });
    gridded.notes.erase(twice.begin(), twice.end());
    if (!notes.empty()) gridded.mean_error = moved / static_cast<double>(notes.size());
    return gridded;
}

// The chords of a whole file: along a line of one event that lasts as long as it.
ChordTrack chords_of(const PieceChords& chords, const LineGrid& grid, std::int64_t end) {
    EventChain chain;
    chain.events.push_back(
        {{std::nullopt, Cells{static_cast<std::int32_t>(end)}}, 0, MeterClass::quadruple, 0});
    chain.cells.push_back(0);
    return chords.along(chain, grid);
}

std::uint8_t clamp_cells(std::int64_t cells, std::int64_t most) {
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>(cells, 1, most));
}

std::uint8_t level(double velocity) {
    return static_cast<std::uint8_t>(std::clamp<long>(std::lround(velocity), 1, 127));
}

class Reading {
public:
    Reading(const BarLines& bars, const ChordTrack& chords) : bars_{bars}, chords_{chords} {}

    // Bar by bar; what a bar's notes are, `say(bar, notes of it, begins, ends)` says.
    template <class Say>
    PartSheet sheet(const Gridded& gridded, std::uint8_t program, Say say) const {
        PartSheet sheet;
        sheet.program = program;
        sheet.grid_error = gridded.mean_error;
        const auto& notes = gridded.notes;
        if (notes.empty() || gridded.mean_error > kLargestBandGridError) return sheet;
        double sum = 0.0;
        for (const auto& note : notes) sum += note.velocity;
        const double scale = kMeanVelocity * static_cast<double>(notes.size()) / std::max(1.0, sum);

        auto begins = bars_.at(0).bar_start;
        std::size_t number = 0, next = 0;
        while (next < notes.size() && notes[next].cell < begins) ++next;
        while (next < notes.size() && number < kMostBars) {
            const auto ends = bars_.end_of_bar(begins);
            auto behind = next;
            while (behind < notes.size() && notes[behind].cell < ends) ++behind;
            if (behind > next && sheet.bars.empty()) sheet.first_bar = number;
            if (behind > next || !sheet.bars.empty()) {
                auto& bar = sheet.bars.emplace_back();
                const auto cells = ends - begins;
                if (cells <= kLongestBar && cells == bars_.at(begins).meter.heard_bar().count()) {
                    bar.cells = static_cast<std::uint8_t>(cells);
                    bar.two = bars_.at(begins).meter.bar().count() != cells;
                    say(bar, std::span{notes}.subspan(next, behind - next), begins, ends);
                    for (auto& note : bar.notes) note.velocity = level(note.velocity * scale);
                    std::ranges::sort(bar.notes, [](const BandNote& a, const BandNote& b) {
                        return std::pair{a.place, a.what} < std::pair{b.place, b.what};
                    });
                }
            }
            next = behind;
            begins = ends;
            ++number;
        }
        return sheet;
    }

    PartSheet bass(const Gridded& gridded, std::uint8_t program) const {
        std::vector<int> roots;  // the bass's own, as pitches at home
        for (const auto& note : gridded.notes)
            if (const auto chord = chord_at(note.cell);
                !chord.is_none() && pitch_class_of(note.home) == chord.root())
                roots.push_back(note.home);
        const int lowest = lowest_of_register(roots);
        return sheet(
            gridded, program,
            [&](SheetBar& bar, std::span<const CellNote> notes, std::int64_t begins,
                std::int64_t ends) {
                const auto next_root = chord_at(ends);
                for (std::size_t i = 0; i < notes.size(); ++i) {
                    const auto& note = notes[i];
                    const auto chord = chord_at(note.cell);
                    if (chord.is_none()) {
                        bar.whole = false;
                        continue;
                    }
                    const bool leads = i + 1 == notes.size() && note.cell >= ends - kBeat;
                    const auto told =
                        bass_tone(note.home, chord, leads ? next_root : Chord{}, lowest);
                    const auto until = i + 1 < notes.size() ? notes[i + 1].cell : ends;
                    bar.notes.push_back(
                        {static_cast<std::uint8_t>(note.cell - begins),
                         clamp_cells(std::min(note.end, until) - note.cell, kLongestBar),
                         static_cast<std::uint8_t>(told.tone), told.octave, level(note.velocity)});
                }
                settle_octaves(bar.notes);
            });
    }

    // `taken`: where a note of the same hands was taken for the bass.
    PartSheet chords(const Gridded& gridded, std::uint8_t program,
                     const std::set<std::int64_t>& taken) const {
        return sheet(
            gridded, program,
            [&](SheetBar& bar, std::span<const CellNote> notes, std::int64_t begins,
                std::int64_t ends) {
                for (std::size_t first = 0; first < notes.size();) {
                    auto behind = first;
                    while (behind < notes.size() && notes[behind].cell == notes[first].cell)
                        ++behind;
                    bar.notes.push_back(
                        stroke(notes, first, behind, begins, ends, taken.count(notes[first].cell)));
                    first = behind;
                }
            });
    }

    PartSheet drums(Gridded gridded) const {
        // The second kick and snare of the percussion map stand for the first where that is not
        // there: the same groove.
        for (const auto& [second, first] : {std::pair{35, 36}, std::pair{40, 38}}) {
            const auto is = [](int key) {
                return [key](const CellNote& note) { return note.pitch == key; };
            };
            if (std::ranges::any_of(gridded.notes, is(first))) continue;
            for (auto& note : gridded.notes)
                if (note.pitch == second) note.pitch = first;
        }
        return sheet(
            gridded, 0,
            [](SheetBar& bar, std::span<const CellNote> notes, std::int64_t begins, std::int64_t) {
                // One on the first beat alone marks a place in the form; several are a
                // ride.
                const auto crashes = std::ranges::count_if(
                    notes, [](const auto& note) { return is_crash(note.pitch); });
                bar.crash = crashes == 1 && is_crash_at(notes, begins);
                for (const auto& note : notes) {
                    if (note.pitch < kLowestKey || note.pitch > kHighestKey) continue;
                    if (bar.crash && is_crash(note.pitch)) continue;
                    bar.notes.push_back({static_cast<std::uint8_t>(note.cell - begins),
                                         clamp_cells(note.end - note.cell, kLongestHit),
                                         static_cast<std::uint8_t>(note.pitch), 0,
                                         level(note.velocity)});
                }
            });
    }

private:
    [[nodiscard]] Chord chord_at(std::int64_t cell) const {
        return chords_.at(Cells{static_cast<std::int32_t>(cell)});
    }

    static bool is_crash_at(std::span<const CellNote> notes, std::int64_t cell) {
        return std::ranges::any_of(
            notes, [&](const CellNote& note) { return note.cell == cell && is_crash(note.pitch); });
    }

    // The notes [first, behind), struck together, as voices.
    static BandNote stroke(std::span<const CellNote> notes, std::size_t first, std::size_t behind,
                           std::int64_t begins, std::int64_t ends, std::size_t taken) {
        const auto& lowest = notes[first];
        double velocity = 0.0;
        std::int64_t end = 0;
        std::set<int> struck;
        for (auto i = first; i < behind; ++i) {
            velocity += notes[i].velocity;
            end += notes[i].end - lowest.cell;
            struck.insert(notes[i].pitch);
        }
        const auto count = static_cast<std::int64_t>(behind - first);
        // All that sounds in this half of the bar: the voicing, of which it is a part.
        const auto half =
            begins + (lowest.cell - begins) * 2 / (ends - begins) * (ends - begins) / 2;
        std::set<int> sounding;
        for (const auto& note : notes)
            if (note.cell >= half && note.cell < half + (ends - begins) / 2)
                sounding.insert(note.pitch);
        return {static_cast<std::uint8_t>(lowest.cell - begins),
                clamp_cells(end / count, kLongestBar), voices_of_chord(struck, sounding, taken), 0,
                level(velocity / static_cast<double>(count))};
    }

    const BarLines& bars_;
    const ChordTrack& chords_;
};

}  // namespace

Result<BandSheet> extract_band(const Smf& smf, const IndexEntry* entry) {
    auto lead = lead_voice(smf, entry);
    if (!lead) return tl::unexpected{lead.error()};
    const auto shifts = home_shifts(smf, *lead);
    const auto line = skyline(lead->notes, smf.ticks_per_beat);
    const auto halvings = static_cast<unsigned>(beat_halvings(line, smf.ticks_per_beat));
    const auto ticks_per_beat = static_cast<std::uint16_t>(smf.ticks_per_beat >> halvings);
    const LineGrid grid{ticks_per_beat, BarLines{smf.meters_of(lead->track), ticks_per_beat}};
    const auto parts = parts_of(smf, *lead);

    std::array<Gridded, kBandParts> gridded;
    std::int64_t end = 1;
    for (std::size_t p = 0; p < kBandParts; ++p) {
        gridded[p] = on_grid(parts[p].notes, ticks_per_beat, shifts);
        if (!gridded[p].notes.empty())
            end = std::max(end, gridded[p].notes.back().cell + 4 * kBeat);
    }
    const auto track = chords_of(PieceChords{smf, lead->track, shifts}, grid, end + 1);

    BandSheet sheet;
    const Reading reading{grid.bars, track};
    if (track.source != ChordSource::melody)
        sheet.parts[0] = reading.bass(gridded[0], parts[0].program);
    std::set<std::int64_t> taken;
    if (parts[0].program == 0)
        for (const auto& note : gridded[0].notes) taken.insert(note.cell);
    sheet.parts[1] = reading.chords(gridded[1], parts[1].program, taken);
    sheet.parts[2] = reading.drums(gridded[2]);
    sheet.tempo = tempo_of(smf) * static_cast<double>(1U << halvings);
    const auto pairs = eighths_of(line, parts[2].notes, ticks_per_beat);
    sheet.swing = pairs.second;
    sheet.performed = pairs.performed;
    return sheet;
}

}  // namespace fusion::train
