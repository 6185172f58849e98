// From a whole file to one monophonic line: which notes carry the tune, and the skyline of them.
// Thread: any. Errors: not_found where no track can be a melody.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/corpus/smf.hpp"

namespace fusion {

inline constexpr Channel kDrumChannel{9};

// Notes that belong together: a track without its drums or, where a file has but one track with
// notes, a channel of it.
struct Voice {
    std::size_t track = 0;           // index of the MTrk chunk
    std::optional<Channel> channel;  // set where the track was divided by channel
    std::string name;
    std::vector<SmfNote> notes;  // by onset, never empty
};

[[nodiscard]] std::vector<Voice> voices_of(const Smf& smf);

// The voice that a corpus index names: "4" is MTrk chunk 4, "ch4" is MIDI channel 4 counted from 1.
[[nodiscard]] std::optional<Voice> voice_by_reference(const Smf& smf, std::string_view reference);

// One pitch, or little else: a drum that is not on the drum channel, a drone, an effect.
[[nodiscard]] bool is_monotone(std::span<const SmfNote> notes);

// Of the voices with a tune, the one that calls itself the melody, else the most melodic one:
// few chords, many pitches, above middle C, heard through most of the piece.
[[nodiscard]] Result<Voice> find_melody(const Smf& smf);

// One note at a time: of notes struck together the highest stays, a lower one under a longer held
// higher one is dropped, and a note ends where the next begins.
[[nodiscard]] std::vector<SmfNote> skyline(const std::vector<SmfNote>& notes,
                                           std::uint16_t ticks_per_beat);

}  // namespace fusion
