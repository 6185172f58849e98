// Beats for a file that counts in something else: SMPTE frames have seconds, and with the tempo in
// the file seconds have beats; a division that says nothing is told from the notes.
// Who calls: smf_reader.cpp. Thread: any. Errors: none, they are mends.
#pragma once

#include <cstdint>

#include "engine/corpus/smf.hpp"
#include "engine/corpus/smf_mends.hpp"

namespace fusion {

// Sets `smf.ticks_per_beat` from the header's `division`; where that counts frames, every time in
// `smf` becomes one in ticks of our own.
void settle_beats(Smf& smf, std::uint16_t division, mend::Mends& mends);

}  // namespace fusion
