// MIDI files made on the spot, so that no test depends on a file.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "engine/corpus/extract.hpp"
#include "engine/corpus/smf.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion {

using Bytes = std::vector<std::uint8_t>;

inline void append(Bytes& bytes, std::initializer_list<std::uint8_t> more) {
    for (const auto byte : more) bytes.push_back(byte);
}

struct TuneNote {
    int pitch;
    int cells;  // to the next note
};

// One after the other, each held for nine tenths of its time.
inline Bytes tune_file(const std::vector<TuneNote>& tune, Meter meter = {}, std::string name = {}) {
    SmfWriter writer;
    writer.name(std::move(name));
    writer.tempo(Ticks{0}, Bpm{120});
    writer.meter(Ticks{0}, meter);
    Ticks at{0};
    for (const auto& [pitch, cells] : tune) {
        const Pitch key{static_cast<std::uint8_t>(pitch)};
        const Ticks length = to_ticks(Cells{cells});
        writer.message(at, note_on(Channel{0}, key, Velocity{80}));
        writer.message(at + Ticks{length.count() * 9 / 10}, note_off(Channel{0}, key));
        at += length;
    }
    return writer.bytes(at);
}

// A header and tracks from raw bytes.
inline Bytes raw_file(std::uint16_t format, std::uint16_t division,
                      const std::vector<Bytes>& tracks) {
    Bytes file{'M',
               'T',
               'h',
               'd',
               0,
               0,
               0,
               6,
               0,
               static_cast<std::uint8_t>(format),
               0,
               static_cast<std::uint8_t>(tracks.size()),
               static_cast<std::uint8_t>(division >> 8U),
               static_cast<std::uint8_t>(division)};
    for (const auto& track : tracks) {
        const auto size = track.size();
        file.insert(file.end(),
                    {'M', 'T', 'r', 'k', static_cast<std::uint8_t>(size >> 24U),
                     static_cast<std::uint8_t>(size >> 16U), static_cast<std::uint8_t>(size >> 8U),
                     static_cast<std::uint8_t>(size)});
        file.insert(file.end(), track.begin(), track.end());
    }
    return file;
}

// What `prepare` does with a file.
inline Result<std::vector<ExtractedLine>> extract_from(std::span<const std::uint8_t> bytes,
                                                       const IndexEntry* entry,
                                                       FurtherLines further) {
    const auto smf = read_smf(bytes, "unreadable");
    if (!smf) return tl::unexpected(smf.error());
    return extract_lines(*smf, entry, further);
}

}  // namespace fusion
