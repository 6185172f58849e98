#include "engine/model/bundle.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/model/half.hpp"
#include "tests/support/small_bundle.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

class BundleFile : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  ("fusiond-bundle-test-" +
                   std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "-" +
                   testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::filesystem::path folder_;
};

TEST_F(BundleFile, ComesBackWhole) {
    auto bundle = small_bundle();
    bundle.record = R"({"seed":7})";
    bundle.tensors["a"] = {{2, 3}, {0.5F, -1.25F, 3.0F, 0.0F, 1e-4F, 100.0F}};
    ASSERT_TRUE(save_bundle(bundle, folder_ / "b", TensorPrecision::f32));
    const auto again = load_bundle(folder_ / "b");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->genres, bundle.genres);
    EXPECT_EQ(again->record, bundle.record);
    EXPECT_EQ(again->vocabulary.size(), bundle.vocabulary.size());
    EXPECT_EQ(again->tensors.at("a").shape, bundle.tensors.at("a").shape);
    EXPECT_EQ(again->tensors.at("a").values, bundle.tensors.at("a").values);
    EXPECT_EQ(again->ngrams.size(), bundle.ngrams.size());
    // Nothing but the bundle is left there.
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder_}, {}), 1);
}

TEST_F(BundleFile, KeepsElevenBitsInHalfPrecision) {
    auto bundle = small_bundle();
    bundle.tensors["a"] = {{3}, {0.1F, -3.2718F, 1e-5F}};
    const auto again = parse_bundle(serialise_bundle(bundle, TensorPrecision::f16), "b");
    ASSERT_TRUE(again);
    const auto& values = again->tensors.at("a").values;
    EXPECT_NEAR(values[0], 0.1F, 0.1F / 2048);
    EXPECT_NEAR(values[1], -3.2718F, 3.2F / 2048);
    EXPECT_NEAR(values[2], 1e-5F, 3e-8F);
}

TEST_F(BundleFile, IsRefusedAtEveryShorterLength) {
    const auto bytes = serialise_bundle(small_bundle(), TensorPrecision::f16);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const auto read = parse_bundle({bytes.data(), length}, "short");
        ASSERT_FALSE(read) << length;
        EXPECT_EQ(read.error().code, Error::Code::malformed);
        EXPECT_THAT(read.error().message, HasSubstr("short"));
    }
}

TEST_F(BundleFile, IsRefusedWithAnyBitOfItsPayloadFlipped) {
    const auto bytes = serialise_bundle(small_bundle(), TensorPrecision::f16);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        auto altered = bytes;
        altered[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        EXPECT_FALSE(parse_bundle(altered, "altered")) << "bit " << bit;
    }
}

TEST_F(BundleFile, IsRefusedWithBytesAtItsEnd) {
    auto bytes = serialise_bundle(small_bundle(), TensorPrecision::f16);
    bytes.push_back(0);
    EXPECT_FALSE(parse_bundle(bytes, "long"));
}

TEST_F(BundleFile, SaysWhatAForeignFileIs) {
    std::ofstream{folder_ / "song.mid"} << "MThd and so on";
    const auto read = load_bundle(folder_ / "song.mid");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("not a fusiond bundle"));
    EXPECT_THAT(read.error().message, HasSubstr("song.mid"));
}

TEST_F(BundleFile, SaysWhereAMissingFileWouldBeNamed) {
    const auto read = load_bundle(folder_ / "none");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Error::Code::not_found);
    EXPECT_THAT(read.error().message, HasSubstr("--bundle"));
}

TEST_F(BundleFile, IsNoFolder) { EXPECT_FALSE(load_bundle(folder_)); }

TEST_F(BundleFile, RefusesAnotherVersionByItsNumber) {
    auto bytes = serialise_bundle(small_bundle(), TensorPrecision::f16);
    bytes[8] = 9;
    const auto read = parse_bundle(bytes, "new");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("version 9"));
}

TEST_F(BundleFile, LeavesTheOldFileWhenTheNewOneCannotBeWritten) {
    const auto saved =
        save_bundle(small_bundle(), folder_ / "no" / "such" / "folder" / "b", TensorPrecision::f16);
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, Error::Code::io);
}

Bundle accented_bundle() {
    auto bundle = small_bundle();
    bundle.accents.genres.resize(2);
    bundle.accents.genres[0].by_place[0] = 120;
    bundle.accents.genres[1].by_octave = -45;
    return bundle;
}

TEST_F(BundleFile, BringsItsAccentsAlong) {
    const auto bundle = accented_bundle();
    const auto again = parse_bundle(serialise_bundle(bundle, TensorPrecision::f16), "b");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->accents, bundle.accents);
}

TEST_F(BundleFile, IsWholeWithoutAccents) {
    const auto bytes = serialise_bundle(small_bundle(), TensorPrecision::f16);
    const auto again = parse_bundle(bytes, "b");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->accents.genres.empty());
    // As before there were any: five sections, none of them for accents.
    EXPECT_EQ(bytes[12], 5);
}

