#include "engine/corpus/extract.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/corpus/home_shift.hpp"
#include "engine/corpus/key.hpp"
#include "engine/corpus/melody.hpp"

namespace fusion {
namespace {

void transpose(std::vector<GridNote>& notes, std::span<const HomeShift> shifts,
               std::uint16_t ticks_per_beat) {
    double sum = 0.0;
    std::vector<int> shift_of;
    for (const auto& note : notes) {
        const auto at = note.cell * ticks_per_beat / kCellsPerBeat.count();
        shift_of.push_back(shift_at(shifts, at));
        sum += note.pitch.count() + shift_of.back();
    }
    const int octaves = octave_shift(sum / static_cast<double>(notes.size()));
    for (std::size_t i = 0; i < notes.size(); ++i)
        notes[i].pitch = shifted_pitch(notes[i].pitch, shift_of[i] + octaves);
}

Result<ExtractedLine> line_of(const Smf& smf, const Voice& voice, std::span<const HomeShift> shifts,
                              const PieceChords& chords) {
    const auto line = skyline(voice.notes, smf.ticks_per_beat);
    if (is_monotone(line))
        return fail(Error::Code::malformed, "monotone: the melody is one repeated note");
    const auto ticks_per_beat = static_cast<std::uint16_t>(
        smf.ticks_per_beat >> static_cast<unsigned>(beat_halvings(line, smf.ticks_per_beat)));
    auto gridded = quantise(line, ticks_per_beat);
    if (gridded.notes.size() < kFewestLineNotes)
        return fail(Error::Code::malformed,
                    fmt::format("too short: {} notes in the melody, fewer than {}",
                                gridded.notes.size(), kFewestLineNotes));
    if (gridded.mean_error > kLargestGridError)
        return fail(Error::Code::malformed,
                    fmt::format("off the grid: its notes lie {:.2f} cells beside it on average",
                                gridded.mean_error));
    transpose(gridded.notes, shifts, ticks_per_beat);
    const LineGrid grid{ticks_per_beat, BarLines{smf.meters_of(voice.track), ticks_per_beat}};
    auto chain = chain_events(gridded.notes, grid.bars);
    auto track = chords.along(chain, grid);
    return ExtractedLine{"", std::move(chain.events), gridded.mean_error, std::move(track),
                         chords.reading(grid)};
}

Result<Voice> lead_of(const Smf& smf, const IndexEntry* entry) {
    if (entry != nullptr && !entry->lead_track.empty())
        if (auto voice = voice_by_reference(smf, entry->lead_track))
            if (!is_monotone(skyline(voice->notes, smf.ticks_per_beat))) return std::move(*voice);
    return find_melody(smf);
}

}  // namespace

Result<std::vector<ExtractedLine>> extract_lines(const Smf& smf, const IndexEntry* entry,
                                                 FurtherLines further) {
    const auto lead = lead_of(smf, entry);
    if (!lead) return tl::unexpected(lead.error());
    const auto shifts = home_shifts(smf, *lead);
    const PieceChords chords{smf, lead->track, shifts};
    auto line = line_of(smf, *lead, shifts, chords);
    if (!line) return tl::unexpected(line.error());

    std::vector<ExtractedLine> lines;
    lines.push_back(std::move(*line));
    if (entry == nullptr || further == FurtherLines::leave_out) return lines;
    for (const auto& reference : entry->melodic_tracks) {
        const auto voice = voice_by_reference(smf, reference);
        if (!voice || (voice->track == lead->track && voice->channel == lead->channel)) continue;
        auto other = line_of(smf, *voice, shifts, chords);
        if (!other) continue;
        // Doubled at the unison or the octave: the network would hear the piece twice.
        const bool doubled = std::any_of(lines.begin(), lines.end(), [&](const auto& known) {
            return known.events == other->events;
        });
        if (doubled) continue;
        other->suffix = (voice->channel ? "#" : "#track") + reference;
        lines.push_back(std::move(*other));
    }
    return lines;
}

}  // namespace fusion
