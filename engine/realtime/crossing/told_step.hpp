// What is known of a step before it is made, where a line is played that was played before: what
// its bundle and its changes alone do not say. Thread: any (plain values). Errors: none.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/units.hpp"
#include "engine/corpus/vocabulary.hpp"

namespace fusion {

struct ToldStep {
    std::optional<Ticks> placed{};   // it began here, after an underrun
    std::optional<EventId> event{};  // it was this
    bool falls = false;              // the fallback made it
};

class StepTeller {
public:
    virtual ~StepTeller() = default;
    // `epoch`: how often the line had begun anew.
    [[nodiscard]] virtual ToldStep at(std::uint32_t epoch, std::uint32_t index) const = 0;
};

}  // namespace fusion