TEST_F(BundleFile, IsRefusedWithAnyBitOfItsAccentsFlipped) {
    const auto plain = serialise_bundle(small_bundle(), TensorPrecision::f16);
    const auto bytes = serialise_bundle(accented_bundle(), TensorPrecision::f16);
    ASSERT_GT(bytes.size(), plain.size() + 900);
    // From the section's tag on: a bundle must not lose its accents silently.
    for (std::size_t bit = plain.size() * 8; bit < bytes.size() * 8; ++bit) {
        auto altered = bytes;
        altered[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        EXPECT_FALSE(parse_bundle(altered, "altered")) << "bit " << bit;
    }
}

TEST_F(BundleFile, SaysWhatIsWrongWithItsAccents) {
    auto bundle = accented_bundle();
    bundle.accents.genres[1].base = kLargestAccent + 1;
    const auto beyond = parse_bundle(serialise_bundle(bundle, TensorPrecision::f16), "loud");
    ASSERT_FALSE(beyond);
    EXPECT_EQ(beyond.error().code, Error::Code::malformed);
    EXPECT_THAT(beyond.error().message, HasSubstr("section ACCT"));

    bundle = accented_bundle();
    bundle.accents.genres.pop_back();
    const auto too_few = parse_bundle(serialise_bundle(bundle, TensorPrecision::f16), "few");
    ASSERT_FALSE(too_few);
    EXPECT_THAT(too_few.error().message, HasSubstr("accents of 1 genres for 2"));
}

TEST(Half, WhatIsTooSmallForOneIsZeroAndKeepsItsSign) {
    for (int exponent = -149; exponent < -25; ++exponent)
        for (const float mantissa : {1.0F, 1.5F, 1.999F}) {
            const float tiny = std::ldexp(mantissa, exponent);
            if (tiny >= 0x1p-25F) continue;
            EXPECT_EQ(to_half(tiny), 0) << mantissa << " x 2^" << exponent;
            EXPECT_EQ(to_half(-tiny), 0x8000) << mantissa << " x 2^" << exponent;
        }
    EXPECT_EQ(to_half(0x1p-25F), 0) << "a tie goes to the even one";
    EXPECT_EQ(to_half(0x1.8p-25F), 1);
    EXPECT_EQ(to_half(0x1p-24F), 1);
}

TEST_F(BundleFile, BringsItsDiceAndItsFormsAlongAndIsWholeWithoutThem) {
    auto bundle = small_bundle();
    bundle.dice = {{0.9F, 0.95F, 0.5F}, {1.1F, 1.0F, 0.0F}};
    bundle.forms.resize(2);
    bundle.forms[1].kept = 0.75F;
    bundle.chords.resize(2);
    bundle.chords[1].pull = 0.5F;
    bundle.manners.resize(2);
    bundle.manners[1].leaning[5] = -0.25F;
    bundle.band.resize(2);
    bundle.band[1].style.usual = bundle.band[1].style.fastest = 96.0F;
    bundle.start = {10.0F, 0.0F};
    const auto again = parse_bundle(serialise_bundle(bundle, TensorPrecision::f16), "b");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->dice, bundle.dice);
    EXPECT_EQ(again->forms, bundle.forms);
    EXPECT_EQ(again->chords, bundle.chords);
    EXPECT_EQ(again->manners, bundle.manners);
    EXPECT_EQ(again->band, bundle.band);
    EXPECT_EQ(again->start, bundle.start);
    const auto plain = parse_bundle(serialise_bundle(small_bundle(), TensorPrecision::f16), "b");
    ASSERT_TRUE(plain);
    EXPECT_TRUE(plain->dice.empty());
    EXPECT_TRUE(plain->forms.empty());
    EXPECT_TRUE(plain->chords.empty());
    EXPECT_TRUE(plain->manners.empty());
    EXPECT_TRUE(plain->band.empty());
}

TEST_F(BundleFile, SaysWhatIsWrongWithItsDiceAndItsForms) {
    auto bundle = small_bundle();
    bundle.dice = {GenreDice{}};
    const auto dice = parse_bundle(serialise_bundle(bundle, TensorPrecision::f16), "few");
    ASSERT_FALSE(dice);
    EXPECT_THAT(dice.error().message, HasSubstr("dice of 1 genres for 2"));
    bundle = small_bundle();
    bundle.forms.resize(3);
    const auto forms = parse_bundle(serialise_bundle(bundle, TensorPrecision::f16), "many");
    ASSERT_FALSE(forms);
    EXPECT_THAT(forms.error().message, HasSubstr("forms of 3 genres for 2"));
    bundle.forms.resize(2);
    bundle.forms[0].kept = 7.0F;
    const auto beyond = parse_bundle(serialise_bundle(bundle, TensorPrecision::f16), "much");
    ASSERT_FALSE(beyond);
    EXPECT_THAT(beyond.error().message, HasSubstr("section FRMB"));
    bundle = small_bundle();
    bundle.chords.resize(1);
    const auto chords = parse_bundle(serialise_bundle(bundle, TensorPrecision::f16), "few");
    ASSERT_FALSE(chords);
    EXPECT_THAT(chords.error().message, HasSubstr("chords of 1 genres for 2"));
    for (const std::vector<float>& bad :
         {std::vector<float>{0.0F, 0.0F}, std::vector<float>{11.0F, 0.0F},
          std::vector<float>{1.0F}}) {
        bundle = small_bundle();
        bundle.start = bad;
        EXPECT_FALSE(parse_bundle(serialise_bundle(bundle, TensorPrecision::f16), "start"));
    }
}

TEST(Half, RoundTripsEveryFiniteHalf) {
    for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        const float value = from_half(half);
        if (!std::isfinite(value)) continue;
        EXPECT_EQ(to_half(value), half) << bits;
    }
}

TEST(Half, RoundsToTheNearestAndTiesToEven) {
    EXPECT_EQ(from_half(to_half(1.0F + 0x1p-12F)), 1.0F);
    EXPECT_EQ(from_half(to_half(1.0F + 0x1p-11F)), 1.0F);
    EXPECT_EQ(from_half(to_half(1.0F + 3 * 0x1p-11F)), 1.0F + 0x1p-9F);
    EXPECT_EQ(from_half(to_half(0x1p-25F)), 0.0F);
    EXPECT_EQ(from_half(to_half(0x1.8p-25F)), 0x1p-24F);
    EXPECT_TRUE(std::isinf(from_half(to_half(1e6F))));
}

}  // namespace
}  // namespace fusion
