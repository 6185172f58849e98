#include "engine/model/recall.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fusion {
namespace {

constexpr float kShared = 0.5F;

bool share_half(const Blend& a, const Blend& b) {
    float shared = 0.0F;
    for (std::size_t g = 0; g < kMaxGenres; ++g) shared += std::min(a.share[g], b.share[g]);
    return shared >= kShared - 1e-4F;
}

std::uint8_t strength_of(std::size_t length, bool aligned) {
    constexpr std::array<std::size_t, 12> kFrom{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49};
    const auto* above = std::upper_bound(kFrom.begin(), kFrom.end(), length);
    const auto rank = static_cast<std::size_t>(above - kFrom.begin());  // 0 for length 0
    if (rank == 0) return 0;
    return static_cast<std::uint8_t>(2 * rank - (aligned ? 0 : 1));
}

std::uint8_t distance_of(std::int64_t cells, std::int64_t bar) {
    constexpr std::array<std::int64_t, 7> kBeyond{1, 2, 3, 5, 9, 17, 33};  // bars
    const auto* above = std::upper_bound(kBeyond.begin(), kBeyond.end(), (cells + bar / 2) / bar);
    return static_cast<std::uint8_t>(1 + (above - kBeyond.begin()));
}

}  // namespace

std::int64_t usual_bar(MeterClass meter) {
    switch (meter) {
        case MeterClass::quadruple: return 48;
        case MeterClass::triple:
        case MeterClass::compound: return 36;
        case MeterClass::other: break;
    }
    return 60;  // five beats
}

LineMemory::LineMemory(const Vocabulary& vocabulary) : vocabulary_{&vocabulary} {}

void LineMemory::push(EventId event, std::uint8_t position, const Blend& blend) {
    // Trimmed seldom, and never what a pop() followed by a look of kReach could still see.
    constexpr std::size_t kKept = kReach + kLongestPassage + kMostPopped;
    if (entries_.size() >= 2 * kKept)
        entries_.erase(entries_.begin(), entries_.end() - static_cast<std::ptrdiff_t>(kKept));
    if (entries_.empty()) blends_.clear();
    if (blends_.size() >= 4 * kKept) {
        const auto unused = entries_.front().blend;
        blends_.erase(blends_.begin(), blends_.begin() + unused);
        for (Entry& entry : entries_) entry.blend -= unused;
    }
    if (!entries_.empty()) blends_.resize(entries_.back().blend + 1);  // those of popped events go
    if (blends_.empty() || blends_.back() != blend) blends_.push_back(blend);

    const Event& what = (*vocabulary_)[event];
    const std::int64_t onset =
        entries_.empty() ? position : entries_.back().onset + entries_.back().length;
    entries_.push_back({event, position,
                        static_cast<std::int16_t>(what.is_rest() ? -1 : int{what.pitch->count()}),
                        static_cast<std::int16_t>(what.duration.count()), onset,
                        static_cast<std::uint32_t>(blends_.size() - 1)});
}

void LineMemory::pop(std::size_t count) {
    assert(count <= entries_.size());
    entries_.resize(entries_.size() - count);
}

void LineMemory::clear() { entries_.clear(); }

// Which entries were made under a blend like the newest's.
std::vector<char> LineMemory::alike() const {
    std::vector<char> like(blends_.size());
    for (std::size_t b = 0; b < blends_.size(); ++b)
        like[b] = share_half(blends_[b], blends_[entries_.back().blend]) ? 1 : 0;
    std::vector<char> may(entries_.size(), 0);
    const std::size_t first = entries_.size() - std::min(entries_.size(), kReach);
    for (std::size_t i = first; i < entries_.size(); ++i) may[i] = like[entries_[i].blend];
    return may;
}

// How many events up to `end` (exclusive) are those that the line ends with.
std::size_t LineMemory::same_until(std::size_t end) const {
    std::size_t n = 0;
    while (n < end && n < kLongestPassage &&
           entries_[end - 1 - n].event == entries_[entries_.size() - 1 - n].event)
        ++n;
    return n;
}

