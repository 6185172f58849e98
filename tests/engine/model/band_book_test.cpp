#include "engine/model/band_book.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

std::vector<GenreBand> some_band() {
    std::vector<GenreBand> genres(2);
    auto& bass = genres[1].parts[static_cast<std::size_t>(BandPart::bass)];
    bass.patterns.push_back({48,
                             PatternRole::groove,
                             PatternOrigin::written,
                             7,
                             {{0, 12, static_cast<std::uint8_t>(BassTone::root), 0, 100},
                              {24, 24, static_cast<std::uint8_t>(BassTone::fifth), -1, 90}}});
    bass.habits = {0.25F, 0.5F, 0.75F, 1.0F};
    bass.program = 33;
    auto& drums = genres[1].parts[static_cast<std::size_t>(BandPart::drums)];
    drums.patterns.push_back(
        {36, PatternRole::fill, PatternOrigin::learned, 1, {{0, 1, 36, 0, 127}, {0, 1, 42, 0, 1}}});
    drums.patterns.push_back({36, PatternRole::groove, PatternOrigin::learned, 2, {}});
    genres[0].parts[static_cast<std::size_t>(BandPart::chords)].patterns.push_back(
        {48, PatternRole::groove, PatternOrigin::learned, 3, {{47, 200, 0b1010, 0, 64}}});
    genres[0].style = {60.0F, 96.0F, 180.0F, 0.66F};
    return genres;
}

std::vector<std::uint8_t> bytes_of(const std::vector<GenreBand>& genres) {
    std::vector<std::uint8_t> bytes;
    serialise_band(genres, bytes);
    return bytes;
}

TEST(BandBook, ComesBackFromItsBytesAsItWas) {
    const auto again = parse_band(bytes_of(some_band()));
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_EQ(*again, some_band());
}

TEST(BandBook, CutAnywhereOrTooLongItIsMalformed) {
    const auto whole = bytes_of(some_band());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse_band(std::span{whole}.first(size)).has_value()) << size;
    auto longer = whole;
    longer.push_back(0);
    EXPECT_FALSE(parse_band(longer).has_value());
}

TEST(BandBook, WhatCannotBePlayedIsMalformedAndSaysWhose) {
    const auto refused = [](auto&& spoil) {
        auto genres = some_band();
        spoil(genres);
        const auto read = parse_band(bytes_of(genres));
        return read ? std::string{} : read.error().message;
    };
    const auto bass_note = [](std::vector<GenreBand>& genres) -> BandNote& {
        return genres[1].parts[0].patterns[0].notes[1];
    };
    EXPECT_NE(refused([&](auto& genres) { bass_note(genres).place = 48; }).find("bass of genre 1"),
              std::string::npos);
    EXPECT_NE(refused([&](auto& genres) { bass_note(genres).what = kBassTones; }), "");
    EXPECT_NE(refused([&](auto& genres) { bass_note(genres).length = 0; }), "");
    EXPECT_NE(refused([&](auto& genres) { bass_note(genres).velocity = 128; }), "");
    EXPECT_NE(refused([&](auto& genres) { genres[1].parts[0].patterns[0].notes[0].place = 30; }),
              "")
        << "notes out of order";
    EXPECT_NE(refused([](auto& genres) { genres[1].parts[0].habits.as_last = 1.5F; }), "");
    EXPECT_NE(refused([](auto& genres) { genres[1].parts[0].program = 129; }), "");
    EXPECT_NE(refused([](auto& genres) {
                  genres[1].parts[2].patterns[0].notes[0].what = 88;
              }).find("drums of genre 1"),
              std::string::npos);
    EXPECT_NE(refused([](auto& genres) { genres[0].parts[1].patterns[0].notes[0].what = 0; }), "");
    EXPECT_NE(refused([](auto& genres) { genres[0].style.slowest = 200.0F; }).find("tempo"),
              std::string::npos);
}

}  // namespace
}  // namespace fusion
