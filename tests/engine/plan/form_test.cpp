#include "engine/plan/form.hpp"

#include <gmock/gmock.h>

namespace fusion {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Form read(std::string_view text) {
    const auto form = Form::parse(text);
    if (!form) ADD_FAILURE() << text << ": " << form.error().message;
    return form.value_or(Form{});
}

std::string written(std::string_view text) { return read(text).text(); }

std::string why_not(std::string_view text) {
    const auto form = Form::parse(text);
    return form ? "was read as " + form->text() : form.error().message;
}

FormPlace place(const Form& form, std::int64_t bar, PhraseLength phrase = PhraseLength::four) {
    const auto found = form.place_at(bar, phrase);
    EXPECT_TRUE(found);
    return found.value_or(FormPlace{});
}

TEST(Form, IsWrittenInMoreThanOneWay) {
    EXPECT_EQ(written("AABA"), "A A B A");
    EXPECT_EQ(written(" A-A|B, A "), "A A B A");
    EXPECT_EQ(written("AABB"), "A A B B");
    EXPECT_EQ(written("A8 B4"), "A B4");
    EXPECT_EQ(written("A16B4A"), "A16 B4 A");
    EXPECT_EQ(written("A A'B A’’"), "A A' B A'");
    EXPECT_EQ(written("A′4 A4'"), "A'4 A'4");
    for (const char* text : {"A A B A", "A B4 A'12", "Z64"}) EXPECT_EQ(written(text), text);
}

TEST(Form, ItsWordsLeaveTheSectionsToThePlanOrHaveNone) {
    for (const char* text : {"auto", " Auto ", "", "  "}) {
        EXPECT_EQ(read(text).kind(), FormKind::automatic);
        EXPECT_EQ(written(text), "auto");
    }
    EXPECT_EQ(read("free").kind(), FormKind::free);
    EXPECT_EQ(read("FREE").kind(), FormKind::free);
    EXPECT_EQ(written("free"), "free");
    EXPECT_EQ(read("auto").place_at(3, PhraseLength::four), std::nullopt);
    EXPECT_EQ(read("free").place_at(3, PhraseLength::four), std::nullopt);
}

TEST(Form, ASectionReturnsTheLastOfItsLetterThatWasNotVaried) {
    const auto form = read("A A' B A");
    EXPECT_EQ(form.bars(), 32);
    const auto returns = [&](std::int64_t bar) {
        const auto at = place(form, bar);
        return at.returns ? at.returns->section : -1;
    };
    EXPECT_EQ(returns(0), -1);
    EXPECT_EQ(returns(8), 0);
    EXPECT_EQ(returns(16), -1);
    EXPECT_EQ(returns(24), 0) << "the second A was varied";
    // The second round.
    EXPECT_EQ(returns(32), 3);
    EXPECT_EQ(returns(40), 4);
    EXPECT_EQ(returns(48), 2);
    EXPECT_EQ(returns(63), 4);
    EXPECT_EQ(place(form, 63).returns->begins, 32);
    EXPECT_EQ(place(form, 47).section, 5);
    EXPECT_EQ(place(form, 47).begins, 40);
    EXPECT_TRUE(place(form, 47).what.varied);

    // Nothing but varied ones: the last.
    const auto varied = read("A'");
    EXPECT_EQ(place(varied, 7).returns, std::nullopt);
    EXPECT_EQ(place(varied, 17).returns, (FormPlace::Earlier{1, 8}));
}

TEST(Form, PlacesGoRoundForEver) {
    const auto form = read("A4 B12 A'");
    std::int64_t bar = 0;
    for (std::int64_t section = 0; section < 300; ++section) {
        const auto& what = form.sections()[static_cast<std::size_t>(section % 3)];
        for (int in_section = 0; in_section < what.bars; ++in_section, ++bar) {
            const auto at = place(form, bar);
            ASSERT_EQ(at.section, section);
            ASSERT_EQ(at.what, what);
            ASSERT_EQ(at.bar, in_section);
            ASSERT_EQ(at.begins + at.bar, bar);
            if (at.returns) {
                const auto earlier = place(form, at.returns->begins);
                ASSERT_EQ(earlier.section, at.returns->section);
                ASSERT_EQ(earlier.bar, 0);
                ASSERT_EQ(earlier.what.letter, what.letter);
                ASSERT_LT(earlier.section, section);
            }
        }
    }
    EXPECT_EQ(place(form, 24'000'000'005).bar, 1);
}

TEST(Form, ASectionIsDividedIntoPhrases) {
    const auto phrases = [](std::string_view text, PhraseLength length) {
        const auto form = read(text);
        std::string said;
        for (std::int64_t bar = 0; bar < form.bars(); ++bar) {
            const auto at = place(form, bar, length);
            EXPECT_LT(at.phrase_bar, at.phrase_bars);
            if (at.phrase_bar == 0) said += std::to_string(at.phrase_bars) + ' ';
        }
        return said;
    };
    using enum PhraseLength;
    EXPECT_EQ(phrases("A", four), "4 4 ");
    EXPECT_EQ(phrases("A", eight), "8 ");
    EXPECT_EQ(phrases("A12", four), "4 4 4 ");
    EXPECT_EQ(phrases("A12", eight), "8 4 ");
    EXPECT_EQ(phrases("A9", four), "4 5 ");
    EXPECT_EQ(phrases("A10", four), "4 4 2 ");
    EXPECT_EQ(phrases("A5", four), "5 ");
    EXPECT_EQ(phrases("A1 B", four), "1 4 4 ");
    const auto at = place(read("AA"), 14);
    EXPECT_EQ(at.phrase, 1);
    EXPECT_EQ(at.phrase_bar, 2);
}

TEST(Form, WhatCannotBeReadIsToldWithItsPlace) {
    EXPECT_THAT(why_not("aaba"), AllOf(HasSubstr("character 1:"), HasSubstr("AABA")));
    EXPECT_THAT(why_not("AA?A"), AllOf(HasSubstr("character 3:"), HasSubstr("? is no section")));
    EXPECT_THAT(why_not("A’ ♭"), HasSubstr("character 4:"));
    EXPECT_THAT(why_not("A 8"), AllOf(HasSubstr("character 3:"), HasSubstr("letter first")));
    EXPECT_THAT(why_not("'A"), HasSubstr("character 1:"));
    EXPECT_THAT(why_not("A B0"), AllOf(HasSubstr("character 4:"), HasSubstr("1 to 64")));
    EXPECT_THAT(why_not("A65"), HasSubstr("a section of 65 bars"));
    EXPECT_THAT(why_not("A99999999999999999999"), HasSubstr("character 2:"));
    EXPECT_THAT(why_not("|"), HasSubstr("without a section"));
    EXPECT_THAT(why_not("auto AABA"), HasSubstr("character 1:"));
    EXPECT_EQ(read(std::string(64, 'A')).sections().size(), kMaxSections);
    EXPECT_THAT(why_not(std::string(65, 'A')), HasSubstr("character 65: more than 64 sections"));
}

}  // namespace
}  // namespace fusion
