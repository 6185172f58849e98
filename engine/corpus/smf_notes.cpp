#include <algorithm>

#include "engine/corpus/smf.hpp"

namespace fusion {

std::vector<SmfMeter> Smf::meters_of(std::size_t track) const {
    if (format == 2) return tracks[track].meters;
    std::vector<SmfMeter> all;
    for (const auto& each : tracks) all.insert(all.end(), each.meters.begin(), each.meters.end());
    std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.at < b.at; });
    // Notation programs repeat the metre in every track.
    all.erase(std::unique(all.begin(), all.end(), [](auto& a, auto& b) { return a.at == b.at; }),
              all.end());
    return all;
}

std::vector<SmfSignature> Smf::signatures_of(std::size_t track) const {
    std::vector<SmfSignature> all;
    for (std::size_t t = 0; t < tracks.size(); ++t)
        if (format != 2 || t == track)
            all.insert(all.end(), tracks[t].signatures.begin(), tracks[t].signatures.end());
    std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.at < b.at; });
    all.erase(std::unique(all.begin(), all.end(), [](auto& a, auto& b) { return a.at == b.at; }),
              all.end());
    all.erase(
        std::unique(all.begin(), all.end(), [](auto& a, auto& b) { return a.sharps == b.sharps; }),
        all.end());
    return all;
}

std::vector<SmfMarker> Smf::markers_of(std::size_t track) const {
    std::vector<SmfMarker> all;
    for (std::size_t t = 0; t < tracks.size(); ++t)
        if (format != 2 || t == track)
            all.insert(all.end(), tracks[t].markers.begin(), tracks[t].markers.end());
    std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.at < b.at; });
    return all;
}

std::vector<SmfNote> notes_of(const SmfTrack& track) {
    constexpr auto kSilent = static_cast<std::size_t>(-1);
    std::vector<SmfNote> notes;
    std::vector<std::size_t> sounding(std::size_t{16} * 128, kSilent);
    const auto close = [&](std::size_t key, SmfTime at) {
        if (sounding[key] != kSilent) notes[sounding[key]].end = at;
        sounding[key] = kSilent;
    };
    for (const auto& [at, message] : track.messages) {
        if (!message.is_note_on() && !message.is_note_off()) continue;
        const std::size_t key =
            std::size_t{message.channel().count()} * 128 + message.pitch().count();
        close(key, at);
        if (!message.is_note_on()) continue;
        sounding[key] = notes.size();
        notes.push_back({at, at, message.channel(), message.pitch(), message.velocity()});
    }
    for (std::size_t key = 0; key < sounding.size(); ++key) close(key, track.end);
    std::erase_if(notes, [](const SmfNote& note) { return note.end <= note.onset; });
    return notes;
}

}  // namespace fusion
