// A line composed with the bundle that a training has just written, to be seen and heard while it
// goes on. Thread: its own; nice to what trains. Errors: those of the bundle and of its generator.
#pragma once

#include <filesystem>

#include "daemon/training/training_account.hpp"
#include "engine/base/result.hpp"

namespace fusion {

// 16 bars or so of all genres alike, from this seed.
[[nodiscard]] Result<ComposedLine> compose_with(const std::filesystem::path& bundle,
                                                std::uint64_t seed);

}  // namespace fusion
