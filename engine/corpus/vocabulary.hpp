// The events a line is made of: (pitch or rest, duration), each known by its number. The vocabulary
// is learned from the corpus (some 500 events) and travels in the bundle.
// Thread: any (immutable once made). Errors: make() refuses an empty or oversized list and an event
// that is there twice or cannot be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/base/units.hpp"
#include "engine/music/meter.hpp"

namespace fusion {

using EventId = std::uint16_t;

inline constexpr Cells kMaxEventCells{48};

struct Event {
    std::optional<Pitch> pitch;  // none is a rest
    Cells duration{0};           // to the start of the next event, 1 to kMaxEventCells

    [[nodiscard]] bool is_rest() const { return !pitch.has_value(); }
    friend auto operator<=>(const Event&, const Event&) = default;
};

// The durations an event may have, in cells: 1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 36, 48.
[[nodiscard]] std::span<const Cells> duration_classes();

class Vocabulary {
public:
    static constexpr std::size_t kMaxSize = 4096;

    // Event i gets number i.
    static Result<Vocabulary> make(std::vector<Event> events);
    // The `size` most frequent events of `counts`, in order of (rest first, pitch, duration);
    // always with a rest of every duration class.
    static Result<Vocabulary> learn(const std::map<Event, std::uint64_t>& counts, std::size_t size);

    [[nodiscard]] std::size_t size() const { return events_.size(); }
    [[nodiscard]] const Event& operator[](EventId id) const { return events_[id]; }
    [[nodiscard]] std::span<const Event> events() const { return events_; }

    [[nodiscard]] std::optional<EventId> find(const Event& event) const;
    // The event itself, else the same pitch with the nearest duration, else the same pitch class in
    // the nearest octave, else the nearest rest.
    [[nodiscard]] EventId nearest(const Event& event) const;

private:
    std::vector<Event> events_;
    std::map<Event, EventId> ids_;
};

}  // namespace fusion
