// The whole training: corpus, both phases, bundle. Thread: one (starts its own). Errors: those of
// the corpus; out_of_range (nothing to train on); unavailable (no such device); io.
#pragma once

#include <string>

#include "engine/base/result.hpp"
#include "engine/corpus/data_set.hpp"
#include "engine/train/options.hpp"
#include "engine/train/progress.hpp"

namespace fusion::train {

enum class TrainEnd : std::uint8_t { done, stopped };

// After each epoch of phase 2 that is the best so far, options.out is written anew; so there is a
// bundle early, and the last one is the best. With a checkpoint folder, a training that was stopped
// or killed goes on where it was when it is started again with the same options.
[[nodiscard]] Result<TrainEnd> train(const DataSet& data, const TrainOptions& options,
                                     const StopFlag& stop, Progress& progress);

}  // namespace fusion::train
