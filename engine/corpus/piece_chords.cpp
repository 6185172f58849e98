#include "engine/corpus/piece_chords.hpp"

#include <algorithm>
#include <cmath>

namespace fusion {
namespace {

double cells_of(SmfTime time, std::uint16_t ticks_per_beat) {
    return static_cast<double>(time) * kCellsPerBeat.count() / ticks_per_beat;
}

// Where the notes together last longer than this over the time in which anything sounds, one voice
// is not alone: legato reaches 1.05.
constexpr double kMoreThanOneVoice = 1.25;

}  // namespace

PieceChords::PieceChords(const Smf& smf, std::size_t track, std::span<const HomeShift> shifts)
    : marks_{chord_marks(smf, track)}, shifts_{shifts.begin(), shifts.end()} {
    for (std::size_t t = 0; t < smf.tracks.size(); ++t) {
        if (smf.format == 2 && t != track) continue;
        for (const auto& note : notes_of(smf.tracks[t]))
            if (note.channel != kDrumChannel)
                notes_.push_back(
                    {note.onset, note.end, note.pitch.count() + shift_at(shifts, note.onset)});
    }
    std::sort(notes_.begin(), notes_.end(),
              [](const HomeNote& a, const HomeNote& b) { return a.onset < b.onset; });
    double together = 0.0;
    double anything = 0.0;
    SmfTime until = 0;
    for (const auto& note : notes_) {
        together += static_cast<double>(note.end - note.onset);
        const auto from = std::max(note.onset, until);
        anything += static_cast<double>(std::max<SmfTime>(0, note.end - from));
        until = std::max(until, note.end);
    }
    if (together > kMoreThanOneVoice * anything) evidence_ = Evidence::voices;
}

std::vector<HalfBar> PieceChords::halves_on(const LineGrid& grid) const {
    std::vector<SoundingNote> sounding;
    sounding.reserve(notes_.size());
    for (const auto& note : notes_)
        sounding.push_back({cells_of(note.onset, grid.ticks_per_beat),
                            cells_of(note.end, grid.ticks_per_beat), note.pitch});
    return half_bars(sounding, grid.bars);
}

// A chord that goes on where the piece's key signature changes is another one at home.
std::vector<PieceChords::FileChange> PieceChords::marked_changes(const LineGrid& grid) const {
    std::vector<FileChange> changes;
    const auto add = [&](SmfTime at, const Chord& chord) {
        changes.push_back({std::llround(cells_of(at, grid.ticks_per_beat)),
                           transposed(chord, shift_at(shifts_, at))});
    };
    auto shift = shifts_.begin();
    Chord now;
    const auto pass_shifts = [&](SmfTime until) {
        for (; shift != shifts_.end() && shift->from < until; ++shift) add(shift->from, now);
    };
    for (const auto& [at, chord] : marks_.marks) {
        pass_shifts(at);
        add(at, chord);
        now = chord;
    }
    for (; shift != shifts_.end(); ++shift) add(shift->from, now);
    return changes;
}

std::vector<PieceChords::FileChange> PieceChords::estimated_changes(const LineGrid& grid) const {
    const auto halves = halves_on(grid);
    const auto chords = estimate_chords(halves, evidence_);
    std::vector<FileChange> changes;
    changes.reserve(halves.size());
    for (std::size_t h = 0; h < halves.size(); ++h)
        changes.push_back({halves[h].begins, chords[h]});
    return changes;
}

ChordTrack PieceChords::along(const EventChain& line, const LineGrid& grid) const {
    ChordTrack track;
    const bool marked = !marks_.marks.empty();
    track.source = marked                          ? ChordSource::markers
                   : evidence_ == Evidence::voices ? ChordSource::voices
                                                   : ChordSource::melody;
    if (line.events.empty()) return track;
    const auto changes = marked ? marked_changes(grid) : estimated_changes(grid);
    const auto add = [&](Cells at, const Chord& chord) {
        // Of two changes in one cell the later one holds.
        if (!track.changes.empty() && track.changes.back().at == at) track.changes.pop_back();
        if (chord != (track.changes.empty() ? Chord{} : track.changes.back().chord))
            track.changes.push_back({at, chord});
    };

    // Stretch by stretch: from one cut rest to the next the line's cells and the file's go
    // together.
    std::int64_t own = line.cells.front() - grid.bars.at(line.cells.front()).bar_start;
    std::int64_t own_from = 0;
    std::int64_t from = line.cells.front() - own;
    std::size_t next = 0;
    for (std::size_t i = 0; i < line.events.size(); ++i) {
        track.onsets.emplace_back(static_cast<std::int32_t>(own));
        const auto duration = line.events[i].event.duration.count();
        own += duration;
        const auto to = line.cells[i] + duration;
        const bool last = i + 1 == line.events.size();
        if (!last && line.cells[i + 1] == to) continue;

        const auto own_at = [&](std::int64_t cell) {
            return Cells{static_cast<std::int32_t>(cell - from + own_from)};
        };
        while (next < changes.size() && changes[next].cell <= from) ++next;
        add(own_at(from), next == 0 ? Chord{} : changes[next - 1].chord);
        for (; next < changes.size() && changes[next].cell < to; ++next)
            add(own_at(changes[next].cell), changes[next].chord);
        for (auto bar = grid.bars.at(from).bar_start; bar < to; bar = grid.bars.end_of_bar(bar))
            if (bar >= from) track.bars.push_back(own_at(bar));
        own_from = own;
        if (!last) from = line.cells[i + 1];
    }
    track.end = Cells{static_cast<std::int32_t>(own)};
    return track;
}

ChordReading PieceChords::reading(const LineGrid& grid) const {
    ChordReading reading{marks_.unreadable, marks_.why, evidence_, {}};
    if (marks_.marks.empty()) return reading;
    const auto halves = halves_on(grid);
    const auto estimated = estimate_chords(halves, evidence_);
    const auto marked = marked_changes(grid);
    std::size_t first = 0;  // the change in force where the half bar begins
    for (std::size_t h = 0; h < halves.size(); ++h) {
        while (first + 1 < marked.size() && marked[first + 1].cell <= halves[h].begins) ++first;
        // The chord that the markers give most of the half bar to.
        Chord right;
        std::int64_t longest = 0;
        for (auto m = first; m < marked.size() && marked[m].cell < halves[h].ends; ++m) {
            const auto from = std::max(marked[m].cell, halves[h].begins);
            const auto to = m + 1 < marked.size() ? std::min(marked[m + 1].cell, halves[h].ends)
                                                  : halves[h].ends;
            if (to - from > longest) {
                longest = to - from;
                right = marked[m].chord;
            }
        }
        if (right.is_none()) continue;
        ++reading.agreement.half_bars;
        if (estimated[h].is_none() || estimated[h].root() != right.root()) continue;
        ++reading.agreement.same_root;
        if (third_of(estimated[h]) == third_of(right)) ++reading.agreement.same_root_and_third;
    }
    reading.agreement.files = 1;
    return reading;
}

}  // namespace fusion
