// A session written down: one change a line, as a person writes it by hand and as
// `fusiond render --session` plays it. fusiond's tests of whole sessions are such files.
//
//   # What follows a hash that begins a word is a remark.
//   0      seed 7
//   0      weights 10 0 0
//   4      weight/pop 8 16       # after four bars, over 16 beats
//   6:2.5  scene/recall "my verse" 4
//   16     end
//
// First the place: the bars that have passed, and after a colon the beats into the next one. They
// are those of the recording and go on while the transport stands; a change of metre holds from the
// next bar line on. Nothing before the colon: the beats since the beginning, whatever the metre
// (:26.5), for what a program writes; a session counts in one of the two ways. Then a path of OSC
// without its root, then OSC's arguments: what reads as a number is one, the rest is text, in
// quotes where it has a blank. Lines may stand in any order; of those at one place the first comes
// first. `end` says how long it is.
//
// Two words are no paths of OSC, but what other hands do: `held Dm7`, the chord that is held on a
// keyboard (none: nothing is); `finish_at 64`, the beat of the line that `finish` has found.
//
// OSC's own words, since who steers by hand knows them already; TOML would need four lines for
// each. Thread: any. Errors: malformed, with the file and the line.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/units.hpp"
#include "osc/message.hpp"

namespace fusion {

struct SessionPlace {
    enum class Count : std::uint8_t { bars, beats };
    std::int64_t bar = 0;       // from 0
    Ticks into{0};              // after its beginning
    Count count = Count::bars;  // beats: `into` the whole, and no bar is said
    friend auto operator<=>(const SessionPlace&, const SessionPlace&) = default;
};

struct SessionChange {
    SessionPlace at;
    OscMessage says;
    std::string from;  // how it is called where it is refused: "FILE:3: tempo 9000"
};

struct SessionLog {
    std::vector<SessionChange> changes;
    std::optional<std::int64_t> bars;  // of `end`
    std::optional<Ticks> length;       // of an `end` that is counted in beats
};

// `name` is what messages call the file.
[[nodiscard]] Result<SessionLog> parse_session(std::string_view text, std::string_view name);

// The same from the words of `--at`, where a weight may also be said as `weight jazz=0`.
[[nodiscard]] Result<SessionChange> parse_at(std::int64_t bar, const std::string& path,
                                             const std::string& value);

}  // namespace fusion
