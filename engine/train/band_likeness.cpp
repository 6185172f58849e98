#include "engine/train/band_likeness.hpp"

namespace fusion::train {

double likeness(const std::vector<BandNote>& a, const std::vector<BandNote>& b) {
    std::size_t both = 0, i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        const auto left = std::pair{a[i].place, a[i].what};
        const auto right = std::pair{b[j].place, b[j].what};
        if (left == right) ++both;
        if (left <= right) ++i;
        if (right <= left) ++j;
    }
    const auto any = a.size() + b.size() - both;
    return any == 0 ? 1.0 : static_cast<double>(both) / static_cast<double>(any);
}

}  // namespace fusion::train
