// A bundle with some of its genres: those that hold up. What they play is what they played beside
// the others, but for guidance, which compares with the genres that there are. Thread: any. Errors:
// not_found (a genre that the bundle does not have), out_of_range (none, or one twice), malformed
// (networks that do not fit).
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/bundle.hpp"

namespace fusion {

// In this order. The record stays, with "kept" naming them.
[[nodiscard]] Result<Bundle> keep_genres(const Bundle& bundle,
                                         const std::vector<std::string>& genres);

}  // namespace fusion
