#include "osc/namespace.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

class Namespace : public testing::Test {
protected:
    std::vector<OscMessage> send(const std::string& path, std::vector<OscArg> args = {}) {
        std::vector<OscMessage> replies;
        names_.handle({path, std::move(args)},
                      [&](const OscMessage& reply) { replies.push_back(reply); });
        return replies;
    }
    void expect_fail(const std::vector<OscMessage>& replies, const std::string& reason) {
        ASSERT_FALSE(replies.empty());
        EXPECT_EQ(replies[0].path, "/fail");
        ASSERT_EQ(replies[0].args.size(), 2U);
        EXPECT_THAT(std::get<std::string>(replies[0].args[1]), HasSubstr(reason));
    }
    [[nodiscard]] float weight(std::size_t genre) const {
        return params_.current().weights.value[genre];
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk actions_{params_};
    OscNamespace names_{params_, actions_};
};

TEST_F(Namespace, EveryControlIsSetAndAsked) {
    for (const auto& row : params_.parameters()) {
        const auto path = "/fusiond/" + row.tail;
        EXPECT_TRUE(send(path, {row.maximum}).empty()) << path;
        const auto replies = send(path);
        ASSERT_EQ(replies.size(), 1U) << path;
        EXPECT_EQ(replies[0].path, path);
        if (row.type == ParamType::choice)
            EXPECT_EQ(std::get<std::string>(replies[0].args[0]), row.words.back());
        else
            EXPECT_FLOAT_EQ(static_cast<float>(*osc_number(replies[0].args[0])),
                            static_cast<float>(row.maximum));
    }
}

TEST_F(Namespace, AWeightTakesTheBeatsOfItsRampAndNothingElseDoes) {
    EXPECT_TRUE(send("/fusiond/weight/pop", {8.0F, std::int32_t{16}}).empty());
    EXPECT_EQ(weight(1), 8.0F);
    EXPECT_EQ(params_.current().ramps[1], 16.0F);
    expect_fail(send("/fusiond/weight/pop", {1.0F, std::string{"slow"}}), "argument 2");
    EXPECT_EQ(weight(1), 8.0F);
}

TEST_F(Namespace, AnActionWithANameHandsItOnAndWantsIt) {
    ActionCall seen;
    actions_.assign(ActionId::scene_recall, [&](const ActionCall& call) -> Status {
        seen = call;
        if (call.text == "none") return fail(Error::Code::not_found, "no scene 'none'");
        return {};
    });
    EXPECT_TRUE(send("/fusiond/scene/recall", {std::string{"verse"}, 4.0F}).empty());
    EXPECT_EQ(seen.text, "verse");
    EXPECT_EQ(seen.number, 4.0);
    EXPECT_TRUE(send("/fusiond/scene/recall", {std::string{"verse"}}).empty());
    EXPECT_FALSE(seen.number);
    expect_fail(send("/fusiond/scene/recall", {std::string{"none"}}), "no scene 'none'");
    expect_fail(send("/fusiond/scene/recall"), "the scene is missing");
    expect_fail(send("/fusiond/scene/recall", {1.0F}), "the scene goes here, as text");
    expect_fail(send("/fusiond/scene/recall", {std::string{"a"}, std::string{"b"}}), "argument 2");
    expect_fail(send("/fusiond/scene/recall", {std::string{"verse"}, 1e6F}), "clamped to 1024");
    expect_fail(send("/fusiond/scene/save", {std::string{"verse"}}), "nobody here does that");
}

TEST_F(Namespace, AChoiceTakesItsWordsAndSaysWhichThereAre) {
    EXPECT_TRUE(send("/fusiond/sync", {std::string{"link"}}).empty());
    EXPECT_EQ(params_.current().integer(ParamId::sync), 2);
    expect_fail(send("/fusiond/sync", {std::string{"mdi"}}),
                "sync: 'mdi' is not internal, midi or link");
    EXPECT_EQ(params_.current().integer(ParamId::sync), 2);
}

TEST_F(Namespace, AnActionWithAnArgumentWantsItAndIsClamped) {
    EXPECT_TRUE(send("/fusiond/nudge", {10.0F}).empty());
    EXPECT_TRUE(send("/fusiond/nudge", {-4.0F}).empty());
    EXPECT_DOUBLE_EQ(params_.current().nudged_ms, 6.0);
    expect_fail(send("/fusiond/nudge"), "a number of ms is missing");
    expect_fail(send("/fusiond/nudge", {1e6F}), "clamped to 500");
    EXPECT_DOUBLE_EQ(params_.current().nudged_ms, 506.0);
    expect_fail(send("/fusiond/nudge", {std::numeric_limits<float>::quiet_NaN()}), "not a number");
}

TEST_F(Namespace, EveryNumberTypeSetsAWeight) {
    const std::vector<OscArg> numbers{std::int32_t{3}, std::int64_t{4}, 5.5F, 6.5, true, false};
    for (const auto& arg : numbers) {
        EXPECT_TRUE(send("/fusiond/weight/jazz", {arg}).empty());
        EXPECT_FLOAT_EQ(weight(0), static_cast<float>(*osc_number(arg)));
    }
}

TEST_F(Namespace, APatternReachesEveryWeight) {
    EXPECT_TRUE(send("/fusiond/weight/*", {std::int32_t{0}}).empty());
    EXPECT_EQ(weight(0), 0.0F);
    EXPECT_EQ(weight(1), 0.0F);
    EXPECT_EQ(send("/fusiond/weight/{jazz,pop}").size(), 2U);
    const auto of_one_word = std::ranges::count_if(param_table(), [](const auto& row) {
        return row.name.find('/') == std::string_view::npos;
    });
    EXPECT_EQ(send("/fusiond/*").size(), static_cast<std::size_t>(of_one_word));
    EXPECT_EQ(send("/fusiond/*/jazz").size(), kFamilyCount - kBandParts);
    EXPECT_EQ(send("/fusiond/*/weight/jazz").size(), kBandParts);
    EXPECT_EQ(send("/fusiond/bass/*").size(), 8U);
    EXPECT_EQ(params_.current().panics, 0U) << "a pattern fires no action";
    EXPECT_TRUE(params_.current().on(ParamId::playing));
}

TEST_F(Namespace, WeightsAreSetTogetherInOneRevision) {
    const auto before = params_.current().revision;
    EXPECT_TRUE(send("/fusiond/weights", {10.0F, std::int32_t{0}}).empty());
    EXPECT_EQ(params_.current().revision, before + 1);
    EXPECT_EQ(weight(0), 10.0F);
    EXPECT_EQ(weight(1), 0.0F);
    const auto all = send("/fusiond/weights");
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].args, (std::vector<OscArg>{10.0F, 0.0F}));
}

