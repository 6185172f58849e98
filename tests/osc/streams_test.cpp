// Who listens hears what is played and what changes, and nobody else does.
#include "osc/streams.hpp"

#include "tests/osc/server_rig.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class Streams : public ServerRig {
protected:
    static PlayedEvent a_note() {
        PlayedEvent event;
        event.kind = PlayedEvent::Kind::step;
        event.step.kind = StepKind::note;
        event.step.pitch = Pitch{60};
        event.step.velocity = Velocity{96};
        event.step.duration = beats(2);
        event.step.start = Ticks{3360};
        event.weights.value = {8.0F, 2.5F};
        event.parts[0] = {PartNote::Kind::note, Pitch{64}, Velocity{80}, beats(1), beats(1)};
        event.parts[1].kind = PartNote::Kind::rest;
        event.parts[1].duration = beats(3);
        return event;
    }
    static PlayedEvent a_beat() {
        PlayedEvent event;
        event.tick = beats(5);
        return event;
    }
    // Each a newer one.
    PlannedTail a_tail() {
        PlannedTail tail;
        tail.serial = ++tails_;
        tail.count = 1;
        tail.steps[0].start = beats(5);
        tail.steps[0].duration = beats(1);
        return tail;
    }
    // What came for the subscription of these streams.
    std::vector<std::string> only(const char* stream) {
        heard_.clear();
        send("/fusiond/subscribe", "is", 60, stream);
        server_->publish(a_note());
        server_->publish(a_beat());
        params_.set(ParamId::tempo, tempo() + 1.0);
        server_->publish_scene("verse", 0.5);
        server_->publish_planned(a_tail());
        server_->turn();
        sync();
        return heard_;
    }

    std::uint64_t tails_ = 0;
};

TEST_F(Streams, GoToAnotherPortOfTheSendersMachineWhereThatIsAsked) {
    send("/fusiond/subscribe_at", "iis", static_cast<int>(bare_.local_endpoint().port()), 60,
         "beat");
    EXPECT_THAT(heard_, ElementsAre("/done /fusiond/subscribe_at"));
    server_->publish(a_beat());
    sync();
    EXPECT_EQ(heard_.size(), 1U) << "not to where it was asked from";
    const auto there = heard_bare();
    ASSERT_EQ(there.size(), 1U);
    EXPECT_EQ(there[0].path, "/fusiond/beat");
    // Its packets come from the other port, and renew it.
    pass(50s);
    sync();
    pass(50s);
    server_->publish(a_beat());
    EXPECT_EQ(heard_bare().size(), 1U);
    pass(62s);
    server_->publish(a_beat());
    EXPECT_TRUE(heard_bare().empty());
    heard_.clear();
    send("/fusiond/subscribe_at", "");
    EXPECT_THAT(heard_[0], HasSubstr("/fail /fusiond/subscribe_at takes the port"));
}

TEST_F(Streams, NotesBeatsProposalsWeightsAndChangesGoToSubscribersAlone) {
    server_->publish(a_note());
    sync();
    EXPECT_TRUE(heard_.empty());

    send("/fusiond/subscribe", "");
    server_->publish(a_note());
    server_->publish(a_beat());
    send("/fusiond/weight/jazz", "f", 7.0);
    server_->turn();
    send("/notify", "i", 0);
    server_->publish(a_note());
    sync();
    EXPECT_THAT(heard_,
                ElementsAre("/done /fusiond/subscribe", "/fusiond/note 60 96 1 2.0 neural 3.5",
                            "/fusiond/weights 8.0 2.5", "/fusiond/proposal/jazz 64 80 1.0",
                            "/fusiond/proposal/pop -1 0 3.0", "/fusiond/beat 5 1",
                            "/fusiond/weight/jazz 7.0", "/done /notify"));
}

TEST_F(Streams, ASubscriberMayChoose) {
    EXPECT_THAT(only("note"),
                ElementsAre("/done /fusiond/subscribe", "/fusiond/note 60 96 1 2.0 neural 3.5"));
    EXPECT_THAT(only("beat"), ElementsAre("/done /fusiond/subscribe", "/fusiond/beat 5 1"));
    EXPECT_THAT(only("proposal"),
                ElementsAre("/done /fusiond/subscribe", "/fusiond/proposal/jazz 64 80 1.0",
                            "/fusiond/proposal/pop -1 0 3.0"));
    EXPECT_THAT(only("weights"),
                ElementsAre("/done /fusiond/subscribe", "/fusiond/weights 8.0 2.5"));
    EXPECT_THAT(only("changes"), ElementsAre("/done /fusiond/subscribe", "/fusiond/tempo 125.0"));
    EXPECT_THAT(only("scene"), ElementsAre("/done /fusiond/subscribe", "/fusiond/scene verse 0.5"));
    EXPECT_THAT(only("planned"),
                ElementsAre("/done /fusiond/subscribe", "/fusiond/planned 0 5.0 1.0 -1 0",
                            "/fusiond/planned/jazz 0", "/fusiond/planned/pop 0"));
    EXPECT_THAT(only("late"), ElementsAre("/done /fusiond/subscribe"));
}

