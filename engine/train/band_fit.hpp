// A genre's band out of its pieces' (band_extract.hpp): the patterns that most pieces have, how
// often each, how bars follow each other, the usual program, tempo and swing.
//
// A pattern counts once for each piece (related ones are one) that has it and up to kMostOfAPiece
// times for how often, so that a loop of a hundred bars is not a hundred patterns. Bars that are
// nearly the same (band_likeness.hpp) are merged into the one that more pieces have. Of patterns
// that as many pieces have those come first that other pieces have something like. Who calls:
// band.cpp. Thread: any. Errors: none. Deterministic.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "engine/model/band_book.hpp"
#include "engine/train/band_extract.hpp"

namespace fusion::train {

inline constexpr std::size_t kMostOfAPiece = 4;
inline constexpr std::size_t kMostGrooves = 48;  // of a bar length
inline constexpr std::size_t kMostFills = 16;

struct FittedBand {
    GenreBand band;
    std::array<std::size_t, kBandParts> pieces{};  // that have the part
    std::array<std::size_t, kBandParts> bars{};    // that were read
    std::size_t tempi = 0;                         // pieces whose tempo is known
    std::size_t swung = 0;                         // pieces whose eighths were played by hand
};

[[nodiscard]] FittedBand fit_band(const std::vector<BandSheet>& pieces);

}  // namespace fusion::train