TEST_F(Namespace, ActionsActAndAButtonReleaseDoesNot) {
    send("/fusiond/stop");
    EXPECT_FALSE(params_.current().on(ParamId::playing));
    send("/fusiond/play", {1.0F});
    EXPECT_TRUE(params_.current().on(ParamId::playing));
    send("/fusiond/stop", {0.0F});
    EXPECT_TRUE(params_.current().on(ParamId::playing));
    send("/fusiond/panic");
    EXPECT_EQ(params_.current().panics, 1U);
}

TEST_F(Namespace, NanAndInfinityAreRefusedAndChangeNothing) {
    const auto before = params_.current().revision;
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
          -std::numeric_limits<float>::infinity()}) {
        expect_fail(send("/fusiond/weight/jazz", {bad}), "not a number");
        expect_fail(send("/fusiond/weights", {1.0F, bad}), "not a number");
        expect_fail(send("/fusiond/tempo", {bad}), "not a number");
    }
    EXPECT_EQ(params_.current().revision, before);
}

TEST_F(Namespace, NoTempoIsTooAbsurdToBeAnswered) {
    for (const float absurd : {0.0F, -120.0F, 1e6F}) {
        expect_fail(send("/fusiond/tempo", {absurd}), "clamped to");
        const double tempo = params_.current().real(ParamId::tempo);
        EXPECT_EQ(tempo, absurd > 0.0F ? 400.0 : 10.0);
    }
}

TEST_F(Namespace, ANegativeWeightIsClampedAndTold) {
    const auto replies = send("/fusiond/weight/jazz", {-3.0F});
    expect_fail(replies, "clamped to 0");
    ASSERT_EQ(replies.size(), 2U);
    EXPECT_EQ(replies[1], (OscMessage{"/fusiond/weight/jazz", {0.0F}}));
    const auto all = send("/fusiond/weights", {11.0F, -1.0F});
    expect_fail(all, "clamped to 10");
    EXPECT_EQ(all.back().args, (std::vector<OscArg>{10.0F, 0.0F}));
}

TEST_F(Namespace, WrongTypesFailAndChangeNothing) {
    const auto before = params_.current().revision;
    expect_fail(send("/fusiond/tempo", {std::string{"fast"}}), "'fast' is no number");
    expect_fail(send("/fusiond/tempo", {OscOther{'b'}}), "type 'b'");
    expect_fail(send("/fusiond/tempo", {OscOther{'N'}, 90.0F}), "type 'N'");
    expect_fail(send("/fusiond/panic", {std::string{"now"}}), "neither on nor off");
    expect_fail(send("/fusiond/weights", {1.0F, std::string{"x"}}), "argument 2");
    EXPECT_EQ(params_.current().revision, before);
}

TEST_F(Namespace, AnUnknownPathFailsWithTheNearest) {
    expect_fail(send("/fusiond/weight/jaz", {1.0F}), "did you mean '/fusiond/weight/jazz'?");
    expect_fail(send("/nonsense"), "unknown path");
    expect_fail(send("/fusiond/weight/x*", {1.0F}), "no parameter matches");
}

TEST_F(Namespace, AnAnswerOfAnotherServerIsNotAnswered) {
    EXPECT_TRUE(send("/fail", {std::string{"/x"}, std::string{"why"}}).empty());
    EXPECT_TRUE(send("/synced", {std::int32_t{1}}).empty());
}

}  // namespace
}  // namespace fusion
