// The kinds of mend, and the list of them that the parts of the reader share.
// Who calls: smf_reader.cpp, smf_track.cpp, smf_time.cpp. Thread: any. Errors: none.
#pragma once

#include <algorithm>

#include <fmt/format.h>

#include "engine/corpus/smf.hpp"

namespace fusion::mend {

inline constexpr std::string_view kWrapper = "in a RIFF wrapper";
inline constexpr std::string_view kBefore = "bytes before the header";
inline constexpr std::string_view kNoHeader = "no header";
inline constexpr std::string_view kFormat = "an unknown format";
inline constexpr std::string_view kFrames = "timed in SMPTE frames";
inline constexpr std::string_view kDivision = "an unknown division";
inline constexpr std::string_view kNoChunk = "bytes between the chunks";
inline constexpr std::string_view kSecondFile = "a second file after the first";
inline constexpr std::string_view kTrackCount = "another number of tracks than it says";
inline constexpr std::string_view kTooManyTracks = "too many tracks";
inline constexpr std::string_view kPastTheFile = "a track longer than the file";
inline constexpr std::string_view kTrackLength = "a track of another length than it says";
inline constexpr std::string_view kNoEnd = "a track without an end";
inline constexpr std::string_view kCutOff = "cut off";
inline constexpr std::string_view kTooManyMessages = "too many messages";
inline constexpr std::string_view kSystem = "clock or system bytes in a track";
inline constexpr std::string_view kRunning = "running status past a meta or sysex";
inline constexpr std::string_view kSysex = "a sysex without its length";
inline constexpr std::string_view kDataByte = "a data byte above 127";
inline constexpr std::string_view kLongNumber = "a number of more than four bytes";
inline constexpr std::string_view kNoEvent = "bytes that are no event";

// The first of each kind, so that a file of nothing but faults makes no long list.
class Mends {
public:
    template <class... Args>
    void add(std::string_view kind, fmt::format_string<Args...> where, Args&&... args) {
        const auto same = [kind](const SmfMend& known) { return known.kind == kind; };
        if (std::none_of(all_.begin(), all_.end(), same))
            all_.push_back({kind, fmt::format(where, std::forward<Args>(args)...)});
    }
    void add_at(std::string_view kind, std::size_t byte) { add(kind, "byte {}", byte); }

    [[nodiscard]] std::vector<SmfMend> take() { return std::move(all_); }

private:
    std::vector<SmfMend> all_;
};

}  // namespace fusion::mend
