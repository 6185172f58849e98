// One MTrk chunk's events.
// Who calls: smf_reader.cpp. Thread: any. Errors: none, they are mends.
#pragma once

#include <cstdint>
#include <span>

#include "engine/corpus/smf.hpp"
#include "engine/corpus/smf_mends.hpp"

namespace fusion {

struct TrackExtent {
    std::size_t from;
    std::size_t to;
};

struct TrackEnd {
    enum class How : std::uint8_t {
        said,    // by its end-of-track event
        silent,  // the chunk ended, and the last event with it
        cut,     // the chunk ended within an event
        given_up
    };
    How how;
    std::size_t at;  // the byte in the file
};

// Reads `extent` of `file` into `track`; `messages_left` counts down over all tracks of a file.
TrackEnd read_track(std::span<const std::uint8_t> file, TrackExtent extent, SmfTrack& track,
                    std::size_t& messages_left, mend::Mends& mends);

}  // namespace fusion
