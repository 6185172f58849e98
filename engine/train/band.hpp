// What a bundle's band plays (engine/model/band_book.hpp), learned from the training pieces of its
// corpus and from what is written down beside. The bundle's record says how much of each.
// Thread: one (starts its own). Errors: not_found (the corpus has no folder of a genre), and those
// of reading files.
#pragma once

#include <filesystem>

#include "engine/base/result.hpp"
#include "engine/corpus/data_set.hpp"
#include "engine/model/bundle.hpp"
#include "engine/train/band_written.hpp"
#include "engine/train/progress.hpp"

namespace fusion::train {

// `corpus`: the one in `folder` that the bundle was trained on (read_corpus_of()). The same
// whatever the number of threads.
[[nodiscard]] Status give_band(Bundle& bundle, const DataSet& corpus,
                               const std::filesystem::path& folder, const WrittenBands& written,
                               std::size_t threads, Progress& progress);

}  // namespace fusion::train