// The same for events of the same lengths.
std::size_t LineMemory::same_rhythm_until(std::size_t end) const {
    std::size_t n = 0;
    for (; n < end && n < kLongestPassage; ++n) {
        const Entry& then = entries_[end - 1 - n];
        const Entry& now = entries_[entries_.size() - 1 - n];
        if (then.length != now.length || (then.pitch < 0) != (now.pitch < 0)) break;
    }
    return n;
}

// The same for events of the same lengths whose notes lie `shift` below the line's, not 0.
std::size_t LineMemory::transposed_until(std::size_t end, int& shift) const {
    std::size_t n = 0;
    shift = 0;
    for (; n < end && n < kLongestPassage; ++n) {
        const Entry& then = entries_[end - 1 - n];
        const Entry& now = entries_[entries_.size() - 1 - n];
        if (then.length != now.length || (then.pitch < 0) != (now.pitch < 0)) break;
        if (now.pitch < 0) continue;
        const int apart = now.pitch - then.pitch;
        if (apart == 0 || (shift != 0 && apart != shift)) break;
        shift = apart;
    }
    return shift == 0 ? 0 : n;
}

// Of the passages of `least` events or more the longest; of those, one whose follower stood here in
// the bar; of those, the newest.
template <class Measure>
LineMemory::Passage LineMemory::longest(std::uint8_t position, const std::vector<char>& may,
                                        std::size_t least, Measure measure) const {
    Passage best;
    for (std::size_t follower = entries_.size() - 1; follower > 0; --follower) {
        if (may[follower] == 0) {
            if (follower + kReach < entries_.size()) break;
            continue;
        }
        Passage found{follower, 0, entries_[follower].position == position, 0};
        found.length = measure(follower, found.shift);
        if (found.length < least) continue;
        if (found.length > best.length ||
            (found.length == best.length && found.aligned && !best.aligned))
            best = found;
    }
    return best;
}

// A passage that is longer than the way back to its follower overlaps itself: the line goes round.
std::size_t LineMemory::rounds_of(const Passage& passage) const {
    return passage.length / (entries_.size() - passage.follower);
}

EventId LineMemory::began_at(std::int64_t onset, const std::vector<char>& may) const {
    const auto at = std::lower_bound(entries_.begin(), entries_.end(), onset,
                                     [](const Entry& e, std::int64_t t) { return e.onset < t; });
    if (at == entries_.end() || at->onset != onset) return kNothingRecalled;
    return may[static_cast<std::size_t>(at - entries_.begin())] != 0 ? at->event : kNothingRecalled;
}

void LineMemory::tell_register(Recall& recall, const std::vector<char>& may) const {
    double events = 0.0, notes = 0.0, sum = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (may[i] == 0) continue;
        events += 1.0;
        if (entries_[i].pitch < 0) continue;
        const double pitch = entries_[i].pitch;
        notes += 1.0;
        sum += pitch;
        squares += pitch * pitch;
    }
    const auto class_of = [](double value, std::size_t classes) {
        return static_cast<std::uint8_t>(
            std::clamp(std::lround(value), 1L, static_cast<long>(classes) - 1));
    };
    if (events > 0.0) recall.age = class_of(1.0 + std::floor(std::log2(events)), kRecallAges);
    if (notes == 0.0 || recall.last_pitch == kNoPitch) return;
    const double mean = sum / notes;
    const double deviation = std::sqrt(std::max(0.0, squares / notes - mean * mean));
    recall.height =
        class_of(kRecallHeights / 2.0 + (recall.last_pitch - mean) / 2.0, kRecallHeights);
    recall.spread = class_of(1.0 + deviation, kRecallSpreads);
}

