// F1 over classes, from pairs of what was and what was said. Thread: one per object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fusion::train {

class F1 {
public:
    explicit F1(std::size_t classes);

    void add(std::size_t truth, std::size_t said);

    // The mean over the classes that occur in the truth, each by how often it does.
    [[nodiscard]] double weighted() const;
    // The plain mean over the classes that occur in the truth or were said.
    [[nodiscard]] double macro() const;

private:
    struct Class {
        std::uint64_t truth = 0;  // how often it was
        std::uint64_t said = 0;   // how often it was said
        std::uint64_t hits = 0;   // both
        [[nodiscard]] double f1() const;
    };
    std::vector<Class> classes_;
    std::uint64_t total_ = 0;
};

}  // namespace fusion::train
