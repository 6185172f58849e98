#include "engine/corpus/data_set.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "engine/base/whole_file.hpp"
#include "engine/corpus/corpus_index.hpp"
#include "engine/corpus/extract.hpp"
#include "engine/corpus/sha256.hpp"
#include "engine/corpus/smf.hpp"
#include "engine/corpus/split.hpp"
#include "engine/music/genre_weights.hpp"

namespace fusion {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMaxIndexBytes = std::size_t{64} << 20;
// A genre of fewer pieces than this learns from its other melodic tracks too.
constexpr std::size_t kSmallGenre = 200;

bool is_midi(const fs::path& file) {
    auto extension = file.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension == ".mid" || extension == ".midi" || extension == ".rmi" ||
           extension == ".kar";
}

Status check(const PrepareOptions& options) {
    // Written so that NaN fails too.
    const auto is_share = [](double value) { return value >= 0.0 && value <= 0.9; };
    if (!is_share(options.test_share) || !is_share(options.validation_share))
        return fail(Error::Code::out_of_range,
                    fmt::format("test share {} and validation share {}: each must be 0 to 0.9",
                                options.test_share, options.validation_share));
    if (options.max_events_per_piece < kFewestLineNotes)
        return fail(Error::Code::out_of_range,
                    fmt::format("at most {} events a piece: that must be {} or more",
                                options.max_events_per_piece, kFewestLineNotes));
    return {};
}

Result<std::vector<fs::path>> sorted_entries(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> entries;
    auto at = fs::directory_iterator{folder, error};
    for (; !error && at != fs::directory_iterator{}; at.increment(error))
        entries.push_back(at->path());
    if (error)
        return fail(
            error == std::errc::no_such_file_or_directory ? Error::Code::not_found
                                                          : Error::Code::io,
            fmt::format("cannot read the folder {}: {}; --data names a folder that holds one "
                        "folder of MIDI files per genre",
                        folder.string(), error.message()));
    std::sort(entries.begin(), entries.end());
    return entries;
}

// The *.mid files by genre.
Result<std::map<std::string, std::vector<fs::path>>> find_files(const fs::path& folder,
                                                                const PrepareOptions& options) {
    const auto entries = sorted_entries(folder);
    if (!entries) return tl::unexpected(entries.error());
    std::map<std::string, std::vector<fs::path>> genres;
    for (const auto& entry : *entries) {
        const auto genre = entry.filename().string();
        std::error_code error;
        if (genre.starts_with('.') || !fs::is_directory(entry, error)) continue;
        if (!options.genres.empty() &&
            std::find(options.genres.begin(), options.genres.end(), genre) == options.genres.end())
            continue;
        auto files = sorted_entries(entry);
        if (!files) return tl::unexpected(files.error());
        std::erase_if(*files, [&](const fs::path& file) {
            return !is_midi(file) || !fs::is_regular_file(file, error);
        });
        if (!files->empty()) genres.emplace(genre, std::move(*files));
    }
    for (const auto& genre : options.genres)
        if (!genres.contains(genre))
            return fail(Error::Code::not_found,
                        fmt::format("no MIDI files for the genre {}: {} holds no *.mid", genre,
                                    (folder / genre).string()));
    if (genres.empty())
        return fail(Error::Code::not_found,
                    fmt::format("no MIDI files under {}: put them into one folder per genre, as "
                                "{}/jazz/piece.mid",
                                folder.string(), folder.string()));
    if (genres.size() > kMaxGenres)
        return fail(Error::Code::out_of_range,
                    fmt::format("{} holds {} genres and at most {} fit one bundle: name those to "
                                "take",
                                folder.string(), genres.size(), kMaxGenres));
    return genres;
}

// Behind the reason of a rejection: what was mended may be why.
std::string mends_in_words(const Result<Smf>& smf) {
    if (!smf || smf->mends.empty()) return {};
    std::string words;
    for (const auto& [kind, where] : smf->mends)
        words += fmt::format("{}{}: {}", words.empty() ? "" : "; ", kind, where);
    return fmt::format(" (mended: {})", words);
}

// A piece before the vocabulary is known.
struct Draft {
    Piece piece;
    std::vector<LineEvent> events;
    std::vector<ExtractedLine> further;
};

class Preparation {
public:
    Preparation(const fs::path& folder, const PrepareOptions& options)
        : folder_{folder}, options_{options} {}

