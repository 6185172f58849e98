// Who listens to a client's outputs, as a real server tells of it.
#include <optional>

#include <gtest/gtest.h>

#include "daemon/midi/jack_client.hpp"
#include "tests/daemon/midi/jack_rig.hpp"

namespace fusion {
namespace {

class Listener final : public JackListener {
public:
    void cycle(const JackCycle& cycle) noexcept override {
        receivers.store(cycle.receivers, std::memory_order_relaxed);
        if (cycle.out_has_first) firsts.fetch_add(1, std::memory_order_relaxed);
        if (cycle.feedback_has_another) feedback.fetch_add(1, std::memory_order_relaxed);
    }
    void period_becomes(Nanos) noexcept override {}
    void server_lost() noexcept override {}

    std::atomic<int> receivers{0};
    std::atomic<int> firsts{0};
    std::atomic<int> feedback{0};
};

class JackClientTest : public testing::Test {
protected:
    void SetUp() override {
        if (const auto reason = server_.start(); !reason.empty())
            GTEST_SKIP() << "no JACK server can be started here: " << reason;
    }
    void open() {
        client_ = *JackClient::open("own", {.out = "", .ins = {""}, .feedback = ""}, listener_);
        ASSERT_TRUE(client_->activate());
    }
    bool has(JackPeer& witness, int receivers, int firsts) {
        const bool came = witness.until([&] { return listener_.receivers == receivers; });
        // Nothing more is told of it.
        return came && witness.cycles(10) && listener_.receivers == receivers &&
               listener_.firsts == firsts;
    }

    JackServer server_;
    Listener listener_;
    std::unique_ptr<JackClient> client_;
};

TEST_F(JackClientTest, CountsWhoListensToTheOutputHoweverTheyComeAndGo) {
    open();
    JackPeer a{"a"};
    EXPECT_TRUE(has(a, 0, 0));
    ASSERT_TRUE(a.connect("own:out", "a:in"));
    EXPECT_TRUE(has(a, 1, 1));
    {
        JackPeer b{"b"};
        JackPeer c{"c"};
        ASSERT_TRUE(b.connect("own:out", "b:in"));
        ASSERT_TRUE(c.connect("own:out", "c:in"));
        EXPECT_TRUE(has(a, 3, 1));
        // Connections of others, and ours at the other ports, are none of the output's.
        ASSERT_TRUE(b.connect("b:out", "c:in"));
        ASSERT_TRUE(b.connect("b:out", "own:in"));
        ASSERT_TRUE(b.connect("own:feedback", "b:in"));
        b.disconnect("own:out", "b:in");
        EXPECT_TRUE(has(a, 2, 1));
    }
    EXPECT_TRUE(has(a, 1, 1)) << "c has gone without a word";
    a.disconnect("own:out", "a:in");
    EXPECT_TRUE(has(a, 0, 1));
    ASSERT_TRUE(a.connect("own:out", "a:in"));
    EXPECT_TRUE(has(a, 1, 2));
    EXPECT_EQ(listener_.feedback, 1);
}

TEST_F(JackClientTest, OneWhoTakesAnothersPlaceIsTheFirstAgain) {
    open();
    JackPeer a{"a"};
    JackPeer b{"b"};
    ASSERT_TRUE(a.connect("own:out", "a:in"));
    for (int i = 1; i <= 5; ++i) {
        ASSERT_TRUE(has(a, 1, 2 * i - 1));
        a.exchange("own:out", "a:in", "b:in");
        ASSERT_TRUE(has(a, 1, 2 * i));
        a.exchange("own:out", "b:in", "a:in");
    }
}

TEST_F(JackClientTest, BeginsAtNoneWithEachServer) {
    open();
    {
        JackPeer a{"a"};
        ASSERT_TRUE(a.connect("own:out", "a:in"));
        EXPECT_TRUE(has(a, 1, 1));
    }
    server_.stop();
    client_.reset();
    ASSERT_EQ(server_.start(), "");
    open();
    JackPeer a{"a"};
    EXPECT_TRUE(has(a, 0, 1));
    ASSERT_TRUE(a.connect("own:out", "a:in"));
    EXPECT_TRUE(has(a, 1, 2));
}

// Many at once, while the ports of others come and go too.
TEST_F(JackClientTest, CountsRightAfterAHundredConnectionsAtOnce) {
    open();
    JackPeer witness{"witness"};
    for (int round = 0; round < 10; ++round) {
        std::vector<std::unique_ptr<JackPeer>> peers;
        for (int i = 0; i < 5; ++i) {
            const auto name = "peer " + std::to_string(i);
            peers.push_back(std::make_unique<JackPeer>(name));
            witness.exchange("own:out", "nobody:in", name + ":in");
            if (i == 2 || i == 4) witness.exchange("own:out", name + ":in", name + ":in");
        }
        ASSERT_TRUE(witness.until([&] { return listener_.receivers == 5; }));
        if (round % 2 == 0) peers.clear();
        for (std::size_t i = 0; i < peers.size(); ++i)
            witness.exchange("own:out", "peer " + std::to_string(i) + ":in", "nobody:in");
        ASSERT_TRUE(witness.until([&] { return listener_.receivers == 0; }));
        EXPECT_TRUE(witness.until([&] { return listener_.firsts == round + 1; }));
    }
}

}  // namespace
}  // namespace fusion
