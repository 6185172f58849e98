#include "engine/train/band_written.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/base/toml_library.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/train/band_notation.hpp"

namespace fusion::train {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::array<std::int64_t, 6> kSteps{1, 2, 3, 4, 6, 12};

std::optional<std::size_t> part_named(std::string_view name) {
    const auto part = std::ranges::find(kBandPartNames, name);
    if (part == kBandPartNames.end()) return {};
    return static_cast<std::size_t>(part - kBandPartNames.begin());
}

class Reader {
public:
    explicit Reader(std::string_view name) : name_{name} {}

    Result<WrittenBands> read(const toml::table& root) {
        for (const auto& [key, node] : root) {
            const auto word = key.str();
            if (word == "pattern" && node.is_array()) {
                for (const auto& entry : *node.as_array()) read_pattern(entry);
            } else if (word == "genre" && node.is_table()) {
                for (const auto& [genre, about] : *node.as_table())
                    read_genre(std::string{genre.str()}, about);
            } else {
                complain(node, "'{}': there are [[pattern]] and [genre.NAME]", word);
            }
        }
        if (failure_) return tl::unexpected{*failure_};
        return std::move(bands_);
    }

private:
    template <class... Args>
    void complain(const toml::node& where, fmt::format_string<Args...> text, Args&&... args) {
        if (failure_) return;
        failure_ = Error{Error::Code::malformed,
                         fmt::format("{}:{}: {}", name_, where.source().begin.line,
                                     fmt::format(text, std::forward<Args>(args)...))};
    }

    void read_pattern(const toml::node& node) {
        const auto* table = node.as_table();
        if (table == nullptr) return complain(node, "a pattern is a table");
        std::vector<std::string> genres;
        if (const auto* list = (*table)["genres"].as_array())
            for (const auto& genre : *list)
                if (const auto* word = genre.as_string()) genres.push_back(word->get());
        if (genres.empty()) return complain(node, "genres = [\"jazz\", ...] is missing");
        const auto step = (*table)["step"].value_or(std::int64_t{6});
        if (std::ranges::find(kSteps, step) == kSteps.end())
            return complain(node, "step = {}: it is 1, 2, 3, 4, 6 or 12 cells", step);
        const auto times = (*table)["times"].value_or(std::int64_t{1});
        if (times < 1 || times > 1000) return complain(node, "times = {}: 1 to 1000", times);
        BandPattern pattern;
        pattern.origin = PatternOrigin::written;
        pattern.times = static_cast<std::uint16_t>(times);
        if ((*table)["fill"].value_or(false)) pattern.role = PatternRole::fill;

        std::optional<std::size_t> part;
        std::optional<int> cells;
        const auto take = [&](const toml::node& line, std::size_t of, const Result<int>& length) {
            if (!length) return complain(line, "{}", length.error().message);
            if (part && *part != of) return complain(line, "one pattern is of one part");
            if (cells && *cells != *length)
                return complain(line, "{} cells long, and the line before it {}", *length, *cells);
            part = of;
            cells = *length;
        };
        for (const auto& [key, line] : *table) {
            const auto word = key.str();
            if (word == "genres" || word == "step" || word == "times" || word == "fill" ||
                word == "name")
                continue;
            if (const auto* lanes = line.as_table(); lanes != nullptr && word == "drums") {
                for (const auto& [drum, strokes] : *lanes)
                    read_lane(drum.str(), strokes, step, pattern, take);
                continue;
            }
            const auto named = part_named(word);
            const auto* text = line.as_string();
            if (!named || text == nullptr || *named == static_cast<std::size_t>(BandPart::drums))
                return complain(line,
                                "'{}': a pattern has genres, name, step, times, fill, and bass, "
                                "chords or [pattern.drums]",
                                word);
            take(line, *named,
                 read_tones(text->get(), static_cast<BandPart>(*named), static_cast<int>(step),
                            pattern.notes));
        }
        if (failure_) return;
        if (!part || *cells == 0) return complain(node, "a pattern without a bar");
        pattern.bar = static_cast<std::uint8_t>(*cells);
        std::ranges::sort(pattern.notes, [](const BandNote& a, const BandNote& b) {
            return std::pair{a.place, a.what} < std::pair{b.place, b.what};
        });
        for (const auto& genre : genres) bands_[genre].parts[*part].patterns.push_back(pattern);
    }

    template <class Take>
    void read_lane(std::string_view drum, const toml::node& strokes, std::int64_t step,
                   BandPattern& pattern, Take take) {
        const auto key = drum_key(drum);
        const auto* text = strokes.as_string();
        if (!key || text == nullptr)
            return complain(strokes, "'{}': a drum by name, or its key from 27 to 87", drum);
        take(strokes, static_cast<std::size_t>(BandPart::drums),
             read_drums(text->get(), *key, static_cast<int>(step), pattern.notes));
    }

