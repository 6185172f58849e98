#include "engine/corpus/extract.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/corpus/key.hpp"
#include "engine/corpus/melody.hpp"

namespace fusion {
namespace {

Key key_of(const Smf& smf) {
    PitchClassWeights weights{};
    for (const auto& track : smf.tracks) {
        for (const auto& note : notes_of(track)) {
            if (note.channel == kDrumChannel) continue;
            // A pedal point is no stronger a witness than a note of four beats.
            const auto length =
                std::min<SmfTime>(note.end - note.onset, SmfTime{4} * smf.ticks_per_beat);
            weights[note.pitch.count() % 12] += static_cast<double>(length) / smf.ticks_per_beat;
        }
    }
    return estimate_key(weights);
}

void transpose(std::vector<GridNote>& notes, int shift) {
    double sum = 0.0;
    for (const auto& note : notes) sum += note.pitch.count() + shift;
    shift += octave_shift(sum / static_cast<double>(notes.size()));
    for (auto& note : notes) note.pitch = shifted_pitch(note.pitch, shift);
}

Result<ExtractedLine> line_of(const Smf& smf, const Voice& voice, int shift) {
    auto gridded = quantise(skyline(voice.notes, smf.ticks_per_beat), smf.ticks_per_beat);
    if (gridded.notes.size() < kFewestLineNotes)
        return fail(Error::Code::malformed,
                    fmt::format("too short: {} notes in the melody, fewer than {}",
                                gridded.notes.size(), kFewestLineNotes));
    if (gridded.mean_error > kLargestGridError)
        return fail(Error::Code::malformed,
                    fmt::format("off the grid: its notes lie {:.2f} cells beside it on average",
                                gridded.mean_error));
    transpose(gridded.notes, shift);
    const auto meters = smf.meters_of(voice.track);
    return ExtractedLine{"", chain_events(gridded.notes, BarLines{meters, smf.ticks_per_beat}),
                         gridded.mean_error};
}

Result<Voice> lead_of(const Smf& smf, const IndexEntry* entry) {
    if (entry != nullptr && !entry->lead_track.empty())
        if (auto voice = voice_by_reference(smf, entry->lead_track)) return std::move(*voice);
    return find_melody(smf);
}

}  // namespace

Result<std::vector<ExtractedLine>> extract_lines(std::span<const std::uint8_t> bytes,
                                                 const IndexEntry* entry, FurtherLines further) {
    const auto smf = read_smf(bytes, "unreadable");
    if (!smf) return tl::unexpected(smf.error());
    // Half a piece, or one with flipped bits, teaches nonsense.
    if (smf->damage) return fail(Error::Code::malformed, fmt::format("damaged: {}", *smf->damage));
    const auto lead = lead_of(*smf, entry);
    if (!lead) return tl::unexpected(lead.error());
    const int shift = shift_to_c_or_a(key_of(*smf));
    auto line = line_of(*smf, *lead, shift);
    if (!line) return tl::unexpected(line.error());

    std::vector<ExtractedLine> lines;
    lines.push_back(std::move(*line));
    if (entry == nullptr || further == FurtherLines::leave_out) return lines;
    for (const auto& reference : entry->melodic_tracks) {
        const auto voice = voice_by_reference(*smf, reference);
        if (!voice || (voice->track == lead->track && voice->channel == lead->channel)) continue;
        auto other = line_of(*smf, *voice, shift);
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
