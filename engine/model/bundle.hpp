// What is trained and shipped: one file with the vocabulary, the genres, the networks' weights, the
// training record and the n-gram tables of the fallback. Loaded as data, never as code; plain
// floats here, so that a build without Torch can still read it and play the fallback.
//
// The file (little-endian): 8 bytes magic "FUSNBDL1", u32 version, u32 number of sections, then per
// section: 4 bytes tag, u64 length, u32 CRC-32 of the payload, the payload. Sections: VOCB, GENR,
// RECD (JSON text), TENS (tensors as f32 or f16), NGRM (one table per genre), and where there is
// one ACCT (accents.hpp), DICE (genre_dice.hpp), FRMB (form_book.hpp), CHRD (chord_model.hpp),
// MANN (manners.hpp), BAND (band_book.hpp) and STRT (a weight for each genre, f32). A reader
// refuses an unknown version and skips an unknown tag. The CRC of a section that need not be there,
// or is unknown, takes in the tag before the payload: else ACCT with a flipped bit would pass for
// an unknown section. Size limits stand beside the reader. Thread: any. Errors: not_found, io,
// malformed (says what was wrong and at which byte).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/corpus/vocabulary.hpp"
#include "engine/model/accents.hpp"
#include "engine/model/band_book.hpp"
#include "engine/model/chord_model.hpp"
#include "engine/model/form_book.hpp"
#include "engine/model/genre_dice.hpp"
#include "engine/model/manners.hpp"
#include "engine/model/ngram.hpp"

namespace fusion {

// A named array of floats; the networks' parameters by the names that engine/nn gives them.
struct BundleTensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;  // row-major, product of `shape`
};

struct Bundle {
    std::vector<std::string> genres;  // at most kMaxGenres
    Vocabulary vocabulary;
    std::string record;  // JSON: corpus digest, split seed, metrics, licence, command
    std::map<std::string, BundleTensor> tensors;
    std::vector<NgramModel> ngrams;    // one per genre
    AccentModel accents{};             // one entry per genre, or none: the notes play flat
    std::vector<GenreDice> dice{};     // one per genre, or none: the usual ones
    std::vector<float> start{};        // weights that a daemon starts with, or none: all alike
    std::vector<FormBook> forms{};     // one per genre, or none: nothing returns by plan
    std::vector<ChordModel> chords{};  // one per genre, or none: no chord is planned
    std::vector<Manners> manners{};    // one per genre, or none: the networks as they are
    std::vector<GenreBand> band{};     // one per genre, or none: the line plays alone
};

enum class TensorPrecision : std::uint8_t { f32, f16 };

[[nodiscard]] Result<Bundle> load_bundle(const std::filesystem::path& file);
[[nodiscard]] Result<Bundle> parse_bundle(std::span<const std::uint8_t> bytes,
                                          const std::string& name);
[[nodiscard]] std::vector<std::uint8_t> serialise_bundle(const Bundle& bundle,
                                                         TensorPrecision precision);
// Writes beside `file` and renames, so that a reader never sees half a bundle.
[[nodiscard]] Status save_bundle(const Bundle& bundle, const std::filesystem::path& file,
                                 TensorPrecision precision);

}  // namespace fusion
