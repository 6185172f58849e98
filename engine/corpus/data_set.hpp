// A folder of MIDI files (one folder per genre) as sequences of events, ready to learn from.
// Source: Standard MIDI Files, read, reduced to one melody line, put on the grid and into C major
// or A minor (melody.hpp, key.hpp). Thread: any. Errors: not_found, malformed (with the file's
// name).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/corpus/chord_track.hpp"
#include "engine/corpus/extract.hpp"
#include "engine/corpus/vocabulary.hpp"
#include "engine/music/meter.hpp"

namespace fusion {

// A melody line on the grid. All vectors have the same length, one entry per event.
struct EventSequence {
    std::vector<EventId> events;
    std::vector<std::uint8_t> positions;   // bar_position() of the event's onset
    std::vector<std::uint8_t> meters;      // MeterClass at the onset
    std::vector<std::uint8_t> velocities;  // 0 for rests

    [[nodiscard]] std::size_t size() const { return events.size(); }
};

enum class Split : std::uint8_t { training, validation, test };

struct Piece {
    std::string name;     // "jazz/wjazzd__x.mid", relative to the data folder
    std::size_t genre;    // index into DataSet::genres
    std::string cluster;  // pieces of one cluster are never split apart
    Split split;
    EventSequence line;
    ChordTrack chords{};  // along the line: one onset an event
};

struct Rejection {
    std::string name;
    std::string reason;
};

// A piece that is used although its file is not as the standard has it (SmfMend).
struct Mended {
    std::string name;
    std::string_view kind;
    std::string where;
};

// A piece that is used although chord markers of its file cannot be read; they are skipped.
struct UnreadableChords {
    std::string name;
    std::size_t count;
    std::string why;  // of the first
};

// By Evidence: what the estimate of chords does where a genre's files have markers.
using ChordAgreements = std::array<ChordAgreement, 2>;

struct DataSet {
    std::vector<std::string> genres;  // sorted by name
    Vocabulary vocabulary;
    std::vector<Piece> pieces;  // sorted by name
    std::vector<Rejection> rejected;
    std::vector<Mended> mended;  // one for each kind in a file
    std::uint64_t split_seed = 0;
    std::string digest;  // SHA-256 over names and contents of the files, hex
    // Share of events per genre that the vocabulary holds exactly (before nearest()).
    std::vector<double> coverage;
    std::vector<UnreadableChords> unreadable_chords;
    std::vector<ChordAgreements> chord_agreements;  // by genre
};

struct PrepareOptions {
    std::vector<std::string> genres;  // empty: every folder that has a piece
    std::uint64_t split_seed = 1;
    double test_share = 0.30;        // by piece, whole clusters at a time, within each genre
    double validation_share = 0.10;  // of what is not test
    std::size_t vocabulary_size = 500;
    std::size_t max_events_per_piece = 1500;  // whole string quartets are very long
    // Evaluating a bundle: its vocabulary instead of a learned one.
    const Vocabulary* vocabulary = nullptr;
    // Whether training pieces of small genres give their other melodic tracks too. None: where a
    // vocabulary is learned, for that is where there is something to learn.
    std::optional<FurtherLines> further_lines;
    // Called per file read: (done, total). May be empty.
    std::function<void(std::size_t, std::size_t)> progress;
};

// Reads every *.mid, *.midi, *.rmi and *.kar under `folder`/GENRE/. `folder`/index.csv, where there
// is one, names lead tracks and clusters; without it every piece is its own cluster and the lead
// track is found by name and by how melodic it is. Deterministic: same files and options, same
// result.
[[nodiscard]] Result<DataSet> prepare(const std::filesystem::path& folder,
                                      const PrepareOptions& options);

}  // namespace fusion
