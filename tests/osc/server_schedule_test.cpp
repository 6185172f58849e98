// Bundles with time tags through the server: when they are done, and who is told what.
#include "tests/osc/server_rig.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class ServerSchedule : public ServerRig {};

TEST_F(ServerSchedule, ABundleWaitsForItsTimeAndAnswersItsSenderThen) {
    send_bytes(bundle_of({tempo_message(90), padded("/fusiond/tempo")}, seconds_after(wall_, 0.5)));
    sync();
    pass(499ms);
    EXPECT_EQ(tempo(), 120.0);
    EXPECT_TRUE(heard_bare().empty());
    pass(1ms);
    EXPECT_EQ(tempo(), 90.0);
    const auto heard = heard_bare();
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(osc_number(heard[0].args[0]), 90.0);
    send("/fusiond/schedule", "");
    EXPECT_THAT(heard_, testing::ElementsAre("/fusiond/schedule.reply 0 0 0.0 0"));
}

TEST_F(ServerSchedule, TheTimerWakesForABundleWithoutATurn) {
    MonotonicTime real;
    auto opened = OscServer::open(io_, "127.0.0.1", 0, "", params_, actions_, meters_, real);
    ASSERT_TRUE(opened);
    const auto asked = real.now();
    bare_.send_to(
        boost::asio::buffer(bundle_of({tempo_message(90)}, seconds_after(wall_clock_now(), 0.05))),
        UdpPeer{to_.address(), (*opened)->port()});
    while (tempo() != 90.0 && real.now() < asked + 20s) io_.run_for(1ms);
    EXPECT_EQ(tempo(), 90.0);
    EXPECT_GE(real.now() - asked, 49ms);
}

TEST_F(ServerSchedule, TimetagsImmediateDoesAllAtOnce) {
    send("/fusiond/timetags", "s", "immediate");
    send_bytes(bundle_of({tempo_message(90)}, seconds_after(wall_, 3600)));
    sync();
    EXPECT_EQ(tempo(), 90.0);
    EXPECT_TRUE(heard_bare().empty());
}

TEST_F(ServerSchedule, ABundleTooFarAheadIsRefusedWholeAndTold) {
    send_bytes(
        bundle_of({tempo_message(90), bundle_of({tempo_message(91)}, seconds_after(wall_, 61))}));
    sync();
    EXPECT_EQ(tempo(), 120.0);
    const auto heard = heard_bare();
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_EQ(heard[0].path, "/fail");
    EXPECT_EQ(std::get<std::string>(heard[0].args[0]), "/fusiond/tempo");
    EXPECT_THAT(std::get<std::string>(heard[0].args[1]), HasSubstr("61.0 s ahead; at most 60 s"));
    send("/fusiond/schedule", "");
    EXPECT_THAT(heard_, testing::ElementsAre("/fusiond/schedule.reply 0 0 0.0 2"));
}

TEST_F(ServerSchedule, ClearSchedForgetsWhatWaits) {
    send_bytes(bundle_of({tempo_message(90)}, seconds_after(wall_, 1)));
    send("/fusiond/schedule", "");
    send("/clearSched", "");
    send("/fusiond/schedule", "");
    pass(2s);
    EXPECT_EQ(tempo(), 120.0);
    EXPECT_THAT(heard_,
                testing::ElementsAre("/fusiond/schedule.reply 1 0 0.0 0", "/done /clearSched",
                                     "/fusiond/schedule.reply 0 0 0.0 0"));
}

TEST_F(ServerSchedule, AServerMayGoWhileABundleWaits) {
    send_bytes(bundle_of({tempo_message(90)}, seconds_after(wall_, 0.001)));
    sync();
    server_.reset();
    io_.restart();
    io_.run_for(20ms);
    EXPECT_EQ(tempo(), 120.0);
}

TEST_F(ServerSchedule, LatenessIsToldToWhoListensAtMostOnceASecondWithTheWorst) {
    send("/fusiond/subscribe", "is", 60, "late");
    send_bytes(bundle_of({tempo_message(90)}, seconds_after(wall_, -0.5)));
    sync();
    EXPECT_EQ(tempo(), 90.0) << "done at once";
    server_->turn();
    for (const double by : {-1.0, -2.0, -1.5}) {
        send_bytes(bundle_of({tempo_message(91)}, seconds_after(wall_, by)));
        sync();
        server_->turn();
    }
    pass(1s);
    pass(1s);
    send("/fusiond/schedule", "");
    EXPECT_THAT(heard_, testing::ElementsAre("/done /fusiond/subscribe", "/fusiond/late 500.0",
                                             "/fusiond/late 2000.0",
                                             "/fusiond/schedule.reply 0 4 2000.0 0"));
}

}  // namespace
}  // namespace fusion
