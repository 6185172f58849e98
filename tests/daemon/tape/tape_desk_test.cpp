// The tape as hands have it: actions, what is told, uploads, and who stops whom.
#include "daemon/tape/tape_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "tests/engine/corpus/midi_in_memory.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class TapeDeskTest : public testing::Test {
protected:
    TapeDeskTest() {
        desk_.assign_to(actions_);
        desk_.add_verbs(names_);
        params_.on_change([this](const ParamSnapshot& now) { desk_.follow(now); });
        folder_.put("tune.mid", tune_file({{60, 12}, {62, 12}, {64, 12}, {65, 12}}));
        folder_.put("text.mid", std::vector<std::uint8_t>{'n', 'o'});
    }

    Status act(ActionId action, const std::string& text = {}, std::optional<double> number = {}) {
        if (auto done = actions_.act(action, {text, number}); !done)
            return tl::unexpected{done.error()};
        return {};
    }
    std::vector<OscMessage> ask(const std::string& path, std::vector<OscArg> args = {}) {
        std::vector<OscMessage> answers;
        names_.handle({path, std::move(args)},
                      [&](const OscMessage& answer) { answers.push_back(answer); });
        return answers;
    }
    std::string state() const {
        return told_.empty() ? "" : std::get<std::string>(told_.back().args.at(1));
    }
    std::string news() const { return std::get<std::string>(told_.back().args.at(4)); }
    float number(std::size_t place) const { return std::get<float>(told_.back().args.at(place)); }
    void wait_for(const std::string& wanted) {
        ASSERT_TRUE(eventually([&] { return state() == wanted; },
                               [&] {
                                   io_.restart();
                                   io_.run_for(1ms);
                               }))
            << state();
    }
    void load(const std::string& name) {
        ASSERT_TRUE(act(ActionId::tape_load, name));
        EXPECT_EQ(state(), "reading");
        wait_for("stopped");
    }
    HttpAnswer upload(const std::string& name, Bytes bytes) {
        std::optional<HttpAnswer> said;
        desk_.route().intake.take({name, std::move(bytes)},
                                  [&](HttpAnswer answer) { said = std::move(answer); });
        EXPECT_TRUE(eventually([&] { return said.has_value(); },
                               [&] {
                                   io_.restart();
                                   io_.run_for(1ms);
                               }));
        return said.value_or(HttpAnswer{});
    }
    // What the clock was ordered last.
    TapeOrder ordered() { return link_.orders.read(); }

    SimulatedTime time_;
    boost::asio::io_context io_;
    ScratchFolder folder_;
    ParamStore params_{{"jazz"}, time_};
    ActionDesk actions_{params_};
    OscNamespace names_{params_, actions_};
    TapeCrossing crossing_;
    TapeLink link_{crossing_.link()};
    std::vector<OscMessage> told_;
    TapeDesk desk_{{io_, params_, time_, crossing_.hand([] {}), [this] { return folder_.path(); },
                    [this](const OscMessage& news) { told_.push_back(news); }}};
};

TEST_F(TapeDeskTest, LoadsARecordingByItsNameAndTellsOfIt) {
    load("tune.mid");
    EXPECT_EQ(std::get<std::string>(told_.back().args.at(0)), "tune.mid");
    EXPECT_EQ(number(2), 0.0F);
    EXPECT_NEAR(number(3), 4.0F, 0.2F);
    EXPECT_EQ(ask("/fusiond/tape"), std::vector<OscMessage>{told_.back()});
    EXPECT_THAT(ask("/fusiond/tape/list").at(0).args, testing::SizeIs(2));
}

TEST_F(TapeDeskTest, SaysWhyAFileIsNoTapeAndKeepsTheOneThatIsThere) {
    load("tune.mid");
    ASSERT_TRUE(act(ActionId::tape_load, "text.mid"));
    wait_for("stopped");
    EXPECT_THAT(news(), HasSubstr("text.mid"));
    ASSERT_TRUE(act(ActionId::tape_load, "../tune.mid"));
    wait_for("stopped");
    EXPECT_THAT(news(), HasSubstr("without a folder's name"));
    EXPECT_EQ(std::get<std::string>(told_.back().args.at(0)), "tune.mid");
    load("tune.mid");
    EXPECT_EQ(news(), "");
    EXPECT_FALSE(act(ActionId::tape_load));
}

TEST_F(TapeDeskTest, WithoutATapeSaysSo) {
    const auto played = act(ActionId::tape_play);
    ASSERT_FALSE(played);
    EXPECT_THAT(played.error().message, HasSubstr("there is no tape"));
    EXPECT_FALSE(act(ActionId::tape_seek, {}, 3.0));
    EXPECT_TRUE(act(ActionId::tape_stop));
    EXPECT_EQ(std::get<std::string>(ask("/fusiond/tape").at(0).args.at(1)), "empty");
}

TEST_F(TapeDeskTest, LetsTheTransportStandWhileItPlays) {
    load("tune.mid");
    ASSERT_TRUE(params_.current().on(ParamId::playing));
    ASSERT_TRUE(act(ActionId::tape_play));
    EXPECT_FALSE(params_.current().on(ParamId::playing));
    EXPECT_EQ(state(), "playing");
    EXPECT_EQ(ordered().what, TapeOrder::What::play);
}

TEST_F(TapeDeskTest, StopsWhereTheLineIsToPlayAgain) {
    load("tune.mid");
    ASSERT_TRUE(act(ActionId::tape_play));
    ASSERT_TRUE(act(ActionId::play));
    EXPECT_EQ(state(), "stopped");
    EXPECT_EQ(ordered().what, TapeOrder::What::stand);
    EXPECT_TRUE(params_.current().on(ParamId::playing));
}

