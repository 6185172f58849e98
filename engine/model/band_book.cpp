#include "engine/model/band_book.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/model/bytes.hpp"
#include "engine/music/genre_weights.hpp"

namespace fusion {
namespace {

// What a file may hold; what is learned stays far below.
constexpr std::uint64_t kMostPatterns = 4096;
constexpr std::uint64_t kMostNotes = 512;
constexpr std::uint8_t kLowestKey = 27, kHighestKey = 87;
constexpr std::uint8_t kAllVoices = 0b1111;

bool fits(const BandNote& note, BandPart part, std::uint8_t bar) {
    if (note.place >= bar || note.length == 0) return false;
    if (note.velocity == 0 || note.velocity > 127) return false;
    switch (part) {
        case BandPart::bass: return note.what < kBassTones && note.octave >= -1 && note.octave <= 2;
        case BandPart::chords: return note.what > 0 && note.what <= kAllVoices && note.octave == 0;
        case BandPart::drums:
            return note.what >= kLowestKey && note.what <= kHighestKey && note.octave == 0;
    }
    return false;
}

bool is_share(float value) { return value >= 0.0F && value <= 1.0F; }

bool read_pattern(ByteReader& in, BandPart part, BandPattern& pattern) {
    pattern.bar = in.read<std::uint8_t>();
    const auto role = in.read<std::uint8_t>();
    const auto origin = in.read<std::uint8_t>();
    pattern.times = in.read<std::uint16_t>();
    const auto notes = in.varint();
    if (in.failed() || pattern.bar == 0 || role > 1 || origin > 1 || pattern.times == 0 ||
        notes > kMostNotes)
        return false;
    pattern.role = static_cast<PatternRole>(role);
    pattern.origin = static_cast<PatternOrigin>(origin);
    for (std::uint64_t n = 0; n < notes; ++n) {
        BandNote note;
        note.place = in.read<std::uint8_t>();
        note.length = in.read<std::uint8_t>();
        note.what = in.read<std::uint8_t>();
        note.octave = in.read<std::int8_t>();
        note.velocity = in.read<std::uint8_t>();
        if (in.failed() || !fits(note, part, pattern.bar)) return false;
        pattern.notes.push_back(note);
    }
    return std::ranges::is_sorted(pattern.notes, {}, &BandNote::place);
}

bool read_part(ByteReader& in, BandPart part, PartBook& book) {
    const auto patterns = in.varint();
    if (in.failed() || patterns > kMostPatterns) return false;
    for (std::uint64_t p = 0; p < patterns; ++p)
        if (!read_pattern(in, part, book.patterns.emplace_back())) return false;
    bool are_shares = true;
    each_value(book.habits, [&](float& value) {
        value = in.read<float>();
        are_shares = are_shares && is_share(value);
    });
    book.program = in.read<std::uint8_t>();
    return !in.failed() && are_shares && book.program <= 128;
}

bool read_style(ByteReader& in, GenreStyle& style) {
    style.slowest = in.read<float>();
    style.usual = in.read<float>();
    style.fastest = in.read<float>();
    style.swing = in.read<float>();
    return !in.failed() && style.slowest >= 0.0F && style.slowest <= style.usual &&
           style.usual <= style.fastest && style.fastest <= 1000.0F && style.swing >= 0.5F &&
           style.swing <= 0.75F;
}

}  // namespace

void serialise_band(const std::vector<GenreBand>& genres, std::vector<std::uint8_t>& out) {
    put_varint(out, genres.size());
    for (const auto& genre : genres) {
        for (const auto& book : genre.parts) {
            put_varint(out, book.patterns.size());
            for (const auto& pattern : book.patterns) {
                put(out, pattern.bar);
                put(out, pattern.role);
                put(out, pattern.origin);
                put(out, pattern.times);
                put_varint(out, pattern.notes.size());
                for (const auto& note : pattern.notes) {
                    put(out, note.place);
                    put(out, note.length);
                    put(out, note.what);
                    put(out, note.octave);
                    put(out, note.velocity);
                }
            }
            each_value(book.habits, [&](float value) { put(out, value); });
            put(out, book.program);
        }
        put(out, genre.style.slowest);
        put(out, genre.style.usual);
        put(out, genre.style.fastest);
        put(out, genre.style.swing);
    }
}

Result<std::vector<GenreBand>> parse_band(std::span<const std::uint8_t> payload) {
    ByteReader in{payload};
    const auto count = in.varint();
    if (in.failed() || count > kMaxGenres)
        return fail(Error::Code::malformed, "a band for too many genres");
    std::vector<GenreBand> genres(count);
    for (std::size_t g = 0; g < genres.size(); ++g) {
        for (std::size_t p = 0; p < kBandParts; ++p)
            if (!read_part(in, static_cast<BandPart>(p), genres[g].parts[p]))
                return fail(Error::Code::malformed,
                            fmt::format("the {} of genre {} are out of range, or cut short, at "
                                        "byte {}",
                                        kBandPartNames[p], g, in.at()));
        if (!read_style(in, genres[g].style))
            return fail(Error::Code::malformed,
                        fmt::format("the tempo and swing of genre {} are out of range, or cut "
                                    "short",
                                    g));
    }
    if (in.left() > 0) return fail(Error::Code::malformed, "the band has the wrong length");
    return genres;
}

}  // namespace fusion
