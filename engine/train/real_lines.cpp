#include "engine/train/real_lines.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fusion::train {

Result<std::uint64_t> split_seed_of(const Bundle& bundle, const std::string& name) {
    const auto record = nlohmann::json::parse(bundle.record, nullptr, false);
    if (record.is_discarded() || !record.is_object() || !record.contains("split_seed") ||
        !record["split_seed"].is_number_unsigned())
        return fail(Error::Code::malformed,
                    fmt::format("{} records no split seed, so its test pieces are not known: "
                                "evaluate with --split all and without --music",
                                name));
    return record["split_seed"].get<std::uint64_t>();
}

std::vector<std::vector<NoteLine>> lines_of(const DataSet& data, const Bundle& bundle,
                                            const std::function<bool(const Piece&)>& wanted) {
    std::vector<std::vector<NoteLine>> lines(bundle.genres.size());
    for (const Piece& piece : data.pieces) {
        const auto genre =
            std::find(bundle.genres.begin(), bundle.genres.end(), data.genres[piece.genre]);
        if (genre == bundle.genres.end() || !wanted(piece)) continue;
        NoteLine line = note_line(piece.line, bundle.vocabulary);
        if (line.size() > 0)
            lines[static_cast<std::size_t>(genre - bundle.genres.begin())].push_back(
                std::move(line));
    }
    return lines;
}

Result<DataSet> read_corpus_of(const Bundle& bundle, const std::string& name,
                               const std::filesystem::path& folder) {
    PrepareOptions how;
    how.vocabulary = &bundle.vocabulary;
    how.further_lines = FurtherLines::take;
    const auto seed = split_seed_of(bundle, name);
    if (!seed) return tl::unexpected{seed.error()};
    how.split_seed = *seed;
    return prepare(folder, how);
}

RealLines real_lines(const DataSet& corpus, const Bundle& bundle) {
    const auto of_split = [&](Split split) {
        return lines_of(corpus, bundle, [&](const Piece& p) { return p.split == split; });
    };
    return RealLines{of_split(Split::training), of_split(Split::validation), of_split(Split::test)};
}

}  // namespace fusion::train
