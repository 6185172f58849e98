// What goes back to those who may not be who they say they are. The bare socket stands for another
// machine: nothing of loopback is our own here but liblo's client.
#include "osc/peers.hpp"

#include "tests/osc/server_rig.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;

class Strangers : public ServerRig {
protected:
    Strangers() {
        access_.is_own = [](const auto&) { return false; };
    }

    // As bytes, since they are what is counted.
    std::vector<Bytes> answers() {
        for (int turns = 0; turns < 10 || server_->busy(); ++turns) io_.run_for(Millis{1});
        std::vector<Bytes> all;
        std::array<std::uint8_t, 65536> buffer{};
        while (true) {
            boost::system::error_code error;
            const auto size = bare_.receive(boost::asio::buffer(buffer), 0, error);
            if (error) return all;
            all.emplace_back(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
        }
    }
    std::vector<OscMessage> messages() {
        std::vector<OscMessage> all;
        for (const auto& packet : answers()) {
            const auto read = decode_osc(packet);
            EXPECT_TRUE(read);
            if (read) all.insert(all.end(), read->begin(), read->end());
        }
        return all;
    }
    std::string cookie() {
        send_bytes(encode_osc({"/fusiond/hello", {}}));
        const auto said = messages();
        EXPECT_EQ(said.size(), 1U);
        if (said.size() != 1 || said[0].path != "/fusiond/hello") return {};
        return std::get<std::string>(said[0].args.at(0));
    }
    void prove() {
        send_bytes(encode_osc({"/fusiond/hello", {cookie()}}));
        EXPECT_THAT(messages(),
                    testing::ElementsAre(OscMessage{"/done", {std::string{"/fusiond/hello"}}}));
    }
    static PlayedEvent a_beat() {
        PlayedEvent event;
        event.tick = beats(5);
        return event;
    }
};

TEST_F(Strangers, AreNeverSentMoreThanThreeTimesWhatTheySent) {
    for (const auto& said :
         {padded("/fusiond/help"), padded("/*/*"), padded("/status"), padded("/version"),
          padded("/fusiond/weights"), padded("/nonsense"), padded("/a"),
          padded("/fusiond/schedule"), encode_osc({"/fusiond/subscribe", {86400}}),
          encode_osc({"/notify", {1}}), encode_osc({"/fusiond/tempo", {std::string{"fast"}}}),
          padded("/fusiond/hello"), padded("/fusiond/tempo"), padded("#bundle"),
          Bytes{'/', 'x', 0, 0, 'f', 'f', 0, 0},
          bundle_of(std::vector<Bytes>(500, padded("/fusiond/help"))),
          bundle_of({tempo_message(90)}, seconds_after(wall_, 3600))}) {
        send_bytes(said);
        std::size_t out = 0;
        for (const auto& packet : answers()) out += packet.size();
        EXPECT_LE(out, 3 * said.size()) << osc_path_of(said);
    }
}

TEST_F(Strangers, MayTurnThingsAndAskWhatHasAShortAnswer) {
    send_bytes(tempo_message(90));
    send_bytes(encode_osc({"/fusiond/tempo", {}}));
    EXPECT_THAT(messages(), testing::ElementsAre(OscMessage{"/fusiond/tempo", {90.0F}}));
}

TEST_F(Strangers, AreAskedWhereTheAnswerIsLongAndGetItWhenTheyHaveSaidHello) {
    send_bytes(encode_osc({"/status", {}}));
    const auto asked = messages();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].path, "/fusiond/hello");
    send_bytes(encode_osc(asked[0]));
    EXPECT_THAT(messages(),
                testing::ElementsAre(OscMessage{"/done", {std::string{"/fusiond/hello"}}}));
    send_bytes(encode_osc({"/status", {}}));
    const auto said = messages();
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].path, "/status.reply");
}

TEST_F(Strangers, HearAStreamWhenTheyHaveAnsweredAndNotBefore) {
    send_bytes(encode_osc({"/fusiond/subscribe", {3600, std::string{"beat"}}}));
    const auto asked = messages();
    ASSERT_EQ(asked.size(), 1U);
    server_->publish(a_beat());
    EXPECT_TRUE(messages().empty());
    send_bytes(encode_osc(asked[0]));
    EXPECT_THAT(messages(),
                testing::ElementsAre(OscMessage{"/done", {std::string{"/fusiond/hello"}}},
                                     OscMessage{"/done", {std::string{"/fusiond/subscribe"}}}));
    server_->publish(a_beat());
    EXPECT_EQ(messages().size(), 1U);
}

