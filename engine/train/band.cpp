#include "engine/train/band.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/whole_file.hpp"
#include "engine/corpus/corpus_index.hpp"
#include "engine/train/band_extract.hpp"
#include "engine/train/band_fit.hpp"
#include "engine/train/parallel.hpp"

namespace fusion::train {
namespace {

constexpr std::size_t kMaxIndexBytes = std::size_t{64} << 20;

Result<CorpusIndex> index_of(const std::filesystem::path& folder) {
    const auto file = folder / "index.csv";
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return CorpusIndex{};
    const auto bytes = read_file(file, kMaxIndexBytes);
    if (!bytes) return tl::unexpected{bytes.error()};
    return parse_index({reinterpret_cast<const char*>(bytes->data()), bytes->size()},
                       file.string());
}

// The sheets of a genre's training pieces, in the order of their names. A file that was read for
// the corpus can be read again; where not, it counts for nothing.
std::vector<BandSheet> sheets_of(const DataSet& corpus, std::size_t genre,
                                 const std::filesystem::path& folder, const CorpusIndex& index,
                                 std::size_t threads) {
    std::vector<const Piece*> pieces;
    for (const auto& piece : corpus.pieces)
        // A further line of a file has its name and more.
        if (piece.genre == genre && piece.split == Split::training &&
            piece.name.find('#') == std::string::npos)
            pieces.push_back(&piece);
    std::vector<std::optional<BandSheet>> read(pieces.size());
    for_each_index(pieces.size(), threads, [&](std::size_t i) {
        const auto& name = pieces[i]->name;
        const auto bytes = read_file(folder / name, kMaxSmfBytes);
        if (!bytes) return;
        const auto smf = read_smf(*bytes, name);
        if (!smf) return;
        const auto entry = index.find(name);
        if (auto sheet = extract_band(*smf, entry == index.end() ? nullptr : &entry->second)) {
            read[i] = std::move(*sheet);
            read[i]->cluster = pieces[i]->cluster;
        }
    });
    std::vector<BandSheet> sheets;
    for (auto& sheet : read)
        if (sheet) sheets.push_back(std::move(*sheet));
    return sheets;
}

nlohmann::ordered_json record_of(const FittedBand& fitted, const GenreBand& band) {
    nlohmann::ordered_json record;
    for (std::size_t p = 0; p < kBandParts; ++p) {
        std::size_t learned = 0, fills = 0;
        for (const auto& pattern : band.parts[p].patterns)
            if (pattern.origin == PatternOrigin::learned) {
                ++learned;
                fills += pattern.role == PatternRole::fill ? 1 : 0;
            }
        record[std::string{kBandPartNames[p]}] = {
            {"pieces", fitted.pieces[p]},
            {"bars", fitted.bars[p]},
            {"learned", learned},
            {"fills", fills},
            {"written", band.parts[p].patterns.size() - learned}};
    }
    record["tempo_of_pieces"] = fitted.tempi;
    record["swing"] = {
        {"played_by_hand", fitted.swung},
        {"from", fitted.band.style.swing == band.style.swing ? "pieces" : "written"}};
    return record;
}

}  // namespace

Status give_band(Bundle& bundle, const DataSet& corpus, const std::filesystem::path& folder,
                 const WrittenBands& written, std::size_t threads, Progress& progress) {
    const auto index = index_of(folder);
    if (!index) return tl::unexpected{index.error()};
    auto record = nlohmann::ordered_json::parse(bundle.record, nullptr, false);
    if (!record.is_object()) record = nlohmann::ordered_json::object();
    record.erase("band");
    std::vector<GenreBand> bands;
    for (const auto& genre : bundle.genres) {
        const auto at = std::ranges::find(corpus.genres, genre);
        if (at == corpus.genres.end())
            return fail(Error::Code::not_found,
                        fmt::format("the corpus has no folder {}, which the bundle plays: name the "
                                    "corpus that it was trained on",
                                    genre));
        const auto fitted = fit_band(sheets_of(
            corpus, static_cast<std::size_t>(at - corpus.genres.begin()), folder, *index, threads));
        auto band = fitted.band;
        if (const auto own = written.find(genre); own != written.end())
            add_written(own->second, band);
        record["band"][genre] = record_of(fitted, band);
        progress.say(fmt::format(
            "band of {}: bass of {} pieces, chords of {}, drums of {}; {}, {} and {} patterns",
            genre, fitted.pieces[0], fitted.pieces[1], fitted.pieces[2],
            band.parts[0].patterns.size(), band.parts[1].patterns.size(),
            band.parts[2].patterns.size()));
        bands.push_back(std::move(band));
    }
    bundle.band = std::move(bands);
    bundle.record = record.dump(2);
    return {};
}

}  // namespace fusion::train
