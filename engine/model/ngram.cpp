#include "engine/model/ngram.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "engine/model/bytes.hpp"

namespace fusion {
namespace {

constexpr std::size_t kContext = NgramModel::kOrder - 1;
constexpr std::uint64_t kMaxGrams = 8'000'000;

// 13 bits hold Vocabulary::kMaxSize events and the start mark; four of them and the length fit.
constexpr unsigned kEventBits = 13;

// `newest_first`: the events of the context, the latest one first.
std::uint64_t context_key(std::span<const EventId> newest_first) {
    std::uint64_t key = newest_first.size();
    for (const EventId event : newest_first) key = (key << kEventBits) | event;
    return key;
}

}  // namespace

std::vector<NgramModel::Gram> NgramModel::count_grams(
    std::span<const std::vector<EventId>> sequences, EventId start) {
    std::vector<Gram> grams;
    for (const auto& sequence : sequences) {
        Gram gram{};
        gram.events.fill(start);
        gram.count = 1;
        for (const EventId event : sequence) {
            std::rotate(gram.events.begin(), gram.events.begin() + 1, gram.events.end());
            gram.events.back() = event;
            grams.push_back(gram);
        }
    }
    std::sort(grams.begin(), grams.end(),
              [](const Gram& a, const Gram& b) { return a.events < b.events; });
    std::size_t kept = 0;
    for (const Gram& gram : grams) {
        if (kept > 0 && grams[kept - 1].events == gram.events)
            grams[kept - 1].count += gram.count;
        else
            grams[kept++] = gram;
    }
    grams.resize(kept);
    return grams;
}

NgramModel NgramModel::fit(std::span<const std::vector<EventId>> sequences,
                           std::size_t vocabulary_size, const Strengths& strengths) {
    NgramModel model;
    model.vocabulary_size_ = vocabulary_size;
    model.strengths_ = strengths;
    model.grams_ = count_grams(sequences, model.start_mark());
    model.index_grams();
    return model;
}

void NgramModel::index_grams() {
    struct Count {
        std::uint64_t key;
        EventId event;
        std::uint32_t count;
    };
    contexts_.clear();
    followers_.clear();
    for (std::size_t length = 0; length <= kContext; ++length) {
        std::vector<Count> counts;
        counts.reserve(grams_.size());
        std::array<EventId, kContext> newest_first{};
        for (const Gram& gram : grams_) {
            for (std::size_t i = 0; i < length; ++i)
                newest_first[i] = gram.events[kContext - 1 - i];
            counts.push_back(
                {context_key({newest_first.data(), length}), gram.events.back(), gram.count});
        }
        std::sort(counts.begin(), counts.end(), [](const Count& a, const Count& b) {
            return std::tie(a.key, a.event) < std::tie(b.key, b.event);
        });
        for (std::size_t i = 0; i < counts.size(); ++i) {
            const bool new_context = i == 0 || counts[i].key != counts[i - 1].key;
            if (new_context)
                contexts_.push_back(
                    {counts[i].key, static_cast<std::uint32_t>(followers_.size()), 0});
            if (new_context || counts[i].event != counts[i - 1].event)
                followers_.push_back({counts[i].event, 0});
            followers_.back().count += counts[i].count;
            contexts_.back().total += counts[i].count;
        }
    }
}

template <class Each>
void NgramModel::levels(std::span<const EventId> history, Each each) const {
    std::array<EventId, kContext> newest_first{};
    for (std::size_t i = 0; i < kContext; ++i)
        newest_first[i] = i < history.size() ? history[history.size() - 1 - i] : start_mark();

    // Keys grow with the length first, so contexts_ is sorted by key as a whole.
    for (std::size_t length = 0; length <= kContext; ++length) {
        const auto key = context_key({newest_first.data(), length});
        const auto it =
            std::lower_bound(contexts_.begin(), contexts_.end(), key,
                             [](const Context& c, std::uint64_t k) { return c.key < k; });
        if (it == contexts_.end() || it->key != key) return;
        const auto end =
            std::next(it) == contexts_.end() ? followers_.size() : std::next(it)->first;
        const std::size_t distinct = end - it->first;
        const double reserve = strengths_[length] * static_cast<double>(distinct);
        const double scale = 1.0 / (static_cast<double>(it->total) + reserve);
        each(Level{std::span{followers_}.subspan(it->first, distinct), reserve * scale, scale});
    }
}

void NgramModel::distribution(std::span<const EventId> history, std::span<float> out) const {
    std::fill(out.begin(), out.end(), 1.0F / static_cast<float>(vocabulary_size_));
    levels(history, [&](const Level& level) {
        const auto lower = static_cast<float>(level.lower);
        for (float& p : out) p *= lower;
        for (const Follower& follower : level.followers)
            out[follower.event] += static_cast<float>(follower.count * level.scale);
    });
}

double NgramModel::probability(std::span<const EventId> history, EventId event) const {
    double p = 1.0 / static_cast<double>(vocabulary_size_);
    levels(history, [&](const Level& level) {
        p *= level.lower;
        const auto at = std::lower_bound(
            level.followers.begin(), level.followers.end(), event,
            [](const Follower& follower, EventId wanted) { return follower.event < wanted; });
        if (at != level.followers.end() && at->event == event) p += at->count * level.scale;
    });
    return p;
}

void NgramModel::serialise(std::vector<std::uint8_t>& out) const {
    put_varint(out, vocabulary_size_);
    for (const double strength : strengths_) put(out, strength);
    put_varint(out, grams_.size());
    std::array<EventId, kOrder> before{};
    for (const Gram& gram : grams_) {
        // How many leading events are the last gram's again, then how far the next one moved on,
        // then the rest whole.
        std::size_t same = 0;
        while (same + 1 < kOrder && gram.events[same] == before[same]) ++same;
        out.push_back(static_cast<std::uint8_t>(same));
        put_varint(out, static_cast<std::uint64_t>(gram.events[same] - before[same]));
        for (std::size_t i = same + 1; i < kOrder; ++i) put_varint(out, gram.events[i]);
        put_varint(out, gram.count);
        before = gram.events;
    }
}

Result<NgramModel> NgramModel::parse(std::span<const std::uint8_t>& bytes) {
    ByteReader in{bytes};
    NgramModel model;
    model.vocabulary_size_ = in.varint();
    for (double& strength : model.strengths_) strength = in.read<double>();
    const auto count = in.varint();
    const auto malformed = [&](const char* what) {
        return fail(Error::Code::malformed,
                    fmt::format("n-gram table: {} at byte {}", what, in.at()));
    };
    if (in.failed()) return malformed("ends in its head");
    if (model.vocabulary_size_ == 0 || model.vocabulary_size_ > Vocabulary::kMaxSize)
        return malformed("vocabulary size out of range");
    for (const double strength : model.strengths_)
        if (!(strength > 0.0 && strength < 1e6)) return malformed("smoothing out of range");
    if (count > kMaxGrams || count > in.left())
        return malformed("more entries than the file can hold");

    model.grams_.reserve(count);
    std::array<EventId, kOrder> events{};
    for (std::uint64_t n = 0; n < count; ++n) {
        const auto same = in.read<std::uint8_t>();
        if (same >= kOrder) return malformed("an entry out of order");
        std::uint64_t next = events[same] + in.varint();
        for (std::size_t i = same;; next = in.varint()) {
            const bool is_context = i < kContext;
            if (next > model.vocabulary_size_ || (!is_context && next == model.vocabulary_size_))
                return malformed("an event that the vocabulary does not have");
            events[i] = static_cast<EventId>(next);
            if (++i == kOrder) break;
        }
        const auto times = in.varint();
        if (in.failed()) return malformed("ends within an entry");
        if (times == 0 || times > 0xFFFFFFFFU) return malformed("a count out of range");
        if (n > 0 && !(model.grams_.back().events < events))
            return malformed("an entry out of order");
        model.grams_.push_back({events, static_cast<std::uint32_t>(times)});
    }
    bytes = bytes.subspan(in.at());
    model.index_grams();
    return model;
}

}  // namespace fusion
