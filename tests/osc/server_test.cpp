// The server against liblo's own client, over loopback.
#include "osc/server.hpp"

#include "tests/osc/server_rig.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Server : public ServerRig {};

TEST_F(Server, SetsAndAnswersToTheSendersPort) {
    send("/fusiond/weight/jazz", "i", 10);
    send("/fusiond/weight/jazz", "");
    EXPECT_THAT(heard_, testing::ElementsAre("/fusiond/weight/jazz 10.0"));
    EXPECT_EQ(params_.current().weights.value[0], 10.0F);
}

TEST_F(Server, ABundleOfLibloIsTakenAtOnce) {
    lo_bundle bundle = lo_bundle_new(kAtOnce);
    for (const char* path : {"/fusiond/weight/jazz", "/fusiond/weight/pop"}) {
        lo_message message = lo_message_new();
        lo_message_add_float(message, 2.0F);
        lo_bundle_add_message(bundle, path, message);
    }
    lo_send_bundle_from(target_.get(), client_.get(), bundle);
    lo_bundle_free_recursive(bundle);
    sync();
    EXPECT_EQ(params_.current().weights.value[0], 2.0F);
    EXPECT_EQ(params_.current().weights.value[1], 2.0F);
}

TEST_F(Server, TellsStatusAndVersion) {
    meters_.rung = Rung::ngram;
    meters_.underruns = 3;
    meters_.tempo = 93.5;
    meters_.memory_is_locked = true;
    meters_.sync_state = SyncState::locked;
    meters_.song_ticks = 1'000'000'000'001;  // a hundred days at 7 beats a second
    send("/fusiond/sync", "s", "midi");
    send("/status", "");
    send("/version", "");
    EXPECT_THAT(heard_,
                testing::ElementsAre(
                    "/status.reply 1 93.5 ngram 0 3 0 0 0 0 1 midi locked 1041666666 0.7 jazz pop",
                    "/version.reply fusiond 1.2.3"));
}

TEST_F(Server, HelpSaysWhatAPathIs) {
    send("/fusiond/help", "s", "/fusiond/tempo");
    send("/fusiond/help", "s", "/fusiond/weight/*");
    send("/fusiond/help", "s", "/status");
    send("/fusiond/help", "s", "/fusiond/nonsense");
    ASSERT_EQ(heard_.size(), 5U);
    EXPECT_EQ(
        heard_[0],
        "/fusiond/help.reply /fusiond/tempo f bpm 10 to 400 120 Tempo in quarter notes a minute.");
    EXPECT_THAT(heard_[1], testing::AllOf(HasSubstr("/fusiond/weight/jazz f"),
                                          HasSubstr(" weight 0 to 10 5 ")));
    EXPECT_THAT(heard_[2], HasSubstr("/fusiond/weight/pop"));
    EXPECT_THAT(heard_[3], HasSubstr("Answers /status.reply"));
    EXPECT_THAT(heard_[4], HasSubstr("/fail /fusiond/help there is no /fusiond/nonsense"));
}

TEST_F(Server, FailGoesToTheSenderAndTheServerGoesOn) {
    send("/fusiond/nonsense", "f", 1.0);
    send("/fusiond/tempo", "s", "fast");
    ASSERT_EQ(heard_.size(), 2U);
    EXPECT_THAT(heard_[0], HasSubstr("/fail /fusiond/nonsense unknown path"));
    EXPECT_THAT(heard_[1], HasSubstr("/fail /fusiond/tempo tempo: 'fast' is no number"));
    send("/fusiond/tempo", "f", 90.0);
    EXPECT_EQ(params_.current().real(ParamId::tempo), 90.0);
}

TEST_F(Server, AVerbOfTheDaemonsOwnIsAnswered) {
    server_->names().add_verb("/fusiond/scene/list", [](const OscMessage&, const OscReply& reply) {
        reply({"/fusiond/scene/list", {std::string{"intro"}}});
    });
    send("/fusiond/scene/list", "");
    EXPECT_THAT(heard_, testing::ElementsAre("/fusiond/scene/list intro"));
}

TEST_F(Server, AnswersOfOthersAreNotAnswered) {
    for (const auto* path : {"/fail", "/done", "/synced", "/late", "/status.reply"})
        post(path, "ss", "/x", "y");
    for (const auto* path : {"/fail", "/done"}) send_bytes(padded(path) + word(7));
    sync();
    EXPECT_TRUE(heard_.empty());
    EXPECT_TRUE(heard_bare().empty());
}

TEST_F(Server, DumpOscIsSwitchedAskedAndChecked) {
    send("/dumpOSC", "i", 1);
    send("/dumpOSC", "");
    send("/dumpOSC", "i", 4);
    send("/dumpOSC", "i", 0);
    ASSERT_EQ(heard_.size(), 2U);
    EXPECT_EQ(heard_[0], "/dumpOSC 1");
    EXPECT_THAT(heard_[1], HasSubstr("/fail /dumpOSC takes 0 off"));
}

TEST_F(Server, TheVerbsTakeTextPathsInAnyCaseAndOneArgumentTooMany) {
    send("/Notify", "ii", 1, 1000);  // scsynth's, with a client's number
    send("/fusiond/subscribe/", "ss", "60", "Beat");
    send("/notify", "s", "0");
    send("/dumpOSC", "s", "1");
    send("/dumposc", "N");
    send("/dumpOSC", "s", "0");
    send("/fusiond/help", "s", "/fusiond/Tempo/");
    ASSERT_EQ(heard_.size(), 5U);
    EXPECT_EQ(heard_[0], "/done /notify");
    EXPECT_EQ(heard_[1], "/done /fusiond/subscribe");
    EXPECT_EQ(heard_[2], "/done /notify");
    EXPECT_EQ(heard_[3], "/dumpOSC 1");
    EXPECT_THAT(heard_[4], HasSubstr("/fusiond/help.reply /fusiond/tempo f bpm"));
}

// More than the socket keeps, were it not emptied as it fills; the last word counts.
TEST_F(Server, AFloodLosesNoLastValueAndDoesNotFloodWhoListens) {
    send("/fusiond/subscribe", "is", 60, "changes");
    constexpr int kFlood = 10'000;
    for (int i = 0; i <= kFlood; ++i) {
        send_bytes(tempo_message(100.0F + static_cast<float>(i) * 0.01F));
        if (i % 100 == 0) io_.run_for(1ms);
    }
    sync();
    EXPECT_FLOAT_EQ(static_cast<float>(tempo()), 200.0F);
    server_->turn();
    server_->turn();
    sync();
    EXPECT_THAT(heard_, testing::ElementsAre("/done /fusiond/subscribe", "/fusiond/tempo 200.0"));
}

TEST_F(Server, APortThatIsTakenIsToldWithWhatToDo) {
    const auto second =
        OscServer::open(io_, "127.0.0.1", server_->port(), "", params_, actions_, meters_, time_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Error::Code::unavailable);
    EXPECT_THAT(second.error().message, HasSubstr("--osc-port"));
}

TEST_F(Server, AnAddressThatIsNoneIsToldWithWhatToDo) {
    const auto none = OscServer::open(io_, "stage-left", 0, "", params_, actions_, meters_, time_);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Error::Code::malformed);
    EXPECT_THAT(none.error().message, HasSubstr("0.0.0.0"));
}

}  // namespace
}  // namespace fusion
