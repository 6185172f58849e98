// The parts of the band beside the line. Thread: any. Errors: none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fusion {

enum class BandPart : std::uint8_t { bass, chords, drums };
inline constexpr std::size_t kBandParts = 3;
inline constexpr std::array<std::string_view, kBandParts> kBandPartNames{"bass", "chords", "drums"};
inline constexpr std::array<BandPart, kBandParts> kAllBandParts{BandPart::bass, BandPart::chords,
                                                                BandPart::drums};

constexpr std::size_t index_of(BandPart part) { return static_cast<std::size_t>(part); }

}  // namespace fusion
