#include "daemon/flight_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/params/action_desk.hpp"
#include "tests/support/scratch_folder.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class FlightDeskTest : public testing::Test {
protected:
    std::size_t files() const {
        std::error_code error;
        std::size_t count = 0;
        for (std::filesystem::directory_iterator at{folder_.path() / "flights", error}, end;
             !error && at != end; at.increment(error))
            ++count;
        return count;
    }
    // A second of the daemon's, and what is being written is there.
    void look() {
        desk_.look_after(meters_, now_ += 1s);
        while (ask(0).at(1) == OscArg{std::string{"begun"}}) {
        }
    }
    std::vector<OscArg> ask(std::int32_t begin) {
        std::vector<OscArg> answer;
        names_.handle({"/fusiond/flight", {begin}},
                      [&](const OscMessage& reply) { answer = reply.args; });
        return answer;
    }
    void SetUp() override { desk_.add_verb(names_); }

    ScratchFolder folder_;
    SimulatedTime time_;
    ParamStore params_{{"jazz"}, time_};
    ActionDesk actions_{params_};
    OscNamespace names_{params_, actions_};
    HarmonyTeller harmony_;
    EngineMeters meters_;
    TimePoint now_{1h};
    FlightDesk desk_{flight_folder(folder_.path() / "state.toml"),
                     params_,
                     harmony_,
                     {"build", "bundle", Rung::neural}};
};

TEST_F(FlightDeskTest, WhoAsksIsToldTheFile) {
    EXPECT_EQ(ask(0), (std::vector<OscArg>{0, std::string{"none"}, std::string{}}));
    EXPECT_EQ(ask(1).at(0), OscArg{1});
    look();
    const auto answer = ask(0);
    EXPECT_EQ(answer.at(1), OscArg{std::string{"written"}});
    EXPECT_THAT(std::get<std::string>(answer.at(2)), HasSubstr("flights/fusiond-"));
    EXPECT_EQ(files(), 1U);
}

TEST_F(FlightDeskTest, AnUnderrunIsWrittenALittleLaterAndNotSoonAgain) {
    look();
    meters_.underruns = 1;
    look();
    EXPECT_EQ(files(), 0U) << "one sees how the line goes on";
    for (int i = 0; i < 5; ++i) look();
    EXPECT_EQ(files(), 1U);
    for (int i = 0; i < 300; ++i) {
        ++meters_.underruns;
        look();
    }
    EXPECT_EQ(files(), 1U);
    for (int i = 0; i < 400; ++i) {
        ++meters_.underruns;
        look();
    }
    EXPECT_EQ(files(), 2U);
}

TEST(FlightDesk, WithoutAStateThereIsNone) {
    SimulatedTime time;
    ParamStore params{{"jazz"}, time};
    ActionDesk actions{params};
    OscNamespace names{params, actions};
    const HarmonyTeller harmony;
    FlightDesk desk{flight_folder({}), params, harmony, {"build", "bundle", Rung::neural}};
    desk.add_verb(names);
    std::vector<OscArg> answer;
    names.handle({"/fusiond/flight", {}}, [&](const OscMessage& reply) { answer = reply.args; });
    ASSERT_EQ(answer.size(), 3U);
    EXPECT_EQ(answer[1], OscArg{std::string{"refused"}});
    EXPECT_THAT(std::get<std::string>(answer[2]), HasSubstr("no folder"));
}

}  // namespace
}  // namespace fusion
