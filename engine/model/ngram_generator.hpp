// The fallback when the networks cannot keep up, and the whole music of a build without Torch: the
// genres' n-gram tables, mixed by the blend.
// Thread: one (inference). Errors: none; `bundle` outlives the generator.
#pragma once

#include <memory>

#include "engine/model/bundle.hpp"
#include "engine/model/generator.hpp"

namespace fusion {

[[nodiscard]] std::unique_ptr<Generator> make_ngram_generator(const Bundle& bundle);

}  // namespace fusion
