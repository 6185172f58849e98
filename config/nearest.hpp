// The known word that a misspelt one most likely meant, for hints in error messages.
// Thread: any. Errors: none (empty when nothing is near).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fusion {

// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate within a third of its length (at least 2 edits); the first of equals.
[[nodiscard]] std::string nearest(std::string_view word, std::span<const std::string> candidates);

// "; did you mean 'tempo'?" or "".
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string> candidates);

}  // namespace fusion
