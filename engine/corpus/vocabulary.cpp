#include "engine/corpus/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <tuple>

#include <fmt/format.h>

namespace fusion {
namespace {

constexpr std::array kClasses{Cells{1},  Cells{2},  Cells{3},  Cells{4},  Cells{6},
                              Cells{8},  Cells{9},  Cells{12}, Cells{16}, Cells{18},
                              Cells{24}, Cells{36}, Cells{48}};

std::string text_of(const Event& event) {
    if (event.is_rest()) return fmt::format("rest of {} cells", event.duration.count());
    return fmt::format("pitch {} of {} cells", event.pitch->count(), event.duration.count());
}

bool possible(const Event& event) {
    return event.duration >= Cells{1} && event.duration <= kMaxEventCells &&
           (event.is_rest() || event.pitch->count() <= 127);
}

}  // namespace

std::span<const Cells> duration_classes() { return kClasses; }

Result<Vocabulary> Vocabulary::make(std::vector<Event> events) {
    if (events.empty()) return fail(Error::Code::malformed, "the vocabulary is empty");
    if (events.size() > kMaxSize)
        return fail(Error::Code::out_of_range,
                    fmt::format("a vocabulary of {} events: at most {} are allowed", events.size(),
                                kMaxSize));
    Vocabulary vocabulary;
    for (const auto& event : events) {
        if (!possible(event))
            return fail(
                Error::Code::malformed,
                fmt::format("the vocabulary holds an impossible event: {}", text_of(event)));
        const auto id = static_cast<EventId>(vocabulary.ids_.size());
        if (!vocabulary.ids_.emplace(event, id).second)
            return fail(Error::Code::malformed,
                        fmt::format("the vocabulary holds an event twice: {}", text_of(event)));
    }
    vocabulary.events_ = std::move(events);
    return vocabulary;
}

Result<Vocabulary> Vocabulary::learn(const std::map<Event, std::uint64_t>& counts,
                                     std::size_t size) {
    if (size < kClasses.size() || size > kMaxSize)
        return fail(Error::Code::out_of_range,
                    fmt::format("a vocabulary of {} events was asked for: choose {} to {}", size,
                                kClasses.size(), kMaxSize));
    std::vector<Event> events;
    events.reserve(size);
    for (const auto duration : kClasses) events.push_back({std::nullopt, duration});

    std::vector<std::pair<std::uint64_t, Event>> ranked;
    for (const auto& [event, count] : counts) {
        const bool there = std::find(events.begin(), events.end(), event) != events.end();
        if (count > 0 && !there) ranked.emplace_back(count, event);
    }
    std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
        return std::tie(b.first, a.second) < std::tie(a.first, b.second);
    });
    ranked.resize(std::min(ranked.size(), size - events.size()));
    for (const auto& [count, event] : ranked) events.push_back(event);
    std::sort(events.begin(), events.end());
    return make(std::move(events));
}

std::optional<EventId> Vocabulary::find(const Event& event) const {
    const auto found = ids_.find(event);
    if (found == ids_.end()) return std::nullopt;
    return found->second;
}

EventId Vocabulary::nearest(const Event& event) const {
    if (const auto exact = find(event)) return *exact;
    // Smaller is nearer: the kind of likeness, then octaves away, then cells away, then the number.
    using Distance = std::tuple<int, int, int, EventId>;
    constexpr int kNone = 3;
    Distance best{kNone, 0, 0, 0};
    for (std::size_t i = 0; i < events_.size(); ++i) {
        const auto& other = events_[i];
        const auto id = static_cast<EventId>(i);
        const int cells = std::abs(other.duration.count() - event.duration.count());
        if (other.is_rest()) {
            best = std::min(best, Distance{event.is_rest() ? 0 : 2, 0, cells, id});
        } else if (!event.is_rest()) {
            const int apart = std::abs(int{other.pitch->count()} - int{event.pitch->count()});
            if (apart == 0) best = std::min(best, Distance{0, 0, cells, id});
            if (apart != 0 && apart % 12 == 0)
                best = std::min(best, Distance{1, apart / 12, cells, id});
        }
    }
    return std::get<EventId>(best);
}

}  // namespace fusion
