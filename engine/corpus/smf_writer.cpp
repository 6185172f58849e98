#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <utility>

#include "engine/corpus/smf.hpp"
#include "engine/corpus/smf_bytes.hpp"

namespace fusion {
SmfWriter::SmfWriter(std::uint16_t ticks_per_beat)
    : ticks_per_beat_{std::clamp<std::uint16_t>(ticks_per_beat, 1, 0x7FFF)} {}

void SmfWriter::name(std::string name) {
    name.resize(std::min(name.size(), kMaxSmfNameBytes));
    name_ = std::move(name);
}

void SmfWriter::tempo(Ticks at, Bpm tempo) { add(at, smf_tempo(tempo)); }

void SmfWriter::meter(Ticks at, Meter meter) {
    std::uint8_t power = 0;
    while ((1U << power) < meter.denominator) ++power;
    // The last two: MIDI clocks per metronome click, thirty-seconds per quarter note.
    add(at, std::array<std::uint8_t, 7>{0xFF, 0x58, 0x04, meter.numerator, power, 24, 8});
}

void SmfWriter::message(Ticks at, const MidiMessage& message) { add(at, message.span()); }

void SmfWriter::marker(Ticks at, std::string text) {
    text.resize(std::min(text.size(), kMaxSmfNameBytes));
    markers_.push_back({in_file(at), std::move(text)});
}

std::int64_t SmfWriter::in_file(Ticks at) const {
    return std::max<std::int64_t>(0, at.count()) * ticks_per_beat_ / kTicksPerBeat.count();
}

void SmfWriter::add(Ticks at, std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return;
    Entry entry{in_file(at), static_cast<std::uint8_t>(bytes.size()), {}};
    std::copy(bytes.begin(), bytes.end(), entry.bytes.begin());
    entries_.push_back(entry);
}

void SmfWriter::track(Channel channel, std::string name) {
    name.resize(std::min(name.size(), kMaxSmfNameBytes));
    std::erase_if(tracks_, [&](const auto& track) { return track.first == channel; });
    tracks_.emplace_back(channel, std::move(name));
}

std::vector<std::uint8_t> SmfWriter::bytes(Ticks end) const {
    const auto last = in_file(end);
    auto rest = entries_;
    std::vector<SmfBytes> tracks;
    for (const auto& [channel, name] : tracks_) {
        const auto is_here = [c = channel](const Entry& entry) {
            return entry.bytes[0] < 0xF0U && (entry.bytes[0] & 0x0FU) == c.count();
        };
        std::vector<Entry> here;
        std::ranges::copy_if(rest, std::back_inserter(here), is_here);
        if (here.empty()) continue;
        std::erase_if(rest, is_here);
        tracks.push_back(track_of(name, std::move(here), {}, last));
    }
    tracks.insert(tracks.begin(), track_of(name_, std::move(rest), markers_, last));

    SmfBytes out;
    put_smf_file_head(out, ticks_per_beat_, tracks.size());
    for (const auto& track : tracks) {
        put_smf_track_head(out, static_cast<std::uint32_t>(track.size()));
        out.insert(out.end(), track.begin(), track.end());
    }
    return out;
}

SmfBytes SmfWriter::track_of(const std::string& name, std::vector<Entry> entries,
                             std::vector<SmfMarker> markers, std::int64_t end) const {
    std::ranges::stable_sort(entries, {}, &Entry::at);
    std::ranges::stable_sort(markers, {}, &SmfMarker::at);
    SmfBytes track;
    if (!name.empty()) {
        track.push_back(0x00);
        put_text_event(track, kSmfTrackName, name);
    }
    auto marker = markers.begin();
    std::int64_t now = 0;
    const auto put_markers_up_to = [&](std::int64_t at) {
        for (; marker != markers.end() && marker->at <= at; ++marker) {
            put_delta(track, marker->at - now);
            put_text_event(track, kSmfMarker, marker->text);
            now = marker->at;
        }
    };
    for (const auto& entry : entries) {
        put_markers_up_to(entry.at);
        put_delta(track, entry.at - now);
        track.insert(track.end(), entry.bytes.begin(), entry.bytes.begin() + entry.size);
        now = entry.at;
    }
    put_markers_up_to(std::numeric_limits<std::int64_t>::max());
    put_delta(track, std::max<std::int64_t>(0, end - now));
    track.insert(track.end(), kSmfEndOfTrack.begin(), kSmfEndOfTrack.end());
    return track;
}

}  // namespace fusion
