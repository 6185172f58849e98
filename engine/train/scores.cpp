#include "engine/train/scores.hpp"

#include <cassert>

namespace fusion::train {

F1::F1(std::size_t classes) : classes_(classes) {}

void F1::add(std::size_t truth, std::size_t said) {
    assert(truth < classes_.size() && said < classes_.size());
    ++total_;
    ++classes_[truth].truth;
    ++classes_[said].said;
    if (truth == said) ++classes_[truth].hits;
}

double F1::Class::f1() const {
    const std::uint64_t both = truth + said;
    return both == 0 ? 0.0 : 2.0 * static_cast<double>(hits) / static_cast<double>(both);
}

double F1::weighted() const {
    if (total_ == 0) return 0.0;
    double sum = 0.0;
    for (const Class& c : classes_) sum += static_cast<double>(c.truth) * c.f1();
    return sum / static_cast<double>(total_);
}

double F1::macro() const {
    double sum = 0.0;
    std::size_t seen = 0;
    for (const Class& c : classes_) {
        if (c.truth == 0 && c.said == 0) continue;
        sum += c.f1();
        ++seen;
    }
    return seen == 0 ? 0.0 : sum / static_cast<double>(seen);
}

}  // namespace fusion::train
