#include "engine/train/slips.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace fusion::train {
namespace {

constexpr std::size_t kSize = 64, kBefore = 40;
constexpr std::int32_t kBar = 48;

// Eight tones, each as an eighth, a quarter and a half.
Vocabulary tones() {
    std::vector<Event> events;
    for (std::uint8_t pitch = 60; pitch < 68; ++pitch)
        for (const std::int32_t length : {6, 12, 24})
            events.push_back({Pitch{pitch}, Cells{length}});
    return *Vocabulary::make(events);
}

class Slips : public testing::Test {
protected:
    Slips() {
        std::int32_t position = 0;
        for (std::uint32_t i = 0; i < kBefore + kSize; ++i) {
            const auto event = static_cast<EventId>(i * 5 % 8 * 3 + (i % 4 == 0   ? 1
                                                                     : i % 4 == 3 ? 2
                                                                                  : 0));
            line.events.push_back(event);
            line.positions.push_back(static_cast<std::uint8_t>(position));
            line.meters.push_back(static_cast<std::uint8_t>(MeterClass::quadruple));
            position = (position + length(event)) % kBar;
        }
        const RecalledLine recalled{line, vocabulary};
        clean = cut(recalled, kBefore, kBefore + kSize);
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            Random random{seed};
            slipped.push_back(clean);
            let_slip(slipped.back(), vocabulary, random);
        }
    }
    [[nodiscard]] std::int32_t length(EventId event) const {
        return vocabulary.events()[event].duration.count();
    }

    const Vocabulary vocabulary = tones();
    EventSequence line;
    Window clean;
    std::vector<Window> slipped;
};

TEST_F(Slips, HalfOfTheWindowsStayAsTheyAre) {
    std::size_t same = 0;
    for (const Window& window : slipped) {
        if (!window.heard.empty()) continue;
        ++same;
        EXPECT_EQ(window.target, clean.target);
        EXPECT_EQ(window.last, clean.last);
        EXPECT_EQ(window.recall, clean.recall);
        EXPECT_EQ(window.past, clean.past);
    }
    EXPECT_NEAR(static_cast<double>(same) / 200.0, 0.5, 0.12);
}

TEST_F(Slips, SomeOfWhatIsHeardIsOtherBeforeTheWindowAndInIt) {
    std::size_t inside = 0, before = 0, windows = 0;
    for (const Window& window : slipped) {
        if (window.heard.empty()) continue;
        ++windows;
        for (std::size_t i = 0; i < kSize; ++i)
            inside += window.heard[i] != clean.target[i] ? 1U : 0U;
        for (std::size_t i = 0; i < kBefore; ++i)
            before += window.past[i] != clean.past[i] ? 1U : 0U;
    }
    const auto share = [&](std::size_t slips, std::size_t of) {
        return static_cast<double>(slips) / static_cast<double>(of * windows);
    };
    EXPECT_GT(share(inside, kSize), 0.04);
    EXPECT_LT(share(inside, kSize), kMostSlips);
    EXPECT_NEAR(share(before, kBefore), share(inside, kSize), 0.03);
}

// What it shall say next is the piece's own, but where a slipped length has to be made good.
TEST_F(Slips, WhatShallBeSaidIsThePieceAndTheLineComesBackToItsPlace) {
    std::size_t made_good = 0, tones_slipped = 0;
    for (const Window& window : slipped) {
        for (std::size_t i = 0; i < kSize; ++i) {
            if (window.target[i] != clean.target[i]) {
                ++made_good;
                ASSERT_GT(i, 0U);
                EXPECT_NE(length(window.heard[i - 1]), length(clean.target[i - 1]));
                EXPECT_EQ(vocabulary.events()[window.target[i]].pitch,
                          vocabulary.events()[clean.target[i]].pitch);
            }
            if (window.heard_at(i) != clean.target[i] &&
                length(window.heard_at(i)) == length(clean.target[i]))
                ++tones_slipped;
            if (i + 1 < kSize) {
                EXPECT_EQ(window.position[i + 1],
                          (window.position[i] + length(window.heard_at(i))) % kBar);
                EXPECT_EQ(window.last[i + 1], window.heard_at(i));
            }
        }
        EXPECT_EQ(window.position.back() + length(window.heard_at(kSize - 1)),
                  clean.position.back() + length(clean.target.back()));
        EXPECT_EQ(window.last.front(), window.past.back());
    }
    EXPECT_GT(made_good, 0U);
    EXPECT_GT(tones_slipped, 2 * made_good);
}

TEST_F(Slips, WhatIsRecalledIsWhatWasHeard) {
    const auto window = *std::find_if(slipped.begin(), slipped.end(),
                                      [](const Window& w) { return !w.heard.empty(); });
    LineMemory memory{vocabulary};
    for (std::size_t i = 0; i < kBefore; ++i)
        memory.push(window.past[i], window.past_position[i], alone(0));
    for (std::size_t i = 0; i < kSize; ++i) {
        EXPECT_EQ(window.recall[i], memory.recall(window.position[i], MeterClass::quadruple)) << i;
        memory.push(window.heard[i], window.position[i], alone(0));
    }
}

}  // namespace
}  // namespace fusion::train
