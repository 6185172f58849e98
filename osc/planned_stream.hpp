// What comes next, for a live piano roll: the uncommitted steps of the line, and what each genre
// proposes there, as they change.
//
//   /fusiond/planned i revision, then f position, f duration, i pitch, i velocity for each step
//   /fusiond/planned/<genre>    the same of what the genre's own network would have there; a step
//                               without a proposal is left out
//
// Position and duration in beats, counted as /fusiond/beat and /fusiond/note count them, on the
// straight grid: swing and lean are the port's. Pitch and velocity as the port would get them,
// after key, scale, transposition, octave and register; a rest is pitch -1, velocity 0. Mute is not
// looked at: the line goes on under it. The revision is the newest that a step obeys; it grows when
// the line is made again.
//
// A message is sent where it differs from the one before, at most each 50 ms; in between it may
// have become another. A step that was told as played is never in it. Thread: control. Errors:
// none.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/units.hpp"
#include "engine/realtime/crossing/planned_tail.hpp"
#include "engine/realtime/crossing/played_event.hpp"
#include "osc/message.hpp"

namespace fusion {

// Places and lengths in the music.
[[nodiscard]] inline float osc_beats(Ticks ticks) {
    return static_cast<float>(ticks.count()) / static_cast<float>(kTicksPerBeat.count());
}

class PlannedStream {
public:
    static constexpr Nanos kPace{std::chrono::milliseconds{50}};

    explicit PlannedStream(std::span<const std::string> genres);

    // The line first, then the genres.
    [[nodiscard]] std::span<const std::string> paths() const { return paths_; }
    [[nodiscard]] bool has(std::string_view path) const;

    void played(const PlayedEvent& event) { line_at_ = std::max(line_at_, event.line_at); }
    // Somebody does not know any of it yet.
    void tell_all();
    // Nobody wants it: this tail is old when somebody does.
    void rest(const PlannedTail& tail) { rested_at_ = tail.serial; }

    // Sends what is new in `tail`. True: something may be, and its time has not come.
    bool turn(const PlannedTail& tail, TimePoint now,
              const std::function<void(const OscMessage&)>& send);

private:
    [[nodiscard]] OscMessage message(const PlannedTail& tail, std::size_t path) const;

    std::vector<std::string> paths_;
    std::vector<OscMessage> told_;  // by path; empty: not yet
    LinePlace line_at_;             // all before it is committed
    std::uint64_t rested_at_ = 0;
    std::uint64_t looked_at_ = 0;  // the serial of the last tail that was sent
    LinePlace looked_from_;
    TimePoint next_{};
};

}  // namespace fusion
