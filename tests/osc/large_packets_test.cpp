// What one sends, however much it is, and what another waits for meanwhile.
#include <algorithm>
#include <thread>

#include "tests/osc/oscquery_rig.hpp"
#include "tests/osc/server_rig.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;

constexpr float kLast = 77.0F;

// Some 60 kB of one message, and at its end a tempo to be seen by.
Bytes much_of(const Bytes& message, OscTimeTag when = {}) {
    std::vector<Bytes> messages(60'000 / (message.size() + 4), message);
    messages.push_back(encode_osc({"/fusiond/tempo", {kLast}}));
    return bundle_of(messages, when);
}

class LargePacket : public ServerRig {
protected:
    // Another client's answer comes while the packet is still being done; and the packet is done.
    void expect_others_go_between() {
        sync();
        EXPECT_NE(tempo(), kLast) << "the whole packet went ahead of another's /sync";
        for (int turns = 0; turns < 5000 && tempo() != kLast; ++turns) io_.run_for(Millis{2});
        EXPECT_EQ(tempo(), kLast);
    }
};

TEST_F(LargePacket, OfQuestionsForHelpIsNotWaitedForByOthers) {
    send_bytes(much_of(padded("/fusiond/help")));
    expect_others_go_between();
}

TEST_F(LargePacket, OfPatternsIsNotWaitedForByOthers) {
    send_bytes(much_of(padded("/*/*")));
    expect_others_go_between();
}

TEST_F(LargePacket, OfScenesIsNotWaitedForByOthers) {
    int saved = 0;
    actions_.assign(ActionId::scene_save, [&](const ActionCall&) -> Status {
        std::this_thread::sleep_for(50us);
        ++saved;
        return {};
    });
    send_bytes(much_of(encode_osc({"/fusiond/scene/save", {std::string{"x"}}})));
    expect_others_go_between();
    EXPECT_GT(saved, 1000);
}

TEST_F(LargePacket, OfMessagesThatAreDueAtOnceIsNotWaitedForByOthers) {
    const auto when = seconds_after(wall_, 1.0);
    send_bytes(much_of(padded("/fusiond/help"), when));
    sync();
    pass(1s);
    expect_others_go_between();
}

TEST_F(LargePacket, KeepsItsOrderAndThatOfWhatItsSenderSendsAfterIt) {
    std::vector<double> tempos;
    params_.on_change(
        [&](const ParamSnapshot& now) { tempos.push_back(now.real(ParamId::tempo)); });
    send_bytes(much_of(padded("/fusiond/help")));
    send_bytes(tempo_message(88.0F));
    sync();
    for (int turns = 0; turns < 5000 && tempo() != 88.0; ++turns) io_.run_for(Millis{2});
    EXPECT_THAT(tempos, testing::ElementsAre(kLast, 88.0));
}

TEST_F(LargePacket, AServerMayGoInTheMiddleOfIt) {
    send_bytes(much_of(padded("/fusiond/help")));
    io_.run_for(1ms);
    server_.reset();
    io_.restart();
    io_.run_for(20ms);
    EXPECT_EQ(tempo(), 120.0);
}

TEST_F(LargePacket, ClearSchedAlsoForgetsWhatIsDueAndNotYetDone) {
    const auto when = seconds_after(wall_, 1.0);
    send_bytes(bundle_of({padded("/clearSched"), tempo_message(90)}, when));
    sync();
    pass(2s);
    sync();
    EXPECT_EQ(tempo(), 120.0);
}

class LargeFrame : public OscQueryServing {
protected:
    // So many questions, and a tempo at the end.
    static std::string questions(std::size_t count) {
        std::vector<Bytes> messages(count, padded("/*/*"));
        messages.push_back(encode_osc({"/fusiond/tempo", {kLast}}));
        const auto bytes = bundle_of(messages);
        return {bytes.begin(), bytes.end()};
    }
    [[nodiscard]] double tempo() const { return params_.current().real(ParamId::tempo); }
};

TEST_F(LargeFrame, IsNotWaitedForByOthers) {
    auto& greedy = connect(Client::Ear::shut);
    auto& other = connect();
    greedy.binary(questions(3000));
    until([&] { return greedy.all_is_sent(); });
    settle(other);
    EXPECT_NE(tempo(), kLast) << "the whole frame went ahead of another's /sync";
}

TEST_F(LargeFrame, IsDoneAsFastAsItsAnswersAreTakenAndNoneIsLost) {
    auto& greedy = connect();
    for (int i = 0; i < 20; ++i) greedy.binary(questions(20));
    greedy.osc({"/fusiond/tempo", {88.0F}});
    until([&] { return tempo() == 88.0; });
    settle(greedy);
    const auto answers =
        std::count_if(greedy.heard.begin(), greedy.heard.end(),
                      [](const auto& line) { return line.starts_with("/fusiond/temperature "); });
    EXPECT_EQ(answers, 20 * 20);
}

TEST_F(LargeFrame, OfOneWhoGoesInTheMiddleOfItIsForgotten) {
    auto& greedy = connect(Client::Ear::shut);
    greedy.binary(questions(3000));
    until([&] { return greedy.all_is_sent(); });
    greedy.stream().next_layer().close();
    until([&] { return server_->listeners() == 0; });
    io_.restart();
    io_.run_for(std::chrono::milliseconds{20});
}

}  // namespace
}  // namespace fusion
