#include "engine/corpus/smf_bytes.hpp"

#include <algorithm>
#include <cmath>

namespace fusion {
namespace {

constexpr std::int64_t kLongestDelta = 0x0FFFFFFF;

}  // namespace

void put_big_endian(SmfBytes& out, std::uint64_t value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        out.push_back(static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift)));
}

void put_variable_length(SmfBytes& out, std::int64_t value) {
    std::array<std::uint8_t, 4> groups{};
    int count = 0;
    do {
        groups[static_cast<std::size_t>(count++)] = static_cast<std::uint8_t>(value & 0x7F);
        value >>= 7;
    } while (value > 0);
    while (count-- > 0)
        out.push_back(static_cast<std::uint8_t>(groups[static_cast<std::size_t>(count)] |
                                                (count ? 0x80 : 0)));
}

void put_delta(SmfBytes& out, std::int64_t delta) {
    for (; delta > kLongestDelta; delta -= kLongestDelta) {
        put_variable_length(out, kLongestDelta);
        out.insert(out.end(), {0xFF, 0x01, 0x00});
    }
    put_variable_length(out, delta);
}

void put_text_event(SmfBytes& out, std::uint8_t kind, std::string_view text) {
    out.insert(out.end(), {0xFF, kind});
    put_variable_length(out, static_cast<std::int64_t>(text.size()));
    out.insert(out.end(), text.begin(), text.end());
}

std::array<std::uint8_t, 6> smf_tempo(Bpm tempo) {
    const double clamped = std::clamp(tempo.count(), kMinTempo.count(), kMaxTempo.count());
    const auto micros = static_cast<std::uint32_t>(std::lround(60e6 / clamped));
    return {0xFF,
            0x51,
            0x03,
            static_cast<std::uint8_t>(micros >> 16U),
            static_cast<std::uint8_t>(micros >> 8U),
            static_cast<std::uint8_t>(micros)};
}

void put_smf_file_head(SmfBytes& out, std::uint16_t ticks_per_beat, std::size_t tracks) {
    out.insert(out.end(), {'M', 'T', 'h', 'd'});
    put_big_endian(out, 6, 4);
    put_big_endian(out, tracks > 1 ? 1 : 0, 2);
    put_big_endian(out, tracks, 2);
    put_big_endian(out, ticks_per_beat, 2);
}

void put_smf_track_head(SmfBytes& out, std::uint32_t track_bytes) {
    out.insert(out.end(), {'M', 'T', 'r', 'k'});
    put_big_endian(out, track_bytes, 4);
}

void put_smf_head(SmfBytes& out, std::uint16_t ticks_per_beat, std::uint32_t track_bytes) {
    put_smf_file_head(out, ticks_per_beat, 1);
    put_smf_track_head(out, track_bytes);
}

}  // namespace fusion
