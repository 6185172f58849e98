// The pieces of a corpus as a bundle's measures want them: as notes, by the bundle's genres, by
// what they were for when it was trained. Thread: one. Errors: malformed (the bundle does not say
// how its corpus was split), and those of prepare().
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/corpus/data_set.hpp"
#include "engine/model/bundle.hpp"
#include "engine/train/measures/note_line.hpp"

namespace fusion::train {

// Real lines by genre, in the order of the bundle's genres; a genre may be without.
struct RealLines {
    std::vector<std::vector<NoteLine>> training;
    std::vector<std::vector<NoteLine>> validation;
    std::vector<std::vector<NoteLine>> held_out;
};

// Which pieces were for training: the bundle's record has the seed of the split. `name`: the
// bundle's, for the message.
[[nodiscard]] Result<std::uint64_t> split_seed_of(const Bundle& bundle, const std::string& name);
// Lines of genres that the bundle does not know are left out.
[[nodiscard]] std::vector<std::vector<NoteLine>> lines_of(
    const DataSet& data, const Bundle& bundle, const std::function<bool(const Piece&)>& wanted);
// The corpus that it was trained on, split as it was then.
[[nodiscard]] Result<DataSet> read_corpus_of(const Bundle& bundle, const std::string& name,
                                             const std::filesystem::path& folder);
[[nodiscard]] RealLines real_lines(const DataSet& corpus, const Bundle& bundle);

}  // namespace fusion::train
