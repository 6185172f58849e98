#include "engine/train/memory_ngram.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fusion::train {

namespace {

// By length of context.
constexpr std::array<double, MemoryNgram::kLongest + 1> kStrengths{8, 4, 4, 2, 2, 4, 4, 4, 1};

// An interval's symbol is its semitones, from kMiddle, and its duration; a rest has kRest.
constexpr int kMiddle = 128, kRest = 0;
constexpr int kDurations = 64;
static_assert(kMaxEventCells.count() < kDurations);

}  // namespace

MemoryNgram::MemoryNgram(const NgramModel& long_term, const Vocabulary& vocabulary)
    : long_term_{long_term}, vocabulary_{vocabulary} {}

MemoryNgram::Symbol MemoryNgram::interval_of(const Event& event) const {
    const int tone = event.pitch ? kMiddle + event.pitch->count() - last_pitch_ : kRest;
    return tone * kDurations + static_cast<int>(event.duration.count());
}

bool MemoryNgram::is_in_reach(Symbol interval) const {
    Event event{std::nullopt, Cells{interval % kDurations}};
    if (const int tone = interval / kDurations; tone != kRest) {
        const int pitch = tone - kMiddle + last_pitch_;
        if (pitch < 0 || pitch > 127) return false;
        event.pitch = Pitch{static_cast<std::uint8_t>(pitch)};
    }
    return vocabulary_.find(event).has_value();
}

void MemoryNgram::Reading::heard(Symbol symbol) {
    std::size_t at = 0;
    ++contexts[at].followers[symbol];
    const std::size_t longest = std::min(piece.size(), kLongest);
    for (std::size_t length = 1; length <= longest; ++length) {
        const auto [next, is_new] =
            contexts[at].longer.try_emplace(piece[piece.size() - length], contexts.size());
        at = next->second;
        if (is_new) contexts.emplace_back();
        ++contexts[at].followers[symbol];
    }
    piece.push_back(symbol);
}

template <class CanCome>
double MemoryNgram::Reading::over(double p, Symbol symbol, CanCome can_come) const {
    const std::size_t longest = std::min(piece.size(), kLongest);
    std::size_t at = 0;
    for (std::size_t length = 0;; ++length) {
        double total = 0.0, distinct = 0.0, count = 0.0;
        for (const auto& [follower, times] : contexts[at].followers) {
            if (!can_come(follower)) continue;
            total += times;
            distinct += 1.0;
            if (follower == symbol) count = times;
        }
        const double reserve = kStrengths[length] * distinct;
        if (distinct > 0.0) p = (count + reserve * p) / (total + reserve);
        if (length == longest) return p;
        const auto next = contexts[at].longer.find(piece[piece.size() - length - 1]);
        if (next == contexts[at].longer.end()) return p;
        at = next->second;
    }
}

double MemoryNgram::probability(EventId event) const {
    const double p = long_term_.probability(piece_, event);
    const double by_events = events_.over(p, event, [](Symbol) { return true; });
    const double by_intervals =
        intervals_.over(p, interval_of(vocabulary_[event]),
                        [this](Symbol interval) { return is_in_reach(interval); });
    return 0.5 * (by_events + by_intervals);
}

void MemoryNgram::heard(EventId id) {
    const Event& event = vocabulary_[id];
    piece_.push_back(id);
    events_.heard(id);
    intervals_.heard(interval_of(event));
    if (event.pitch) last_pitch_ = event.pitch->count();
}

double cross_entropy(const NgramModel& long_term, const Vocabulary& vocabulary,
                     const std::vector<EventId>& line) {
    MemoryNgram model{long_term, vocabulary};
    double sum = 0.0;
    for (const EventId event : line) {
        sum -= std::log(model.probability(event));
        model.heard(event);
    }
    return sum;
}

}  // namespace fusion::train
