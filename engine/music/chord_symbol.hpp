// Chord symbols as musicians write them, to Chord and back.
//
// Read: a root A to G with # or b (♯ ♭), then
//   C  Cm C- Cmin Cmi   Cmaj7 CM7 C^7 CΔ7 Cj7   C7 C9 C11 C13   Cm7 C-7 Cmi7   CmMaj7 C-j7 Cm(maj7)
//   C6 Cm6 C6/9 C69   Cdim C° Co   Co7 Cdim7   Cø Cø7 Ch7 Cm7b5   C+ Caug   Csus Csus2 Csus4 C7sus4
//   C5   Cadd9 C2   C7b9 C7(b9,#11) C7/b9 C7-9 C7#5 C7+ C+7 C9b5 C13b9 C7alt   Cno3 Comit5
// with /E for another bass, and N.C. for none; the way of the Weimar Jazz Database, where the
// accidental of a tension follows it (C7913b, Cj7911#); and Harte's way, C:min7, C:sus4(b7),
// C:maj/3, C:(1,5), N. A natural eleventh or thirteenth brings the ninth along, the thirteenth no
// eleventh.
//
// Thread: any. Errors: malformed, with the character, what is wrong and what would be right.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.hpp"
#include "engine/base/text_fault.hpp"
#include "engine/music/chord.hpp"

namespace fusion {

inline constexpr std::size_t kMaxChordSymbolBytes = 64;

// The whole of `text` is one symbol, without blanks around it. TextFault::at counts in `text`.
[[nodiscard]] TextResult<Chord> read_chord_symbol(std::string_view text);
[[nodiscard]] Result<Chord> parse_chord_symbol(std::string_view text);

// One spelling for each chord, in ASCII: "Dm7", "Bb7#5b9", "C(b5)", "F6/9", "C/E", "N.C.". Reading
// it gives the same chord.
[[nodiscard]] std::string to_text(const Chord& chord);
// "Db": the names that fewest keys find strange, flats but for F#.
[[nodiscard]] std::string_view name_of(PitchClass c);

}  // namespace fusion
