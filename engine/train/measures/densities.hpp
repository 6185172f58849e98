// How alike two sets of numbers are, by their estimated densities: the area under both, and the
// Kullback-Leibler divergence.
//
// A density is a Gaussian kernel estimate with Scott's bandwidth, h = s n^(-1/5), s the sample's
// standard deviation, on a grid of 1024 cells that both densities share and that reaches four
// bandwidths past all values. The values are shared out linearly to the two nearest cells before
// the kernel is laid on, so a million of them cost what a thousand do. Where all values are equal
// the density is a single cell. Thread: any. Errors: none.
#pragma once

#include <span>

namespace fusion::train {

struct Likeness {
    double kl = 0.0;  // of the second from the first, nats, never below 0; q is held above 1e-9
    double overlap = 0.0;  // 0 to 1
};

// Neither may be empty; all values must be finite.
[[nodiscard]] Likeness compare_densities(std::span<const double> first,
                                         std::span<const double> second);

}  // namespace fusion::train