TEST_F(TapeDeskTest, StopsByItsOwnActionAndByThatOfTheTransport) {
    load("tune.mid");
    for (const auto action : {ActionId::tape_stop, ActionId::stop}) {
        ASSERT_TRUE(act(ActionId::tape_play));
        EXPECT_EQ(ordered().what, TapeOrder::What::play);
        ASSERT_TRUE(act(action));
        EXPECT_EQ(ordered().what, TapeOrder::What::stand);
        EXPECT_EQ(state(), "stopped");
        EXPECT_FALSE(params_.current().on(ParamId::playing));
    }
    ASSERT_TRUE(act(ActionId::play));
    ASSERT_TRUE(act(ActionId::stop));
    EXPECT_FALSE(params_.current().on(ParamId::playing)) << "the transport's own is done as well";
}

TEST_F(TapeDeskTest, AnotherParameterDoesNotStopIt) {
    load("tune.mid");
    ASSERT_TRUE(act(ActionId::tape_play));
    params_.set(ParamId::tempo, 99.0).value();
    EXPECT_EQ(state(), "playing");
}

TEST_F(TapeDeskTest, IsSoughtInBeatsAndZeroIsTheBeginning) {
    load("tune.mid");
    ASSERT_TRUE(ask("/fusiond/tape/seek", {2.5F}).empty());
    EXPECT_NEAR(number(2), 2.5F, 1e-3F);
    ASSERT_TRUE(ask("/fusiond/tape/seek", {std::int32_t{0}}).empty());
    EXPECT_EQ(number(2), 0.0F);
    ASSERT_TRUE(ask("/fusiond/tape/seek", {500.0F}).empty());
    EXPECT_EQ(number(2), number(3));
    EXPECT_EQ(ask("/fusiond/tape/seek", {-3.0F}).size(), 1U) << "clamped, and told";
    EXPECT_EQ(number(2), 0.0F);
    EXPECT_EQ(ask("/fusiond/tape/seek").at(0).path, "/fail");
    EXPECT_EQ(ask("/fusiond/tape/play", {std::int32_t{0}}).size(), 0U);
    EXPECT_EQ(state(), "stopped") << "a button that was let go";
}

TEST_F(TapeDeskTest, TellsWhereItIsTenTimesASecond) {
    load("tune.mid");
    ASSERT_TRUE(act(ActionId::tape_play));
    const auto before = told_.size();
    for (int i = 0; i < 100; ++i) {
        link_.head.publish({ordered().run, TapeHead::State::plays, Nanos{10ms} * i, time_.now()});
        desk_.turn();
        time_.sleep_until(time_.now() + 10ms);
    }
    EXPECT_NEAR(static_cast<double>(told_.size() - before), 10, 1);
    EXPECT_NEAR(number(2), 2.0F, 0.25F);
    link_.head.publish({ordered().run, TapeHead::State::ended, Nanos{2s}, time_.now()});
    desk_.turn();
    EXPECT_EQ(state(), "stopped");
    EXPECT_EQ(number(2), number(3));
    EXPECT_FALSE(params_.current().on(ParamId::playing)) << "silence until somebody plays";
}

TEST_F(TapeDeskTest, TakesAnUploadAndSaysWhatIsInIt) {
    const auto answer = upload("a tune\n.mid", tune_file({{60, 12}, {62, 12}}));
    EXPECT_EQ(answer.status, 200U);
    const auto json = nlohmann::json::parse(answer.body);
    EXPECT_EQ(json.at("name"), "a tune.mid");
    EXPECT_EQ(json.at("notes"), 2);
    EXPECT_EQ(state(), "stopped");
    EXPECT_EQ(std::get<std::string>(told_.back().args.at(0)), "a tune.mid");
}

TEST_F(TapeDeskTest, RefusesAnUploadThatIsNoMidiFileOrHasNoNote) {
    const auto none = upload("x.mid", {'n', 'o'});
    EXPECT_EQ(none.status, 422U);
    EXPECT_THAT(none.body, HasSubstr("x.mid"));
    EXPECT_EQ(upload("silent.mid", SmfWriter{}.bytes(beats(4))).status, 422U);
    EXPECT_EQ(state(), "empty");
    const auto cut = tune_file({{60, 12}, {62, 12}, {64, 12}});
    EXPECT_EQ(upload("cut.mid", {cut.begin(), cut.end() - 10}).status, 200U) << "mended";
}

TEST_F(TapeDeskTest, ReadsOneFileAtATime) {
    ASSERT_TRUE(act(ActionId::tape_load, "tune.mid"));
    EXPECT_FALSE(act(ActionId::tape_load, "tune.mid"));
    EXPECT_EQ(upload("x.mid", tune_file({{60, 12}})).status, 503U);
    wait_for("stopped");
    EXPECT_EQ(upload("x.mid", tune_file({{60, 12}})).status, 200U);
}

TEST_F(TapeDeskTest, MayGoWhileAFileIsRead) {
    TapeCrossing crossing;
    {
        TapeDesk short_lived{{io_, params_, time_, crossing.hand([] {}),
                              [this] { return folder_.path(); }, [](const OscMessage&) {}}};
        short_lived.route().intake.take({"x.mid", tune_file({{60, 12}})}, [](const HttpAnswer&) {});
    }
    io_.restart();
    io_.run_for(5ms);
}

}  // namespace
}  // namespace fusion::test