TEST_F(Strangers, AreAskedAgainWhileTheyListenAndForgottenWhenNobodyAnswers) {
    send_bytes(encode_osc({"/fusiond/subscribe", {86400, std::string{"beat"}}}));
    send_bytes(encode_osc(messages().at(0)));
    messages();
    pass(4min);
    const auto asked = messages();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].path, "/fusiond/hello");
    send_bytes(encode_osc(asked[0]));
    messages();
    pass(9min);
    send_bytes(tempo_message(90));  // renews nothing: anybody could forge it
    messages();
    server_->publish(a_beat());
    EXPECT_EQ(messages().size(), 1U) << "9 minutes after the last proof";
    pass(2min);
    messages();
    server_->publish(a_beat());
    EXPECT_TRUE(messages().empty()) << "11 minutes after the last proof";
}

TEST_F(Strangers, AnOldAStrangeOrAForeignCookieIsNotEvenAnswered) {
    const auto good = cookie();
    pass(10min);
    messages();
    for (const auto& said : {good, std::string{"xxxxxxxxxxx"}, std::string{}}) {
        send_bytes(encode_osc({"/fusiond/hello", {said}}));
        EXPECT_TRUE(messages().empty()) << said;
    }
    send_bytes(encode_osc({"/fusiond/hello", {1}}));
    EXPECT_TRUE(messages().empty());
}

TEST_F(Strangers, EvenThoseWhoHearUsGetSoMuchInASecond) {
    prove();
    std::size_t out = 0;
    for (int i = 0; i < 40; ++i) {
        send_bytes(padded("/fusiond/help"));
        for (const auto& packet : answers()) out += packet.size();
    }
    EXPECT_LE(static_cast<double>(out), OscPeers::kBytesASecond);
    EXPECT_GT(server_->withheld(), 0U);
    pass(1s);
    send_bytes(padded("/fusiond/tempo"));
    EXPECT_EQ(messages().size(), 1U);
}

TEST_F(Strangers, DoNotSwitchOnWhatIsLogged) {
    prove();
    send_bytes(encode_osc({"/dumpOSC", {1}}));
    const auto said = messages();
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].path, "/fail");
}

class Uninvited : public Strangers {
protected:
    Uninvited() {
        access_.lets_in = [](const auto&) { return false; };
    }
};

TEST_F(Uninvited, AreNotHeardAtAll) {
    send_bytes(tempo_message(90));
    send_bytes(padded("/fusiond/tempo"));
    EXPECT_TRUE(messages().empty());
    EXPECT_EQ(tempo(), 120.0);
    EXPECT_EQ(server_->turned_away(), 2U);
}

TEST_F(ServerRig, ThisMachinesOwnSayNoHello) {
    send("/fusiond/subscribe", "is", 60, "beat");
    PlayedEvent event;
    event.tick = beats(5);
    server_->publish(event);
    sync();
    EXPECT_EQ(heard_.size(), 2U);
    pass(1h);
    EXPECT_EQ(heard_.size(), 2U);
}

TEST(Peers, AreTakenForThisMachineOnlyAtItsLoopback) {
    OscPeers peers{{}};
    const auto at = [](const char* address) {
        return UdpPeer{boost::asio::ip::make_address(address), 9};
    };
    for (const auto* own : {"127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1"})
        EXPECT_TRUE(peers.is_own(at(own))) << own;
    for (const auto* other : {"192.168.1.7", "fe80::1", "::ffff:192.168.1.7", "::", "0.0.0.0"})
        EXPECT_FALSE(peers.is_own(at(other))) << other;
}

TEST(Peers, TheOldestProofMakesRoomAndOneAddressHasItsShare) {
    OscPeers peers{{}};
    TimePoint now{1000s};
    const auto prove = [&](const std::string& address, std::uint16_t port) {
        UdpPeer peer{boost::asio::ip::make_address(address), port};
        now += 1ms;
        EXPECT_TRUE(
            peers.prove(peer, std::get<std::string>(peers.hello(peer, now).args.at(0)), now));
        return peer;
    };
    const auto anna = prove("192.168.1.7", 1);
    for (std::uint16_t port = 1; port <= 100; ++port) prove("192.168.1.8", port);
    EXPECT_TRUE(peers.hears_us(anna, now)) << "another's many ports take only its own places";
    for (int i = 0; i < 300; ++i) prove(fmt::format("10.0.{}.{}", i / 100, i % 100), 1);
    EXPECT_FALSE(peers.hears_us(anna, now)) << "there are not more than are kept";
}

}  // namespace
}  // namespace fusion
