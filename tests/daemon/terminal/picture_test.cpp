#include "daemon/terminal/picture.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

TEST(Picture, ATextStandsWhereItIsWrittenACellACharacter) {
    Picture page{{2, 6}};
    EXPECT_EQ(page.write(1, 1, "Dm7♭5"), 6);
    EXPECT_EQ(page.text(), "\n Dm7♭5\n");
    EXPECT_EQ(page.at(1, 4).character, U'♭');
}

TEST(Picture, WhatLiesOutsideIsCutOff) {
    Picture page{{1, 3}};
    page.write(0, -1, "abcdef", Ink::bad);
    page.write(1, 0, "below");
    page.put(-1, 0, U'x');
    EXPECT_EQ(page.text(), "bcd\n");
    EXPECT_EQ(page.at(0, 2).ink, Ink::bad);
    EXPECT_EQ(Picture({-3, 5}).text(), "");
}

TEST(Picture, ATextIsNoLongerThanItMayBe) {
    Picture page{{1, 8}};
    EXPECT_EQ(page.write(0, 0, "classical", Ink::plain, 4), 4);
    EXPECT_EQ(page.text(), "clas\n");
}

TEST(Picture, WhatMovesTheCursorOrIsNoUtf8IsAQuestionMark) {
    Picture page{{1, 12}};
    // A line's end, an escape, a lone tail byte, a lead byte without its tail, a control of C1,
    // an overlong slash.
    page.write(0, 0, "a\n\x1b[\x80\xC3(\xC2\x9B\xC0\xAF");
    EXPECT_EQ(page.text(), "a\?\?[\?\?(\?\?\?\n");
    EXPECT_EQ(width_of("a\n\x1b[\x80\xC3(\xC2\x9B\xC0\xAF"), 10);
}

TEST(Picture, EveryCharacterComesBackAsItsBytes) {
    for (const char* text : {"z", "ü", "▀", "𝄞"}) {
        Picture page{{1, 1}};
        page.write(0, 0, text);
        EXPECT_EQ(to_utf8(page.at(0, 0).character), text);
    }
}

}  // namespace
}  // namespace fusion
