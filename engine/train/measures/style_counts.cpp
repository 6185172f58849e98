#include "engine/train/measures/style_counts.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fusion::train {
namespace {

constexpr double kInertia = 8.0;     // A
constexpr double kOwnShorter = 0.8;  // L
constexpr std::uint32_t kUnheard = ~std::uint32_t{0};

// SplitMix64's finish. Two n-grams of one number are expected once in 10^7 corpora of 10^6.
std::uint64_t mixed(std::uint64_t z) {
    z += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

}  // namespace

StyleCounts::StyleCounts(View view, std::size_t genres) : view_{view}, genres_{genres} {
    const NoteLine one{{LineNote{Cells{0}, Cells{1}, Pitch{60}}}};
    orders_ = hear(view, one, 0).depth + 1;
}

template <class Number>
NgramTrace StyleCounts::trace(const NoteLine& line, Number number) const {
    NgramTrace out;
    out.ngrams.reserve(line.size() * orders_);
    for (std::size_t i = 0; i < line.size(); ++i) {
        const Heard heard = hear(view_, line, i);
        std::uint64_t context = 0;
        for (std::size_t order = 0; order < orders_; ++order) {
            if (order > 0) context = mixed(context + heard.context[order - 1] + 1);
            out.ngrams.push_back(number(context, mixed(~context + heard.symbol)));
        }
    }
    return out;
}

NgramTrace StyleCounts::enter(const NoteLine& line) {
    const std::size_t row = genres_ + 1;
    auto traced = trace(line, [&](std::uint64_t context, std::uint64_t whole) {
        const auto c = contexts_.try_emplace(context, contexts_.size()).first->second;
        const auto w = wholes_.try_emplace(whole, wholes_.size()).first->second;
        return NgramTrace::Ngram{c, w};
    });
    context_counts_.resize(contexts_.size() * row);
    context_types_.resize(contexts_.size() * row);
    whole_counts_.resize(wholes_.size() * row);
    return traced;
}

void StyleCounts::add(const NgramTrace& trace, std::size_t genre) {
    for (const auto [context, whole] : trace.ngrams)
        for (const std::size_t column : {genre, genres_}) {
            const std::size_t at = context * (genres_ + 1) + column;
            ++context_counts_[at];
            if (whole_counts_[whole * (genres_ + 1) + column]++ == 0) ++context_types_[at];
        }
}

void StyleCounts::remove(const NgramTrace& trace, std::size_t genre) {
    for (const auto [context, whole] : trace.ngrams)
        for (const std::size_t column : {genre, genres_}) {
            const std::size_t at = context * (genres_ + 1) + column;
            assert(context_counts_[at] > 0);
            --context_counts_[at];
            if (--whole_counts_[whole * (genres_ + 1) + column] == 0) --context_types_[at];
        }
}

std::vector<float> StyleCounts::ratios(const NgramTrace& trace) const {
    const std::size_t row = genres_ + 1;
    const double floor = 1.0 / symbols_of(view_);
    std::vector<float> out;
    out.reserve(trace.ngrams.size() / orders_ * genres_);
    std::vector<double> of_genre(genres_);
    for (std::size_t first = 0; first < trace.ngrams.size(); first += orders_) {
        double any = floor;
        of_genre.assign(genres_, floor);
        for (std::size_t order = 0; order < orders_; ++order) {
            const auto [context, whole] = trace.ngrams[first + order];
            // Nobody has heard this context, so nobody has heard a longer one.
            if (context == kUnheard || context_counts_[context * row + genres_] == 0) break;
            const std::uint32_t* counts = &context_counts_[context * row];
            const std::uint32_t* types = &context_types_[context * row];
            const std::uint32_t* hits = whole == kUnheard ? nullptr : &whole_counts_[whole * row];
            const auto hit = [&](std::size_t column) {
                return hits == nullptr ? 0.0 : static_cast<double>(hits[column]);
            };
            any = (hit(genres_) + types[genres_] * any) /
                  (static_cast<double>(counts[genres_]) + types[genres_]);
            for (std::size_t g = 0; g < genres_; ++g) {
                const double mean = kOwnShorter * of_genre[g] + (1.0 - kOwnShorter) * any;
                const double inertia = kInertia * std::max(types[g], 1U);
                of_genre[g] = (hit(g) + inertia * mean) / (counts[g] + inertia);
            }
        }
        for (const double p : of_genre) out.push_back(static_cast<float>(std::log(p / any)));
    }
    return out;
}

std::vector<float> StyleCounts::ratios(const NoteLine& line) const {
    const auto find = [](const Numbers& numbers, std::uint64_t key) {
        const auto found = numbers.find(key);
        return found == numbers.end() ? kUnheard : found->second;
    };
    return ratios(trace(line, [&](std::uint64_t context, std::uint64_t whole) {
        return NgramTrace::Ngram{find(contexts_, context), find(wholes_, whole)};
    }));
}

}  // namespace fusion::train
