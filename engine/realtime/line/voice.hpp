// One generator that follows the line. Several rungs make the line between them, so each must be
// told, before it is asked again, what the others made: the last few steps as forced events, and
// what lies further back by a jump (a forced step costs as much as one of its own).
// Thread: inference. Errors: those of the generator; its state then stands where it failed.
#pragma once

#include <cstdint>

#include "engine/model/generator.hpp"
#include "engine/realtime/line/planned_line.hpp"

namespace fusion {

class Voice {
public:
    static constexpr std::uint32_t kMostTold = 8;

    // Not owned; null is a rung that is not there.
    explicit Voice(Generator* generator) : generator_{generator} {}

    [[nodiscard]] bool present() const { return generator_ != nullptr; }
    [[nodiscard]] Generator& generator() const { return *generator_; }

    // Steps it would have to go through before, and including, `index`.
    [[nodiscard]] std::uint32_t steps_up_to(std::uint32_t index) const;
    // Where it lags behind `index`, tells it the steps of `line` up to there.
    [[nodiscard]] Status follow(std::uint32_t index, const PlannedLine& line);
    // Makes step request.index, once it has been told the steps of `line` before it.
    [[nodiscard]] Result<GeneratedEvent> generate(const StepRequest& request,
                                                  const PlannedLine& line);
    // Steps from `index` on are no longer what it was told.
    void truncate(std::uint32_t index);
    // Steps before `index` are committed.
    void commit(std::uint32_t index);
    void reset();

private:
    Generator* generator_;
    std::uint32_t oldest_kept_ = 0;  // the lowest index that it can roll back to
};

}  // namespace fusion