TEST_F(Streams, WhatIsPlannedIsForWhoAsksForItByName) {
    EXPECT_FALSE(server_->wants_planned());
    send("/fusiond/subscribe", "");
    EXPECT_FALSE(server_->wants_planned());
    auto tail = a_tail();
    server_->publish_planned(tail);
    send("/fusiond/subscribe", "is", 60, "planned");
    EXPECT_TRUE(server_->wants_planned());
    server_->publish_planned(tail);
    sync();
    EXPECT_EQ(heard_.size(), 2U) << "what was planned before it asked is old";
    tail = a_tail();
    server_->publish_planned(tail);
    EXPECT_TRUE(server_->publish_planned(tail) == OscStreams::More::no);
    EXPECT_TRUE(server_->publish_planned(a_tail()) == OscStreams::More::soon);
    sync();
    EXPECT_EQ(heard_.size(), 5U);
}

TEST_F(Streams, ElsewhereIsToldWhatItWantsAndAskedBeforeAnythingIsMade) {
    std::vector<std::string> there;
    std::string wanted = "/fusiond/planned/pop";
    server_->also_to({.send =
                          [&](OscStream, const OscMessage& message) {
                              if (message.path == wanted) there.push_back(message.path);
                          },
                      .wants = [&](std::string_view path) { return path == wanted; }});
    EXPECT_TRUE(server_->wants_planned());
    const auto tail = a_tail();
    server_->publish_planned(tail);
    server_->publish(a_note());
    EXPECT_THAT(there, ElementsAre("/fusiond/planned/pop"));
    pass(1s);
    server_->publish_planned(tail);
    EXPECT_EQ(there.size(), 1U);
    server_->somebody_listens_to(wanted);
    server_->publish_planned(tail);
    EXPECT_EQ(there.size(), 2U) << "who listens from now on does not know it";
    for (const auto* path : {"/fusiond/weights", "/fusiond/proposal/jazz", "/fusiond/note"}) {
        wanted = path;
        there.clear();
        EXPECT_FALSE(server_->wants_planned());
        server_->somebody_listens_to(wanted);
        server_->publish(a_note());
        EXPECT_EQ(there.size(), 1U) << path;
    }
}

TEST_F(Streams, AMutedNoteIsNotStreamedButWhatWasProposedIs) {
    send("/fusiond/subscribe", "iss", 60, "note", "proposal");
    auto event = a_note();
    event.heard = PlayedEvent::Heard::muted;
    server_->publish(event);
    sync();
    EXPECT_THAT(heard_, ElementsAre("/done /fusiond/subscribe", "/fusiond/proposal/jazz 64 80 1.0",
                                    "/fusiond/proposal/pop -1 0 3.0"));
}

TEST_F(Streams, AStreamThatIsNoneIsToldWithThoseThereAre) {
    send("/fusiond/subscribe", "is", 60, "notes");
    send("/fusiond/subscribe", "f", -1.0);
    send("/notify", "is", 1, "note");
    ASSERT_EQ(heard_.size(), 3U);
    EXPECT_THAT(heard_[0], HasSubstr("argument 2 is no stream; the streams are note, beat"));
    EXPECT_THAT(heard_[1], HasSubstr("/fail /fusiond/subscribe takes seconds"));
    EXPECT_THAT(heard_[2], HasSubstr("/fail /notify takes 1"));
    heard_.clear();
    server_->publish(a_note());
    sync();
    EXPECT_TRUE(heard_.empty());
}

TEST_F(Streams, WeightsOnTheirWayAreToldWhenTheyMoveAndToEveryNewcomer) {
    send("/fusiond/subscribe", "s", "weights");
    auto event = a_note();
    server_->publish(event);
    server_->publish(event);
    event.weights.value = {0.0F, 0.0F};
    server_->publish(event);
    event.step.rung = Rung::repeat;  // the clock's own: under no weights
    event.weights.value = {1.0F, 0.0F};
    server_->publish(event);
    send("/notify", "i", 1);
    event.step.rung = Rung::ngram;
    event.step.kind = StepKind::rest;
    event.weights.value = {0.0F, 0.0F};
    event.parts = {};
    server_->publish(event);
    sync();
    EXPECT_THAT(heard_, ElementsAre("/done /fusiond/subscribe", "/fusiond/weights 8.0 2.5",
                                    "/fusiond/weights 0.0 0.0", "/done /notify",
                                    "/fusiond/weights 0.0 0.0"));
}

