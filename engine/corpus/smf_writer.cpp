#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/corpus/smf.hpp"

namespace fusion {
namespace {

constexpr std::int64_t kLongestDelta = 0x0FFFFFFF;

void put_big_endian(std::vector<std::uint8_t>& out, std::uint64_t value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        out.push_back(static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift)));
}

void put_variable_length(std::vector<std::uint8_t>& out, std::int64_t value) {
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

// A silence of more than 279,620 beats does not fit one delta: empty texts carry the time.
void put_delta(std::vector<std::uint8_t>& out, std::int64_t delta) {
    for (; delta > kLongestDelta; delta -= kLongestDelta) {
        put_variable_length(out, kLongestDelta);
        out.insert(out.end(), {0xFF, 0x01, 0x00});
    }
    put_variable_length(out, delta);
}

}  // namespace

SmfWriter::SmfWriter(std::uint16_t ticks_per_beat)
    : ticks_per_beat_{std::clamp<std::uint16_t>(ticks_per_beat, 1, 0x7FFF)} {}

void SmfWriter::name(std::string name) {
    name.resize(std::min(name.size(), kMaxSmfNameBytes));
    name_ = std::move(name);
}

void SmfWriter::tempo(Ticks at, Bpm tempo) {
    const double clamped = std::clamp(tempo.count(), kMinTempo.count(), kMaxTempo.count());
    const auto micros = static_cast<std::uint32_t>(std::lround(60e6 / clamped));
    add(at, std::array<std::uint8_t, 6>{0xFF, 0x51, 0x03, static_cast<std::uint8_t>(micros >> 16U),
                                        static_cast<std::uint8_t>(micros >> 8U),
                                        static_cast<std::uint8_t>(micros)});
}

void SmfWriter::meter(Ticks at, Meter meter) {
    std::uint8_t power = 0;
    while ((1U << power) < meter.denominator) ++power;
    // The last two: MIDI clocks per metronome click, thirty-seconds per quarter note.
    add(at, std::array<std::uint8_t, 7>{0xFF, 0x58, 0x04, meter.numerator, power, 24, 8});
}

void SmfWriter::message(Ticks at, const MidiMessage& message) { add(at, message.span()); }

void SmfWriter::marker(Ticks at, std::string text) {
    text.resize(std::min(text.size(), kMaxSmfNameBytes));
    markers_.push_back({in_file(at), std::move(text)});
}

std::int64_t SmfWriter::in_file(Ticks at) const {
    return std::max<std::int64_t>(0, at.count()) * ticks_per_beat_ / kTicksPerBeat.count();
}

void SmfWriter::add(Ticks at, std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return;
    Entry entry{in_file(at), static_cast<std::uint8_t>(bytes.size()), {}};
    std::copy(bytes.begin(), bytes.end(), entry.bytes.begin());
    entries_.push_back(entry);
}

std::vector<std::uint8_t> SmfWriter::bytes(Ticks end) const {
    auto sorted = entries_;
    std::stable_sort(sorted.begin(), sorted.end(), [](auto& a, auto& b) { return a.at < b.at; });

    std::vector<std::uint8_t> track;
    const auto put_text = [&track](std::uint8_t kind, const std::string& text) {
        track.insert(track.end(), {0xFF, kind});
        put_variable_length(track, static_cast<std::int64_t>(text.size()));
        track.insert(track.end(), text.begin(), text.end());
    };
    if (!name_.empty()) {
        track.push_back(0x00);
        put_text(0x03, name_);
    }
    auto markers = markers_;
    std::ranges::stable_sort(markers, {}, &SmfMarker::at);
    auto marker = markers.begin();
    std::int64_t now = 0;
    const auto put_markers_up_to = [&](std::int64_t at) {
        for (; marker != markers.end() && marker->at <= at; ++marker) {
            put_delta(track, marker->at - now);
            put_text(0x06, marker->text);
            now = marker->at;
        }
    };
    for (const auto& entry : sorted) {
        put_markers_up_to(entry.at);
        put_delta(track, entry.at - now);
        track.insert(track.end(), entry.bytes.begin(), entry.bytes.begin() + entry.size);
        now = entry.at;
    }
    put_markers_up_to(std::numeric_limits<std::int64_t>::max());
    const auto last = in_file(end);
    put_delta(track, std::max<std::int64_t>(0, last - now));
    track.insert(track.end(), {0xFF, 0x2F, 0x00});

    std::vector<std::uint8_t> out{'M', 'T', 'h', 'd'};
    put_big_endian(out, 6, 4);
    put_big_endian(out, 0, 2);
    put_big_endian(out, 1, 2);
    put_big_endian(out, ticks_per_beat_, 2);
    out.insert(out.end(), {'M', 'T', 'r', 'k'});
    put_big_endian(out, track.size(), 4);
    out.insert(out.end(), track.begin(), track.end());
    return out;
}

}  // namespace fusion