Recall LineMemory::recall(std::uint8_t position, MeterClass meter) const {
    Recall recall;
    if (entries_.empty()) return recall;
    const auto may = alike();
    const auto to = [&](RecallSlot slot) -> EventId& {
        return recall.event[static_cast<std::size_t>(slot)];
    };

    const auto note = std::find_if(entries_.rbegin(), entries_.rend(),
                                   [](const Entry& entry) { return entry.pitch >= 0; });
    if (note != entries_.rend()) recall.last_pitch = static_cast<std::uint8_t>(note->pitch);
    tell_register(recall, may);

    const std::int64_t now = entries_.back().onset + entries_.back().length;
    const std::int64_t bar = usual_bar(meter);
    const Passage repeat = longest(
        position, may, 1, [this](std::size_t follower, int&) { return same_until(follower); });
    if (repeat.length > 0) {
        const std::size_t rounds = rounds_of(repeat);
        const std::int64_t span = now - entries_[entries_.size() - repeat.length].onset;
        if (rounds >= kMostRounds && span >= static_cast<std::int64_t>(kMostRounds) * bar)
            return recall;
        const Entry& follower = entries_[repeat.follower];
        to(RecallSlot::repeat) = follower.event;
        recall.repeat_strength = strength_of(repeat.length, repeat.aligned);
        recall.repeat_distance = distance_of(now - follower.onset, bar);
        recall.repeat_rounds = static_cast<std::uint8_t>(std::min(rounds, kRecallRounds - 1));
    }
    // One note alone is transposed by anything.
    const Passage sequence = longest(position, may, 2, [this](std::size_t follower, int& shift) {
        return transposed_until(follower, shift);
    });
    if (sequence.length > 0) {
        Event said = (*vocabulary_)[entries_[sequence.follower].event];
        const int pitch = said.is_rest() ? 0 : int{said.pitch->count()} + sequence.shift;
        if (!said.is_rest()) said.pitch = Pitch{static_cast<std::uint8_t>(pitch & 0xFF)};
        if (const auto event = vocabulary_->find(said)) {
            to(RecallSlot::sequence) = *event;
            recall.sequence_strength = strength_of(sequence.length, sequence.aligned);
        }
    }
    const Passage rhythm = longest(position, may, 2, [this](std::size_t follower, int&) {
        return same_rhythm_until(follower);
    });
    if (rhythm.length > 0) {
        to(RecallSlot::rhythm) = entries_[rhythm.follower].event;
        recall.rhythm_strength = strength_of(rhythm.length, rhythm.aligned);
    }
    to(RecallSlot::bar_1) = began_at(now - bar, may);
    to(RecallSlot::bar_2) = began_at(now - 2 * bar, may);
    to(RecallSlot::bar_4) = began_at(now - 4 * bar, may);
    to(RecallSlot::bar_8) = began_at(now - 8 * bar, may);
    to(RecallSlot::bar_16) = began_at(now - 16 * bar, may);
    return recall;
}

std::optional<EventId> LineMemory::began_ago(Cells back) const {
    if (entries_.empty()) return std::nullopt;
    const std::int64_t now = entries_.back().onset + entries_.back().length;
    const EventId event = began_at(now - back.count(), alike());
    return event == kNothingRecalled ? std::nullopt : std::optional{event};
}

std::optional<EventId> LineMemory::worn_out(std::uint8_t position, MeterClass meter) const {
    if (entries_.empty()) return std::nullopt;
    const std::int64_t bar = usual_bar(meter);
    const std::int64_t now = entries_.back().onset + entries_.back().length;
    // This bar so far, and all before it but the first of them, are as a bar earlier.
    const std::int64_t since = now - position % bar - (kMostSameBars - 1) * bar;
    const auto at = [this](std::int64_t onset) {
        return std::lower_bound(entries_.begin(), entries_.end(), onset,
                                [](const Entry& e, std::int64_t t) { return e.onset < t; });
    };
    if (entries_.front().onset > since - bar) return std::nullopt;
    auto then = at(since - bar);
    auto event = at(since);
    for (; event != entries_.end(); ++event, ++then)
        if (event->event != then->event || event->onset - bar != then->onset) return std::nullopt;
    if (then->onset != now - bar) return std::nullopt;
    return then->event;
}

std::vector<Recall> recall_along(std::span<const EventId> events,
                                 std::span<const std::uint8_t> positions,
                                 std::span<const std::uint8_t> meters,
                                 const Vocabulary& vocabulary) {
    LineMemory memory{vocabulary};
    Blend all_one;
    all_one.share[0] = 1.0F;
    std::vector<Recall> recalls;
    recalls.reserve(events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        recalls.push_back(memory.recall(positions[i], static_cast<MeterClass>(meters[i])));
        memory.push(events[i], positions[i], all_one);
    }
    return recalls;
}

}  // namespace fusion