TEST_F(Streams, AChordIsToldAsItComesAndToEveryNewcomerAndAnswersWhoAsks) {
    send("/fusiond/chord", "");
    EXPECT_THAT(std::exchange(heard_, {}), ElementsAre("/fusiond/chord N.C."));
    send("/fusiond/subscribe", "s", "chord");
    server_->turn();
    server_->publish_chord("Dm7");
    server_->publish_chord("G7");
    send("/notify", "i", 1);
    server_->turn();
    server_->turn();
    sync();
    EXPECT_THAT(heard_, ElementsAre("/done /fusiond/subscribe", "/fusiond/chord Dm7",
                                    "/fusiond/chord G7", "/done /notify", "/fusiond/chord G7"));
    heard_.clear();
    send("/fusiond/chord", "");
    EXPECT_THAT(heard_, ElementsAre("/fusiond/chord G7"));
}

TEST_F(Streams, ASectionIsToldAsItComesAndToEveryNewcomerAndAnswersWhoAsks) {
    send("/fusiond/section", "");
    EXPECT_THAT(std::exchange(heard_, {}), ElementsAre("/fusiond/section -"));
    send("/fusiond/subscribe", "s", "section");
    server_->publish_section("A");
    server_->publish_section("B'");
    send("/notify", "i", 1);
    server_->turn();
    sync();
    EXPECT_THAT(heard_, ElementsAre("/done /fusiond/subscribe", "/fusiond/section A",
                                    "/fusiond/section B'", "/done /notify", "/fusiond/section B'"));
}

TEST_F(Streams, EveryControlIsStreamedUnderItsPathOnceATurnWithItsLastValue) {
    send("/fusiond/subscribe", "s", "changes");
    for (ParameterIndex i = 0; i < params_.parameters().size(); ++i) {
        heard_.clear();
        const auto& parameter = params_.parameters()[i];
        const double other =
            params_.value(i) == parameter.minimum ? parameter.maximum : parameter.minimum;
        ASSERT_TRUE(params_.set(i, params_.value(i)));
        ASSERT_TRUE(params_.set(i, other));
        server_->turn();
        server_->turn();
        sync();
        ASSERT_EQ(heard_.size(), 1U) << parameter.tail;
        EXPECT_THAT(heard_[0], testing::StartsWith("/fusiond/" + parameter.tail + " "));
    }
}

TEST_F(Streams, ASilentSubscriberExpiresAndOneThatAsksNowAndThenDoesNot) {
    send("/fusiond/subscribe", "i", 5);
    pass(4s);
    sync();
    pass(4s);
    server_->publish(a_beat());
    pass(3s);
    server_->publish(a_beat());
    sync();
    EXPECT_THAT(heard_, ElementsAre("/done /fusiond/subscribe", "/fusiond/beat 5 1"));
}

TEST_F(Streams, TenThousandSubscriptionsAreRefusedOneByOneAndTheFirstStay) {
    send("/fusiond/subscribe", "s", "beat");
    using boost::asio::ip::udp;
    std::vector<udp::socket> others;
    for (std::size_t i = 1; i < Subscribers::kMost; ++i) {
        others.emplace_back(io_, udp::endpoint{to_.address(), 0});
        others.back().send_to(boost::asio::buffer(encode_osc({"/notify", {1}})), to_);
    }
    sync();
    constexpr int kAttempts = 10'000;
    int told = 0;
    for (int i = 0; i < kAttempts; ++i) {
        send_bytes(encode_osc({"/fusiond/subscribe", {}}));
        if (i % 100 != 99) continue;
        sync();
        for (const auto& answer : heard_bare()) {
            EXPECT_EQ(answer.path, "/fail");
            EXPECT_THAT(std::get<std::string>(answer.args[1]), HasSubstr("32 subscribers already"));
            ++told;
        }
    }
    EXPECT_EQ(told, kAttempts);
    server_->publish(a_beat());
    sync();
    EXPECT_THAT(heard_, ElementsAre("/done /fusiond/subscribe", "/fusiond/beat 5 1"));
}

}  // namespace
}  // namespace fusion