    Result<DataSet> run() {
        if (auto fit = check(options_); !fit) return tl::unexpected(fit.error());
        const auto files = find_files(folder_, options_);
        if (!files) return tl::unexpected(files.error());
        if (auto read = read_index(); !read) return tl::unexpected(read.error());
        for (const auto& [genre, paths] : *files) total_ += paths.size();
        for (const auto& [genre, paths] : *files) read_genre(genre, paths);
        if (drafts_.empty())
            return fail(
                Error::Code::malformed,
                fmt::format("none of the {} MIDI files under {} can be learned from; {}: {}",
                            total_, folder_.string(), data_.rejected.front().name,
                            data_.rejected.front().reason));
        data_.digest = digest_.hex();
        split();
        if (auto learned = learn(); !learned) return tl::unexpected(learned.error());
        encode();
        return std::move(data_);
    }

private:
    Status read_index() {
        const auto file = folder_ / "index.csv";
        std::error_code error;
        if (!fs::exists(file, error)) return {};
        const auto bytes = read_file(file, kMaxIndexBytes);
        if (!bytes) return tl::unexpected(bytes.error());
        auto index = parse_index({reinterpret_cast<const char*>(bytes->data()), bytes->size()},
                                 file.string());
        if (!index) return tl::unexpected(index.error());
        index_ = std::move(*index);
        enter("index.csv", *bytes);
        return {};
    }

    // Name, size, content: no two different sets of files make the same stream.
    void enter(const std::string& name, std::span<const std::uint8_t> bytes) {
        digest_.add(fmt::format("{}\n{}\n", name, bytes.size()));
        digest_.add(bytes);
    }

    void read_genre(const std::string& genre, const std::vector<fs::path>& files) {
        // Further lines are there to learn from; where a bundle is measured, only leads count.
        const auto wanted = options_.further_lines.value_or(
            options_.vocabulary == nullptr ? FurtherLines::take : FurtherLines::leave_out);
        const auto further = files.size() < kSmallGenre ? wanted : FurtherLines::leave_out;
        const auto number = data_.genres.size();
        data_.genres.push_back(genre);
        data_.chord_agreements.emplace_back();
        for (const auto& file : files) {
            read_piece(genre + '/' + file.filename().string(), file, number, further);
            if (options_.progress) options_.progress(++done_, total_);
        }
    }

    void read_piece(const std::string& name, const fs::path& file, std::size_t genre,
                    FurtherLines further) {
        const auto bytes = read_file(file, kMaxSmfBytes);
        if (!bytes) {
            data_.rejected.push_back({name, "unreadable: " + bytes.error().message});
            return;
        }
        enter(name, *bytes);
        const auto entry = index_.find(name);
        const auto* known = entry == index_.end() ? nullptr : &entry->second;
        const auto smf = read_smf(*bytes, "unreadable");
        auto lines = smf ? extract_lines(*smf, known, further)
                         : Result<std::vector<ExtractedLine>>{tl::unexpected(smf.error())};
        if (!lines) {
            data_.rejected.push_back({name, lines.error().message + mends_in_words(smf)});
            return;
        }
        for (const auto& [kind, where] : smf->mends) data_.mended.push_back({name, kind, where});
        // A name can be no cluster's, so a piece without one stands alone.
        const bool related = known != nullptr && !known->cluster.empty();
        auto& lead = lines->front();
        if (lead.reading.unreadable > 0)
            data_.unreadable_chords.push_back({name, lead.reading.unreadable, lead.reading.why});
        data_.chord_agreements[genre][static_cast<std::size_t>(lead.reading.evidence)] +=
            lead.reading.agreement;
        Draft draft{{name,
                     genre,
                     related ? known->cluster : name,
                     Split::training,
                     {},
                     std::move(lead.chords)},
                    std::move(lead.events),
                    {}};
        draft.further.assign(std::make_move_iterator(lines->begin() + 1),
                             std::make_move_iterator(lines->end()));
        drafts_.push_back(std::move(draft));
    }

