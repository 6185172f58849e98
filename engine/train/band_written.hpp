// What is written down of a band where a genre's pieces have no such part
// (engine/models/patterns.toml, which says how it reads), and how it joins what was learned.
// Who calls: band.cpp. Thread: any. Errors: not_found, io, malformed with line and what is wrong.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.hpp"
#include "engine/model/band_book.hpp"

namespace fusion::train {

struct WrittenPart {
    std::vector<BandPattern> patterns;
    std::optional<std::uint8_t> program;
    std::optional<BandHabits> habits;
    // What part of the time written patterns are drawn where there are learned ones of the same bar
    // and role, all of them together.
    double share = 0.25;
};

struct WrittenBand {
    std::array<WrittenPart, kBandParts> parts;
    std::optional<std::array<float, 3>> tempo;
    std::optional<float> swing;
};

using WrittenBands = std::map<std::string, WrittenBand, std::less<>>;  // by genre

[[nodiscard]] Result<WrittenBands> parse_written(std::string_view text, std::string_view name);
[[nodiscard]] Result<WrittenBands> read_written(const std::filesystem::path& file);

// Written patterns stand beside learned ones; what else is written replaces what was learned.
void add_written(const WrittenBand& written, GenreBand& band);

}  // namespace fusion::train
