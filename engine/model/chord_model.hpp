// Which chords a genre plays, and where: learned from the chords of its pieces, in C major or A
// minor, for each half bar of a period of eight bars. Of two things it says how likely they are:
// that a chord changes here, given how long it has lasted; and which one comes then, given the one
// or two before and the place (a phrase begins at home, and ends on its way there). A mode for the
// pieces in major, one for those in minor.
//
// In the bundle (section CHRD, little-endian): a varint of genres; for each f32 pull, f32 minor,
// the form (form_model.hpp), then for each mode 16 x 8 f32 changes, 16 x 24 f32 places, a varint of
// follows and for each u8 before, u8 last, u8 now, u16 count; they ascend.
// Thread: any. Errors: parse_chord_models() says malformed.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/chord_code.hpp"
#include "engine/model/form_model.hpp"

namespace fusion {

inline constexpr std::size_t kPeriodHalves = 16;  // of eight bars
inline constexpr std::size_t kHeldHalves = 8;     // a chord that has lasted longer counts as this

// How often `now` came after `last`, and that after `before`. kNoChordCode in `before`: after
// `last`, whatever came before; in both: at all.
struct ChordFollow {
    ChordCode before;
    ChordCode last;
    ChordCode now;
    std::uint16_t count = 0;
    friend auto operator<=>(const ChordFollow&, const ChordFollow&) = default;
};

struct ModeChords {
    // That the chord changes at a place of the period, by how many halves it has lasted - 1.
    std::array<std::array<float, kHeldHalves>, kPeriodHalves> changes{};
    // How much likelier a function is at a place than elsewhere.
    std::array<std::array<float, kChordFunctions>, kPeriodHalves> places{};
    std::vector<ChordFollow> follows;  // ascending
    friend bool operator==(const ModeChords&, const ModeChords&) = default;
};

enum class HomeMode : std::uint8_t { major, minor };
inline constexpr std::size_t kHomeModes = 2;

struct ChordModel {
    float pull = 0.0F;   // how strictly the genre's lines obey their chords, 0..1
    float minor = 0.0F;  // the share of its pieces that are in minor
    FormModel form;      // which phrases bring back the chords of another under a tune that is new
    std::array<ModeChords, kHomeModes> modes;
    friend bool operator==(const ChordModel&, const ChordModel&) = default;
};

// By code: how likely each chord is at a place after two others, the sum 1; all 0 where the mode
// knows no chord. `last` is none at the begin of a phrase, kBeginCode at that of a piece; after
// another chord it is 0 itself.
using ChordChances = std::array<float, kChordCodes>;
[[nodiscard]] ChordChances chances_of(const ModeChords& mode, ChordCode before, ChordCode last,
                                      std::size_t place);

void serialise_chord_models(const std::vector<ChordModel>& models, std::vector<std::uint8_t>& out);
[[nodiscard]] Result<std::vector<ChordModel>> parse_chord_models(
    std::span<const std::uint8_t> payload);

}  // namespace fusion