    void split() {
        std::vector<Piece> pieces;
        pieces.reserve(drafts_.size());
        for (auto& draft : drafts_) pieces.push_back(std::move(draft.piece));
        assign_splits(pieces, options_.split_seed,
                      {options_.test_share, options_.validation_share});
        data_.split_seed = options_.split_seed;
        std::vector<Draft> further;
        for (std::size_t i = 0; i < drafts_.size(); ++i) {
            auto& draft = drafts_[i];
            draft.piece = std::move(pieces[i]);
            if (draft.piece.split != Split::training) continue;
            for (auto& line : draft.further) {
                auto piece = draft.piece;
                piece.name += line.suffix;
                piece.chords = std::move(line.chords);
                further.push_back({std::move(piece), std::move(line.events), {}});
            }
        }
        drafts_.insert(drafts_.end(), std::make_move_iterator(further.begin()),
                       std::make_move_iterator(further.end()));
        std::sort(drafts_.begin(), drafts_.end(),
                  [](const Draft& a, const Draft& b) { return a.piece.name < b.piece.name; });
        for (auto& draft : drafts_) {
            draft.events.resize(std::min(draft.events.size(), options_.max_events_per_piece));
            draft.piece.chords.cut(draft.events.size());
        }
    }

    Status learn() {
        if (options_.vocabulary != nullptr) {
            data_.vocabulary = *options_.vocabulary;
            return {};
        }
        // Only what is learned from may shape the vocabulary. Genres count by the root of their
        // size: by size alone the words of a small genre would not get in.
        std::vector<std::map<Event, std::uint64_t>> by_genre(data_.genres.size());
        std::vector<std::uint64_t> sizes(data_.genres.size());
        for (const auto& draft : drafts_) {
            if (draft.piece.split != Split::training) continue;
            for (const auto& event : draft.events) ++by_genre[draft.piece.genre][event.event];
            sizes[draft.piece.genre] += draft.events.size();
        }
        std::map<Event, std::uint64_t> counts;
        for (std::size_t g = 0; g < by_genre.size(); ++g)
            for (const auto& [event, count] : by_genre[g])
                counts[event] += static_cast<std::uint64_t>(std::ceil(
                    1e6 * static_cast<double>(count) / std::sqrt(static_cast<double>(sizes[g]))));
        auto vocabulary = Vocabulary::learn(counts, options_.vocabulary_size);
        if (!vocabulary) return tl::unexpected(vocabulary.error());
        data_.vocabulary = std::move(*vocabulary);
        return {};
    }

    void encode() {
        std::vector<std::uint64_t> held(data_.genres.size());
        std::vector<std::uint64_t> all(data_.genres.size());
        for (auto& draft : drafts_) {
            auto& line = draft.piece.line;
            for (const auto& event : draft.events) {
                const auto exact = data_.vocabulary.find(event.event);
                held[draft.piece.genre] += exact ? 1 : 0;
                ++all[draft.piece.genre];
                const auto id = exact ? *exact : data_.vocabulary.nearest(event.event);
                line.events.push_back(id);
                line.positions.push_back(event.position);
                line.meters.push_back(static_cast<std::uint8_t>(event.meter));
                line.velocities.push_back(data_.vocabulary[id].is_rest() ? std::uint8_t{0}
                                                                         : event.velocity);
            }
            data_.pieces.push_back(std::move(draft.piece));
        }
        for (std::size_t g = 0; g < all.size(); ++g)
            data_.coverage.push_back(
                all[g] == 0 ? 0.0 : static_cast<double>(held[g]) / static_cast<double>(all[g]));
    }

    const fs::path& folder_;
    const PrepareOptions& options_;
    CorpusIndex index_;
    Sha256 digest_;
    std::vector<Draft> drafts_;
    DataSet data_;
    std::size_t total_ = 0;
    std::size_t done_ = 0;
};

}  // namespace

Result<DataSet> prepare(const fs::path& folder, const PrepareOptions& options) {
    return Preparation{folder, options}.run();
}

}  // namespace fusion
