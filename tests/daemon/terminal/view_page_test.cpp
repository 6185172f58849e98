#include "daemon/terminal/view_page.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;
using testing::Not;
using Key = KeyPress::Key;

class ViewPageTest : public testing::Test {
protected:
    ViewPageTest() {
        EXPECT_TRUE(params_.set_weight(0, 10));
        meters_.underruns = 2;
        meters_.clock_is_realtime = true;
        facts_.output = "JACK port fusiond:out";
        facts_.panel = "http://127.0.0.1:9701/";
    }
    std::string page(PageSize size) {
        return draw_page({params_, meters_, hand_, roll_, log_, facts_}, size).text();
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk actions_{params_};
    ViewHand hand_{params_, actions_, [] { return std::vector<std::string>{"verse", "chorus"}; }};
    EngineMeters meters_;
    TextRoll roll_;
    std::deque<HeldErrors::Line> log_;
    ViewFacts facts_;
};

TEST_F(ViewPageTest, StatusMetersWeightsLogAndHintsHaveTheirPlaces) {
    log_ = {{"playing into JACK", HeldErrors::Line::Kind::ordinary}};
    meters_.play_head_ticks = 960 * 5 + 10;
    const auto text = page({24, 100});
    EXPECT_THAT(text, HasSubstr("▶ playing  120.0 bpm  bar 2.2  4/4  C\n"));
    EXPECT_THAT(text, HasSubstr("underruns 2  JACK port fusiond:out  http://127.0.0.1:9701/"));
    EXPECT_THAT(text, HasSubstr("▸1 jazz ████████████████████████████████████████ 10.0  67%\n"));
    EXPECT_THAT(text, HasSubstr(" 2 pop  ████████████████████░░░░░░░░░░░░░░░░░░░░  5.0  33%\n"));
    EXPECT_THAT(text, HasSubstr("playing into JACK\nspace play  p panic"));
    EXPECT_TRUE(page({24, 80}).ends_with("  ? help  q quit\n")) << "all of them in 80 columns";
}

TEST_F(ViewPageTest, WhatIsUnusualIsSaid) {
    EXPECT_THAT(page({24, 100}), Not(HasSubstr("NOT REAL-TIME")));
    meters_.clock_is_realtime = false;
    meters_.rung = Rung::ngram;
    facts_.scene = "verse";
    facts_.scene_progress = 0.25;
    ASSERT_TRUE(params_.set(ParamId::hold, 1));
    ASSERT_TRUE(params_.set(ParamId::scale, 3));
    ASSERT_TRUE(params_.act(ActionId::stop));
    const auto text = page({24, 100});
    EXPECT_THAT(text, HasSubstr("■ stopped"));
    EXPECT_THAT(text, HasSubstr("C dorian  hold  verse 25%"));
    EXPECT_THAT(text, HasSubstr("NOT REAL-TIME"));
    EXPECT_THAT(text, HasSubstr("ngram"));
}

TEST_F(ViewPageTest, EverySizeIsDrawnAndTheStatusIsTheLastToGo) {
    log_.assign(10, {std::string(300, 'x'), HeldErrors::Line::Kind::warning});
    for (int rows = 0; rows < 40; ++rows)
        for (const int columns : {0, 1, 5, 20, 79, 300}) {
            const auto text = page({rows, columns});
            EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), rows);
            if (rows > 0 && columns > 9) {
                EXPECT_THAT(text, HasSubstr("▶ playing")) << rows << " by " << columns;
            }
        }
}

TEST_F(ViewPageTest, OfMoreGenresThanRowsTheOneInHandIsInSight) {
    std::vector<std::string> many(kMaxGenres);
    for (std::size_t i = 0; i < many.size(); ++i) many[i] = fmt::format("genre-{}", i);
    ParamStore params{many, time_};
    ActionDesk actions{params};
    ViewHand hand{params, actions, {}};
    ASSERT_TRUE(hand.press({Key::left, 0}));
    const auto text = draw_page({params, meters_, hand, roll_, log_, facts_}, {9, 60}).text();
    EXPECT_THAT(text, HasSubstr("genre-15"));
    EXPECT_THAT(text, Not(HasSubstr("genre-0 ")));
}

TEST_F(ViewPageTest, HelpNamesEveryKey) {
    ASSERT_TRUE(hand_.press({Key::character, U'?'}));
    const auto text = page({40, 80});
    for (const auto& row : key_bindings()) EXPECT_THAT(text, HasSubstr(std::string{row.doc}));
}

TEST_F(ViewPageTest, TheScenesAreAListWithTheOneThatIsChosen) {
    ASSERT_TRUE(hand_.press({Key::character, U's'}));
    ASSERT_TRUE(hand_.press({Key::down, 0}));
    EXPECT_THAT(page({24, 80}), HasSubstr("   verse\n ▸ chorus\n"));
}

TEST_F(ViewPageTest, WhatIsAskedStandsInTheLastLine) {
    ASSERT_TRUE(hand_.press({Key::character, U'w'}));
    ASSERT_TRUE(hand_.press({Key::character, U'x'}));
    EXPECT_TRUE(page({24, 80}).ends_with("name of the scene: x█\n"));
    ASSERT_TRUE(hand_.press({Key::escape, 0}));
    ASSERT_TRUE(hand_.press({Key::character, U'q'}));
    EXPECT_THAT(page({24, 80}), HasSubstr("\nend fusiond? q once more"));
}

}  // namespace
}  // namespace fusion