    // `count` numbers within [least, most].
    std::optional<std::vector<float>> numbers(const toml::node& node, std::size_t count,
                                              double least, double most) {
        std::vector<float> all;
        if (const auto* list = node.as_array())
            for (const auto& entry : *list)
                if (const auto number = entry.value<double>();
                    number && *number >= least && *number <= most)
                    all.push_back(static_cast<float>(*number));
        if (all.size() == count) return all;
        complain(node, "{} numbers from {} to {}", count, least, most);
        return {};
    }

    void read_genre(const std::string& genre, const toml::node& node) {
        const auto* table = node.as_table();
        if (table == nullptr) return complain(node, "[genre.{}] is a table", genre);
        auto& band = bands_[genre];
        for (const auto& [key, value] : *table) {
            const auto word = key.str();
            if (word == "tempo") {
                const auto tempo = numbers(value, 3, 20.0, 400.0);
                if (!tempo) return;
                if (!std::ranges::is_sorted(*tempo))
                    return complain(value, "tempo = [slowest, usual, fastest]");
                band.tempo = std::array<float, 3>{(*tempo)[0], (*tempo)[1], (*tempo)[2]};
            } else if (word == "swing") {
                const auto swing = value.value<double>();
                if (!swing || !(*swing >= 0.5 && *swing <= 0.75))
                    return complain(value, "swing is 0.5 to 0.75");
                band.swing = static_cast<float>(*swing);
            } else if (const auto part = part_named(word); part && value.is_table()) {
                read_part(*value.as_table(), band.parts[*part]);
            } else {
                complain(value, "'{}': a genre has tempo, swing, bass, chords and drums", word);
            }
        }
    }

    void read_part(const toml::table& table, WrittenPart& part) {
        for (const auto& [key, value] : table) {
            const auto word = key.str();
            if (word == "program") {
                const auto program = value.value<std::int64_t>();
                if (!program || *program < 1 || *program > 128)
                    return complain(value, "a program is 1 to 128");
                part.program = static_cast<std::uint8_t>(*program);
            } else if (word == "habits") {
                const auto habits = numbers(value, 4, 0.0, 1.0);
                if (!habits) return;
                part.habits = BandHabits{(*habits)[0], (*habits)[1], (*habits)[2], (*habits)[3]};
            } else if (word == "written") {
                const auto share = value.value<double>();
                if (!share || !(*share >= 0.0 && *share <= 0.95))
                    return complain(value, "written is a share, 0 to 0.95");
                part.share = *share;
            } else {
                complain(value, "'{}': a part has program, habits and written", word);
            }
        }
    }

    std::string_view name_;
    WrittenBands bands_;
    std::optional<Error> failure_;
};

}  // namespace

Result<WrittenBands> parse_written(std::string_view text, std::string_view name) {
    try {
        return Reader{name}.read(toml::parse(text, name));
    } catch (const toml::parse_error& error) {
        return fail(Error::Code::malformed,
                    fmt::format("{}:{}: {}", name, error.source().begin.line, error.description()));
    }
}

Result<WrittenBands> read_written(const std::filesystem::path& file) {
    const auto bytes = read_file(file, kMostBytes);
    if (!bytes) return tl::unexpected{bytes.error()};
    return parse_written({reinterpret_cast<const char*>(bytes->data()), bytes->size()},
                         file.string());
}

void add_written(const WrittenBand& written, GenreBand& band) {
    for (std::size_t p = 0; p < kBandParts; ++p) {
        const auto& part = written.parts[p];
        auto& book = band.parts[p];
        // By bar and role: what is learned, and what is written.
        std::map<std::pair<std::uint8_t, PatternRole>, std::array<double, 2>> sums;
        for (const auto& pattern : book.patterns)
            sums[{pattern.bar, pattern.role}][0] += pattern.times;
        for (const auto& pattern : part.patterns)
            sums[{pattern.bar, pattern.role}][1] += pattern.times;
        for (auto pattern : part.patterns) {
            const auto& [learned, all] = sums[{pattern.bar, pattern.role}];
            if (learned > 0.0) {
                const double share = part.share / (1.0 - part.share) * learned / all;
                pattern.times = static_cast<std::uint16_t>(
                    std::clamp(std::lround(share * pattern.times), 1L, 65535L));
            }
            book.patterns.push_back(std::move(pattern));
        }
        if (part.program) book.program = *part.program;
        if (part.habits) book.habits = *part.habits;
    }
    if (written.tempo) {
        band.style.slowest = (*written.tempo)[0];
        band.style.usual = (*written.tempo)[1];
        band.style.fastest = (*written.tempo)[2];
    }
    if (written.swing) band.style.swing = *written.swing;
}

}  // namespace fusion::train
