#include "engine/model/form_book.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/model/bytes.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

const PieceForm kAabb{{}, {1, kAllBars}, {}, {1, 0b0111}};
const PieceForm kAba{{}, {}, {2, kAllBars}};
const PieceForm kNew(kFormPhrases);

Blend of(float first, float second = 0.0F) {
    Blend blend;
    blend.share[0] = first;
    blend.share[1] = second;
    return blend;
}

TEST(FormBook, AFormIsPlayedWholeAndTheNextOneFollows) {
    const std::vector<FormBook> books{{{kAabb, kAba}, 0.9F}};
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        for (std::uint32_t phrase = 0; phrase < 3 * kFormPhrases;) {
            const auto first = phrase_in_form(books, of(1.0F), seed, 0, phrase);
            ASSERT_NE(first.form, nullptr);
            ASSERT_EQ(first.phrase, 0U) << phrase;
            EXPECT_EQ(first.book, &books[0]);
            // What does not fit into the last of all is left out.
            const auto end =
                std::min<std::uint32_t>(phrase + static_cast<std::uint32_t>(first.form->size()),
                                        (phrase / kFormPhrases + 1) * kFormPhrases);
            for (std::uint32_t p = 0; phrase < end; ++phrase, ++p) {
                const auto placed = phrase_in_form(books, of(1.0F), seed, 0, phrase);
                EXPECT_EQ(placed.form, first.form);
                EXPECT_EQ(placed.phrase, p);
                EXPECT_EQ(placed.what(), (*first.form)[p]);
            }
        }
    }
}

TEST(FormBook, EachFormOfAGenreIsDrawnAsOftenAndOfABlendEachGenresByItsShare) {
    const std::vector<FormBook> books{{{kAabb, kAba}, 1.0F}, {{kNew}, 1.0F}};
    std::array<int, 3> drawn{};
    constexpr int kSeeds = 4000;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        const auto* form = phrase_in_form(books, of(0.5F, 0.5F), seed, 0, 0).form;
        ++drawn[form == &books[1].forms[0] ? 2 : form == &books[0].forms[1] ? 1 : 0];
    }
    EXPECT_NEAR(drawn[0], kSeeds / 4, 150);
    EXPECT_NEAR(drawn[1], kSeeds / 4, 150);
    EXPECT_NEAR(drawn[2], kSeeds / 2, 200);
}

TEST(FormBook, TheSameDiceFallTheSameAndATurnedKnobKeepsThemWhileItCan) {
    const std::vector<FormBook> books{{{kAabb}, 1.0F}, {{kNew}, 1.0F}};
    int first = 0, changes = 0;
    const PieceForm* before = nullptr;
    for (int weight = 0; weight <= 100; ++weight) {
        const auto share = static_cast<float>(weight) / 100.0F;
        const auto placed = phrase_in_form(books, of(share, 1.0F - share), 5, 0, 0);
        EXPECT_EQ(placed.form, phrase_in_form(books, of(share, 1.0F - share), 5, 0, 0).form);
        first += placed.form == &books[0].forms[0] ? 1 : 0;
        changes += before != nullptr && placed.form != before ? 1 : 0;
        before = placed.form;
    }
    EXPECT_EQ(changes, 1);
    EXPECT_GT(first, 0);
}

TEST(FormBook, WithoutFormsAllIsNew) {
    EXPECT_EQ(phrase_in_form({}, of(1.0F), 1, 0, 7).form, nullptr);
    const std::vector<FormBook> books{{{}, 0.0F}, {{kAabb}, 1.0F}};
    EXPECT_EQ(phrase_in_form(books, of(1.0F), 1, 0, 7).what(), FormPhrase{});
    EXPECT_EQ(phrase_in_form(books, of(0.0F), 1, 0, 7).form, nullptr) << "silence";
    EXPECT_NE(phrase_in_form(books, of(0.9F, 0.1F), 1, 0, 7).form, nullptr)
        << "who has a form gives it";
}

TEST(FormBook, KnowsWhereAPhraseWasNew) {
    const PieceForm form{{}, {}, {2, kAllBars}, {2, kAllBars}, {2, 0b0011}, {}};
    EXPECT_EQ(original_of(form, 4), 0U);
    EXPECT_EQ(original_of(form, 3), 1U);
    EXPECT_EQ(original_of(form, 5), 5U);
}

TEST(FormBook, WhatIsWrittenIsReadAndWhatIsBrokenIsRefused) {
    const std::vector<FormBook> two{{{kAabb, kAba}, 0.9F, 0.3F}, {{kNew}, 0.0F}};
    std::vector<std::uint8_t> bytes;
    serialise_form_books(two, bytes);
    const auto read = parse_form_books(bytes);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, two);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(parse_form_books({bytes.data(), size})) << size;
    bytes.push_back(0);
    EXPECT_FALSE(parse_form_books(bytes));

    const auto refused = [](const FormBook& book) {
        std::vector<std::uint8_t> out;
        serialise_form_books({{}, book}, out);
        const auto parsed = parse_form_books(out);
        return parsed ? std::string{} : parsed.error().message;
    };
    for (const float bad : {-0.1F, 1.1F, NAN}) {
        EXPECT_THAT(refused({{kAba}, bad}), HasSubstr("genre 1: a share"));
        EXPECT_THAT(refused({{kAba}, 1.0F, bad}), HasSubstr("genre 1: a share"));
    }
    EXPECT_THAT(refused({{PieceForm{}}, 1.0F}), HasSubstr("1 to 32 phrases"));
    EXPECT_THAT(refused({{PieceForm(kFormPhrases + 1)}, 1.0F}), HasSubstr("1 to 32 phrases"));
    EXPECT_THAT(refused({std::vector<PieceForm>(kMostForms + 1, kAba), 1.0F}),
                HasSubstr("more than"));
    for (const FormPhrase& phrase :
         {FormPhrase{3, kAllBars}, FormPhrase{1, 0}, FormPhrase{0, 1}, FormPhrase{1, 16}})
        EXPECT_THAT(refused({{PieceForm{{}, {}, phrase}}, 1.0F}), HasSubstr("returns to none"));
    PieceForm far(20);
    far[18] = {17, kAllBars};
    EXPECT_THAT(refused({{far}, 1.0F}), HasSubstr("returns to none"));
}

}  // namespace
}  // namespace fusion
