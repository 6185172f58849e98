// Sockets that are slow, many, broken or gone.
#include <algorithm>

#include <boost/asio/write.hpp>

#include "tests/osc/oscquery_rig.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

TEST_F(OscQueryServing, ASlowReaderLosesWhatIsBetweenAndNeverTheLastValue) {
    auto& slow = connect(Client::Ear::shut);
    for (const auto& parameter : params_.parameters())
        slow.command("LISTEN", "/fusiond/" + parameter.tail);
    slow.command("LISTEN", "/fusiond/note");
    until([&] { return slow.all_is_sent(); });
    // Far more than the system's buffers and the outbox hold.
    const std::string much(20'000, 'x');
    for (int i = 0; i < 2000; ++i) {
        params_.set("tempo", 100.0 + 0.1 * i);
        params_.set("weight/jazz", i % 10);
        server_->turn();
        server_->publish({"/fusiond/note", {i, much}});
        io_.restart();
        io_.poll();
    }
    slow.read();
    until([&] {
        const auto has = [&](std::string_view words) {
            return std::any_of(slow.heard.begin(), slow.heard.end(),
                               [&](const auto& line) { return line.starts_with(words); });
        };
        return has("/fusiond/tempo 299.9") && has("/fusiond/note 1999 ") &&
               has("/fusiond/weight/jazz 9");
    });
    EXPECT_LT(slow.heard.size(), 2000U);
    EXPECT_FALSE(slow.closed);
}

TEST_F(OscQueryServing, AsManyQuestionsAsAClientLikesAreAllAnsweredInTheirOrder) {
    auto& client = connect();
    for (int i = 0; i < 5000; ++i) client.osc({"/sync", {i}});
    until([&] { return client.heard.size() == 5000; });
    for (int i = 0; i < 5000; ++i) ASSERT_EQ(client.heard[i], fmt::format("/synced {}", i));
}

TEST_F(OscQueryServing, AMessageMayComeInFragmentsAndWithPings) {
    auto& client = connect();
    const std::string text = R"({"COMMAND":"LISTEN","DATA":"/fusiond/tempo"})";
    // By hand, with a mask of zeros: text that goes on, a ping between, the rest.
    std::string bytes{"\x01\x8A\0\0\0\0", 6};
    bytes += text.substr(0, 10);
    bytes += std::string{"\x89\x80\0\0\0\0", 6};
    bytes += std::string{"\x80", 1} + static_cast<char>(0x80 | (text.size() - 10)) +
             std::string(4, '\0') + text.substr(10);
    boost::asio::write(client.stream().next_layer(), boost::asio::buffer(bytes));
    until([&] { return !client.heard.empty(); });
    EXPECT_THAT(client.heard, ElementsAre("/fusiond/tempo 120"));
}

TEST_F(OscQueryServing, ABrokenFrameClosesItsSocketAndNoOther) {
    auto& other = connect();
    const std::vector<std::string> broken{
        {"\x82\x01\x00", 3},                                       // unmasked
        {"\xF2\x80\0\0\0\0", 6},                                   // reserved bits
        {"\x83\x80\0\0\0\0", 6},                                   // an opcode that is none
        {"\x80\x80\0\0\0\0", 6},                                   // goes on with nothing
        {"\x89\xFE\0\x80\0\0\0\0", 8},                             // a ping that is too long
        {"\x09\x80\0\0\0\0", 6},                                   // a ping in fragments
        {"\x82\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0", 14},  // nine exabytes
        {"\x82\xFF\0\0\0\0\0\1\0\1\0\0\0\0", 14},                  // 65,537 bytes
        {"\x81\x82\0\0\0\0\xC3\x28", 8},                           // text that is no UTF-8
        {"\x88\x81\0\0\0\0\0", 7},                                 // a close with half a code
    };
    for (const auto& bytes : broken) {
        auto& client = connect();
        boost::asio::write(client.stream().next_layer(), boost::asio::buffer(bytes));
        until([&] { return client.closed; });
    }
    // A frame that begins and is cut off, at every byte.
    const std::string whole{"\x82\x84\0\0\0\0/a\0\0", 10};
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        auto& client = connect();
        boost::asio::write(client.stream().next_layer(), boost::asio::buffer(whole.data(), cut));
        client.stream().next_layer().close();
    }
    until([&] { return server_->listeners() == 1; });
    other.osc({"/fusiond/tempo", {}});
    settle(other);
    EXPECT_THAT(other.heard, ElementsAre("/fusiond/tempo 120"));
}

TEST_F(OscQueryServing, AMessageOfTheLargestSizeIsTaken) {
    auto& client = connect();
    client.text(std::string(65'536, ' '));
    settle(client);
    EXPECT_EQ(client.heard.size(), 1U);
    client.text(std::string(65'537, ' '));
    until([&] { return client.closed; });
}

TEST_F(OscQueryServing, TheThirtyThirdSocketIsRefused) {
    for (int i = 0; i < 32; ++i) connect();
    EXPECT_EQ(server_->listeners(), 32U);
    auto& refused = connect();
    EXPECT_TRUE(refused.closed);
    EXPECT_EQ(refused.response().result_int(), 503U);
    // HTTP goes on beside them, and a place that is left can be had again.
    EXPECT_EQ(get("/").result_int(), 200U);
    clients_.front().stream().next_layer().close();
    until([&] { return server_->listeners() == 31; });
    EXPECT_FALSE(connect().closed);
}

TEST_F(OscQueryServing, ASocketThatAnswersNoPingIsClosed) {
    server_.reset();
    open({.idle = 100ms});
    auto& deaf = connect(Client::Ear::shut);
    auto& alive = connect();
    ASSERT_FALSE(deaf.closed);
    until([&] { return server_->listeners() == 1; });
    settle(alive);
    EXPECT_FALSE(alive.closed);
}

TEST_F(OscQueryServing, TheServerMayGoWhileSocketsAreOpen) {
    auto& client = connect();
    client.command("LISTEN", "/fusiond/note");
    settle(client);
    server_->publish({"/fusiond/note", {1}});
    server_.reset();
    until([&] { return client.closed; });
}

TEST_F(OscQueryServing, AnAnswerThatComesWhenTheSocketHasGoneIsDropped) {
    OscReply kept;
    names_.add_verb("/later", [&](const OscMessage&, const OscReply& reply) { kept = reply; });
    auto& client = connect();
    client.osc({"/later", {}});
    settle(client);
    kept({"/now", {}});
    settle(client);
    EXPECT_THAT(client.heard, ElementsAre("/now"));
    client.stream().next_layer().close();
    until([&] { return server_->listeners() == 0; });
    kept({"/too_late", {}});
}

}  // namespace
}  // namespace fusion
