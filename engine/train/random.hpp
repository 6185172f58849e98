// Counter-based dice for training: each batch makes its own from (seed, what for, epoch, index), so
// a training that is killed and resumed draws what it would have drawn. Thread: one per object.
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace fusion::train {

class Random {
public:
    // SplitMix64 over the key's numbers.
    Random(std::initializer_list<std::uint64_t> key) {
        for (const std::uint64_t part : key) state_ = next() ^ part;
    }

    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31U);
    }
    // In (0, 1).
    double uniform() { return (static_cast<double>(next() >> 11U) + 0.5) * 0x1p-53; }
    // 0 to n-1; n > 0.
    std::size_t below(std::size_t n) {
        return static_cast<std::size_t>(uniform() * static_cast<double>(n));
    }
    // An index in proportion to `weights` (not all zero).
    template <class Number>
    std::size_t pick(std::span<const Number> weights) {
        double sum = 0.0;
        for (const Number w : weights) sum += static_cast<double>(w);
        double left = uniform() * sum;
        std::size_t last = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            if (weights[i] <= Number{0}) continue;
            last = i;
            left -= static_cast<double>(weights[i]);
            if (left < 0.0) break;
        }
        return last;
    }
    // A gamma variate of shape 1: normalised, a set of them is uniform on the simplex.
    double exponential() { return -std::log(uniform()); }

    template <class Sequence>
    void shuffle(Sequence& items) {
        for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
    }

private:
    std::uint64_t state_ = 0x6A09E667F3BCC909ULL;
};

}  // namespace fusion::train
