// The server against liblo's own client, over loopback.
#include "osc/server.hpp"

#include <cstring>
#include <future>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lo/lo.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr lo_timetag kAtOnce{0U, 1U};  // LO_TT_IMMEDIATE is C99

struct FreeAddress {
    void operator()(void* address) const { lo_address_free(address); }
};
struct FreeServer {
    void operator()(void* server) const { lo_server_free(server); }
};

class Server : public testing::Test {
protected:
    void SetUp() override {
        auto opened = OscServer::open(io_, "127.0.0.1", 0, "1.2.3", params_, meters_, time_);
        ASSERT_TRUE(opened) << opened.error().message;
        server_ = std::move(*opened);
        params_.on_change([this](const ParamSnapshot&) { server_->publish_changes(); });
        client_.reset(lo_server_new(nullptr, nullptr));
        ASSERT_NE(client_, nullptr);
        lo_server_add_method(client_.get(), nullptr, nullptr, &Server::keep, this);
        target_.reset(lo_address_new("127.0.0.1", std::to_string(server_->port()).c_str()));
    }

    template <class Number>
    static Number* copied(Number* to, const void* from) {
        std::memcpy(to, from, sizeof *to);
        return to;
    }

    static int keep(const char* path, const char* types, lo_arg** args, int count, lo_message,
                    void* self) {
        std::string line = path;
        for (int i = 0; i < count; ++i) {
            const void* arg = args[i];  // lo_arg wants 8 bytes of alignment and OSC gives 4
            std::int32_t whole = 0;
            float real = 0.0F;
            if (types[i] == 'i') line += fmt::format(" {}", *copied(&whole, arg));
            if (types[i] == 'f') line += fmt::format(" {:.1f}", *copied(&real, arg));
            if (types[i] == 's') line += fmt::format(" {}", static_cast<const char*>(arg));
        }
        static_cast<Server*>(self)->heard_.push_back(line);
        return 0;
    }

    template <class... Args>
    void send(const char* path, const char* types, Args... args) {
        lo_send_from(target_.get(), client_.get(), kAtOnce, path, types, args..., LO_ARGS_END);
        sync();
    }

    // Everything sent so far has been looked at, and every answer has come, once /synced is back:
    // the port keeps the order.
    void sync() {
        const std::string mark = fmt::format("/synced {}", ++syncs_);
        lo_send_from(target_.get(), client_.get(), kAtOnce, "/sync", "i", syncs_, LO_ARGS_END);
        for (int turns = 0; turns < 500; ++turns) {
            io_.run_for(2ms);
            while (lo_server_recv_noblock(client_.get(), 0) > 0) {
            }
            if (!heard_.empty() && heard_.back() == mark) {
                heard_.pop_back();
                return;
            }
        }
        FAIL() << "the server did not answer";
    }

    boost::asio::io_context io_;
    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    EngineMeters meters_;
    std::unique_ptr<OscServer> server_;
    std::unique_ptr<void, FreeServer> client_;
    std::unique_ptr<void, FreeAddress> target_;
    std::vector<std::string> heard_;
    std::int32_t syncs_ = 0;
};

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
    meters_.song_ticks = 6240;
    send("/fusiond/sync", "s", "midi");
    send("/status", "");
    send("/version", "");
    EXPECT_THAT(heard_, testing::ElementsAre(
                            "/status.reply 1 93.5 ngram 0 3 0 0 0 0 1 midi locked 6.5 jazz pop",
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
    EXPECT_THAT(heard_[1], HasSubstr("/fusiond/weight/jazz f weight 0 to 10 5"));
    EXPECT_THAT(heard_[2], HasSubstr("/fusiond/weight/pop"));
    EXPECT_THAT(heard_[3], HasSubstr("Answers /status.reply"));
    EXPECT_THAT(heard_[4], HasSubstr("/fail /fusiond/help there is no /fusiond/nonsense"));
}

TEST_F(Server, FailGoesToTheSenderAndTheServerGoesOn) {
    send("/fusiond/nonsense", "f", 1.0);
    send("/fusiond/tempo", "s", "fast");
    ASSERT_EQ(heard_.size(), 2U);
    EXPECT_THAT(heard_[0], HasSubstr("/fail /fusiond/nonsense unknown path"));
    EXPECT_THAT(heard_[1], HasSubstr("/fail /fusiond/tempo argument 1 has type 's'"));
    send("/fusiond/tempo", "f", 90.0);
    EXPECT_EQ(params_.current().real(ParamId::tempo), 90.0);
}

TEST_F(Server, StreamsNotesBeatsAndChangesToSubscribersAlone) {
    PlayedEvent note;
    note.kind = PlayedEvent::Kind::step;
    note.step.kind = StepKind::note;
    note.step.pitch = Pitch{60};
    note.step.velocity = Velocity{96};
    note.step.duration = beats(2);
    PlayedEvent beat;
    beat.tick = beats(5);
    server_->publish(note);
    sync();
    EXPECT_TRUE(heard_.empty());

    send("/fusiond/subscribe", "");
    server_->publish(note);
    server_->publish(beat);
    send("/fusiond/weight/jazz", "f", 7.0);
    send("/notify", "i", 0);
    server_->publish(note);
    sync();
    EXPECT_THAT(heard_, testing::ElementsAre(
                            "/done /fusiond/subscribe", "/fusiond/note 60 96 1 2.0 neural",
                            "/fusiond/beat 5 1", "/fusiond/weight/jazz 7.0", "/done /notify"));
}

TEST_F(Server, ASilentSubscriberExpires) {
    send("/fusiond/subscribe", "i", 5);
    time_.sleep_until(time_.now() + 7s);
    params_.act(ActionId::stop);
    params_.act(ActionId::play);
    sync();
    EXPECT_THAT(heard_, testing::ElementsAre("/done /fusiond/subscribe"));
}

TEST_F(Server, MalformedPacketsAreCountedAndLeftOut) {
    boost::asio::ip::udp::socket raw{io_, boost::asio::ip::udp::v4()};
    const UdpPeer to{boost::asio::ip::make_address("127.0.0.1"), server_->port()};
    for (const std::string& junk : {std::string{"x"}, std::string{"/abc"}, std::string(65000, '#'),
                                    std::string{"#bundle\0\0\0\0\0\0\0\0\1\0\0\0\x7F", 20}})
        raw.send_to(boost::asio::buffer(junk), to);
    sync();
    EXPECT_EQ(server_->malformed(), 4U);
}

TEST_F(Server, APortThatIsTakenIsToldWithWhatToDo) {
    const auto second =
        OscServer::open(io_, "127.0.0.1", server_->port(), "", params_, meters_, time_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Error::Code::unavailable);
    EXPECT_THAT(second.error().message, HasSubstr("--osc-port"));
}

TEST_F(Server, AnAddressThatIsNoneIsToldWithWhatToDo) {
    const auto none = OscServer::open(io_, "stage-left", 0, "", params_, meters_, time_);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Error::Code::malformed);
    EXPECT_THAT(none.error().message, HasSubstr("0.0.0.0"));
}

}  // namespace
}  // namespace fusion
