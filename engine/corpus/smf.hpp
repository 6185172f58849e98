// Standard MIDI Files, formats 0, 1 and 2: a reader that takes any bytes at all, and a writer.
//
// The reader takes what other programs take: whatever stands between it and the notes (a wrapper, a
// wrong length, a clock byte, SMPTE frames for beats, a cut) is gone past and told in Smf::mends.
// Only bytes without a track are an error. Memory and time are bounded by kMaxSmfBytes,
// kMaxSmfTracks and kMaxSmfMessages whatever the file claims. What is mended how: ADR-smf.md.
// Who calls: data_set.cpp reads; `fusiond render` and the session's file sink write.
// Thread: any. Errors: malformed, unsupported, io, not_found, with the file's name and the byte.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/base/units.hpp"
#include "engine/corpus/smf_bytes.hpp"
#include "engine/music/meter.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {

inline constexpr std::size_t kMaxSmfBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxSmfMessages = std::size_t{1} << 21;
inline constexpr std::size_t kMaxSmfTracks = 4096;
inline constexpr std::size_t kMaxSmfNameBytes = 128;

// Times in a file that was read count that file's own ticks (Smf::ticks_per_beat of them a beat).
using SmfTime = std::int64_t;

struct SmfMessage {
    SmfTime at;
    MidiMessage message;  // channel messages only
    friend bool operator==(const SmfMessage&, const SmfMessage&) = default;
};

struct SmfMeter {
    SmfTime at;
    Meter meter;
    friend bool operator==(const SmfMeter&, const SmfMeter&) = default;
};

struct SmfTempo {
    SmfTime at;
    Bpm tempo;
    friend bool operator==(const SmfTempo&, const SmfTempo&) = default;
};

// A key signature: -7 (flats) to 7 (sharps). Major and minor share it.
struct SmfSignature {
    SmfTime at;
    std::int8_t sharps;
    friend bool operator==(const SmfSignature&, const SmfSignature&) = default;
};

// A marker (meta event 6): a rehearsal letter, a chord, whatever a program writes there.
struct SmfMarker {
    SmfTime at;
    std::string text;  // as it stands there, cut at kMaxSmfNameBytes
    friend bool operator==(const SmfMarker&, const SmfMarker&) = default;
};

struct SmfTrack {
    std::string name;  // printable, cut at kMaxSmfNameBytes
    std::vector<SmfMessage> messages;
    std::vector<SmfMeter> meters;
    std::vector<SmfTempo> tempi;
    std::vector<SmfSignature> signatures;
    std::vector<SmfMarker> markers;
    SmfTime end = 0;
};

struct SmfNote {
    SmfTime onset;
    SmfTime end;  // after `onset`
    Channel channel;
    Pitch pitch;
    Velocity velocity;
    friend bool operator==(const SmfNote&, const SmfNote&) = default;
};

// What the reader went past to get at the notes. `kind` is one of a few and lives for ever, so that
// a table can group by it; `where` is about this one file.
struct SmfMend {
    std::string_view kind;
    std::string where;
    friend bool operator==(const SmfMend&, const SmfMend&) = default;
};

struct Smf {
    std::uint16_t format = 0;
    std::uint16_t ticks_per_beat = 0;  // never 0
    std::vector<SmfTrack> tracks;      // one per MTrk chunk, in the file's order
    std::vector<SmfMend> mends;        // the first of each kind; empty for most files

    // The metre that holds for `track`: its own changes in format 2, those of all tracks otherwise.
    [[nodiscard]] std::vector<SmfMeter> meters_of(std::size_t track) const;
    // In the same way the key signatures, each different from the one before.
    [[nodiscard]] std::vector<SmfSignature> signatures_of(std::size_t track) const;
    // And the markers, by time.
    [[nodiscard]] std::vector<SmfMarker> markers_of(std::size_t track) const;
};

// `name` is what messages call the file.
[[nodiscard]] Result<Smf> read_smf(std::span<const std::uint8_t> bytes, std::string_view name);

// Note-ons with their ends, by onset. A note struck again ends there; one that is never released
// ends with the track.
[[nodiscard]] std::vector<SmfNote> notes_of(const SmfTrack& track);

// Writes format 0, or format 1 where some channels have tracks of their own. Messages may come in
// any order; those at one time keep the order they came in.
class SmfWriter {
public:
    explicit SmfWriter(
        std::uint16_t ticks_per_beat = static_cast<std::uint16_t>(kTicksPerBeat.count()));

    void name(std::string name);
    // What goes to this channel stands on a track of its own and of this name, if there is any. The
    // tracks stand in the order in which they were named, after what has none.
    void track(Channel channel, std::string name);
    void tempo(Ticks at, Bpm tempo);
    void meter(Ticks at, Meter meter);
    void message(Ticks at, const MidiMessage& message);
    // Stands before the messages of its time; cut at kMaxSmfNameBytes.
    void marker(Ticks at, std::string text);

    // The whole file; the track ends at `end`, or at the last message where that is later.
    [[nodiscard]] std::vector<std::uint8_t> bytes(Ticks end) const;

private:
    struct Entry {
        std::int64_t at;  // in the file's ticks
        std::uint8_t size;
        std::array<std::uint8_t, 7> bytes;
    };
    void add(Ticks at, std::span<const std::uint8_t> bytes);
    [[nodiscard]] std::int64_t in_file(Ticks at) const;

    std::uint16_t ticks_per_beat_;
    [[nodiscard]] SmfBytes track_of(const std::string& name, std::vector<Entry> entries,
                                    std::vector<SmfMarker> markers, std::int64_t end) const;

    std::string name_;
    std::vector<std::pair<Channel, std::string>> tracks_;
    std::vector<Entry> entries_;
    std::vector<SmfMarker> markers_;
};

}  // namespace fusion
