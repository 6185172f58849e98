#include "osc/oscquery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "engine/base/time_source.hpp"
#include "osc/web/http_target.hpp"
#include "osc/web/websocket_outbox.hpp"

namespace fusion {
namespace {

using nlohmann::json;

class OscQuery : public testing::Test {
protected:
    [[nodiscard]] json get(const std::string& path, const std::string& query = {}) const {
        const auto answer = tree_.answer(path, query);
        EXPECT_EQ(answer.status, 200U) << path << "?" << query << ": " << answer.body;
        return json::parse(answer.body);
    }
    [[nodiscard]] unsigned status(const std::string& path, const std::string& query = {}) const {
        return tree_.answer(path, query).status;
    }

    // Walks down CONTENTS, as a client does.
    static const json* below(const json& root, const std::string& path) {
        const json* node = &root;
        for (std::size_t end = 0; end < path.size();) {
            const auto begin = end + 1;
            end = std::min(path.find('/', begin), path.size());
            if (!node->contains("CONTENTS")) return nullptr;
            const auto& contents = node->at("CONTENTS");
            const auto it = contents.find(path.substr(begin, end - begin));
            if (it == contents.end()) return nullptr;
            node = &*it;
        }
        return node;
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "bossa nova", "pop"}, time_};
    std::vector<OscEntry> entries_ = osc_catalogue(params_.genres());
    OscQueryTree tree_{entries_, params_};
};

TEST_F(OscQuery, EveryPathOfTheCatalogueIsServed) {
    const auto root = get("/");
    std::size_t served = 0;
    for (const auto& entry : entries_) {
        if (entry.path.find('<') != std::string::npos) continue;
        const auto* node = below(root, entry.path);
        ASSERT_NE(node, nullptr) << entry.path;
        EXPECT_EQ(node->at("FULL_PATH"), entry.path);
        ++served;
    }
    EXPECT_GT(served, params_.parameters().size() + kActionCount);
}

TEST_F(OscQuery, AParameterHasTheTypeRangeUnitAndValueThatTheTableSays) {
    params_.set("tempo", 93.1);
    params_.set("weight/jazz", 0.1);
    for (ParameterIndex c = 0; c < params_.parameters().size(); ++c) {
        const auto& parameter = params_.parameters()[c];
        const auto node = get("/fusiond/" + parameter.tail);
        EXPECT_EQ(node.at("ACCESS"), 3) << parameter.tail;
        EXPECT_EQ(node.at("DESCRIPTION"), parameter.doc);
        ASSERT_EQ(node.at("VALUE").size(), 1U);
        const auto& value = node.at("VALUE")[0];
        const auto& range = node.at("RANGE")[0];
        if (parameter.type == ParamType::choice) {
            EXPECT_EQ(node.at("TYPE"), "s") << parameter.tail;
            EXPECT_EQ(range.at("VALS").size(), parameter.words.size());
            EXPECT_EQ(range.at("VALS")[0], parameter.words[0]);
            EXPECT_EQ(value, *word_of(parameter, params_.value(c)));
            EXPECT_FALSE(node.contains("CLIPMODE"));
        } else {
            EXPECT_EQ(node.at("TYPE"), parameter.type == ParamType::real ? "f" : "i")
                << parameter.tail;
            EXPECT_EQ(range.at("MIN"), parameter.minimum) << parameter.tail;
            EXPECT_EQ(range.at("MAX"), parameter.maximum) << parameter.tail;
            EXPECT_EQ(value.is_number_integer(), parameter.type != ParamType::real)
                << parameter.tail;
            EXPECT_FLOAT_EQ(value.get<float>(), static_cast<float>(params_.value(c)));
            EXPECT_EQ(node.at("CLIPMODE"), json::array({"both"}));
        }
        EXPECT_EQ(node.contains("UNIT"), !parameter.unit.empty()) << parameter.tail;
    }
}

TEST_F(OscQuery, ANumberIsSaidAsShortAsItWasGiven) {
    params_.set("weight/jazz", 0.1);
    EXPECT_EQ(tree_.answer("/fusiond/weight/jazz", "VALUE").body, R"({"VALUE":[0.1]})");
}

TEST_F(OscQuery, UnitsAreTheProposalsWhereItHasThem) {
    EXPECT_EQ(get("/fusiond/tempo", "UNIT"), json::parse(R"({"UNIT": ["time.bpm"]})"));
    EXPECT_EQ(get("/fusiond/offset", "UNIT"), json::parse(R"({"UNIT": ["time.ms"]})"));
    EXPECT_EQ(get("/fusiond/ramp", "UNIT"), json::parse(R"({"UNIT": ["beats"]})"));
}

TEST_F(OscQuery, ALongerFormIsAnOverload) {
    const auto weight = get("/fusiond/weight/pop");
    EXPECT_EQ(weight.at("TYPE"), "f");
    ASSERT_EQ(weight.at("OVERLOADS").size(), 1U);
    EXPECT_EQ(weight.at("OVERLOADS")[0].at("TYPE"), "ff");
    EXPECT_EQ(weight.at("OVERLOADS")[0].at("RANGE").size(), 2U);
    const auto recall = get("/fusiond/scene/recall");
    EXPECT_EQ(recall.at("TYPE"), "s");
    EXPECT_EQ(recall.at("OVERLOADS")[0].at("TYPE"), "sf");
    EXPECT_TRUE(recall.at("OVERLOADS")[0].at("RANGE")[0].is_null());
}

TEST_F(OscQuery, ActionsAndVerbsAreWrittenOnly) {
    const auto play = get("/fusiond/play");
    EXPECT_EQ(play.at("ACCESS"), 2);
    EXPECT_EQ(play.at("TYPE"), "i");
    EXPECT_EQ(play.at("RANGE"), json::parse(R"([{"MIN": 0, "MAX": 1}])"));
    EXPECT_FALSE(play.contains("VALUE"));
    EXPECT_EQ(get("/status").at("ACCESS"), 2);
    EXPECT_EQ(status("/fusiond/play", "VALUE"), 204U);
}

TEST_F(OscQuery, TheWeightsTogetherHaveOneValueForEachGenre) {
    const auto weights = get("/fusiond/weights");
    EXPECT_EQ(weights.at("TYPE"), "fff");
    EXPECT_EQ(weights.at("ACCESS"), 3);
    EXPECT_EQ(weights.at("VALUE"), json::parse("[5.0, 5.0, 5.0]"));
}

TEST_F(OscQuery, AStreamIsReadOnlyAndHasNoValueYet) {
    const auto note = get("/fusiond/note");
    EXPECT_EQ(note.at("ACCESS"), 1);
    EXPECT_EQ(note.at("TYPE"), "iiifsf");
    const auto planned = get("/fusiond/planned");
    EXPECT_EQ(planned.at("TYPE"), "iffii") << "what repeats, once";
    EXPECT_FALSE(planned.contains("OVERLOADS"));
    EXPECT_EQ(get("/fusiond/note", "VALUE"), json::object());
}

TEST_F(OscQuery, AStreamOfEachGenreIsOneForEachAndPlaceholdersAreLeftOut) {
    const std::vector<OscEntry> entries{
        {OscEntry::Kind::stream, "/fusiond/proposal/<genre>", {}, {}, "", {}},
        {OscEntry::Kind::stream, "/fusiond/<parameter>", {}, {}, "", {}}};
    const OscQueryTree tree{entries, params_};
    EXPECT_NE(tree.find("/fusiond/proposal/bossa nova"), nullptr);
    EXPECT_EQ(tree.nodes().size(), 6U);  // /, /fusiond, proposal, and the three genres
    for (const auto& [path, node] : tree_.nodes()) EXPECT_EQ(path.find('<'), std::string::npos);
}

TEST_F(OscQuery, APathThatHasAnotherBelowItIsBoth) {
    const auto sync = get("/fusiond/weight");
    EXPECT_EQ(sync.at("ACCESS"), 0);
    EXPECT_EQ(sync.at("CONTENTS").size(), 3U);
    EXPECT_FALSE(sync.contains("TYPE"));
    const OscQueryTree tree{{{OscEntry::Kind::action, "/a", {}, {}, "", {}},
                             {OscEntry::Kind::action, "/a/b", {}, {}, "", {}}},
                            params_};
    const auto both = json::parse(tree.answer("/a", "").body);
    EXPECT_TRUE(both.contains("TYPE"));
    EXPECT_TRUE(both.at("CONTENTS").contains("b"));
}

TEST_F(OscQuery, OneAttributeIsAnsweredAlone) {
    EXPECT_EQ(get("/fusiond/tempo", "VALUE"), json::parse(R"({"VALUE": [120.0]})"));
    EXPECT_EQ(get("/fusiond/tempo", "FULL_PATH").at("FULL_PATH"), "/fusiond/tempo");
    EXPECT_EQ(get("/fusiond", "CONTENTS").size(), 1U);
}

TEST_F(OscQuery, WhatIsNotThereIsToldInTheStatus) {
    EXPECT_EQ(status("/nonsense"), 404U);
    EXPECT_EQ(status("/nonsense", "VALUE"), 404U);
    EXPECT_EQ(status("/fusiond", "RANGE"), 204U);
    EXPECT_EQ(status("/fusiond/tempo", "CONTENTS"), 204U);
    EXPECT_EQ(status("/fusiond/tempo", "CRITICAL"), 204U);
    EXPECT_EQ(status("/fusiond/tempo", "value"), 400U);
    EXPECT_EQ(status("/fusiond/tempo", "VALUE&RANGE"), 400U);
    EXPECT_EQ(get("/fusiond", "TYPE"), json::object());
}

TEST_F(OscQuery, AGenreWhoseNameIsNoUtf8StillMakesJson) {
    ParamStore params{{"ja\xFFzz", "a\"b"}, time_};
    const OscQueryTree tree{osc_catalogue(params.genres()), params};
    EXPECT_TRUE(json::accept(tree.answer("/", "").body));
}

TEST_F(OscQuery, HostInfoSaysWhereEverythingIs) {
    auto info = json::parse(
        host_info({"fusiond on studio", "1.2.3", "0.0.0.0", 9700}, "192.168.1.5", 9701));
    EXPECT_EQ(info.at("NAME"), "fusiond on studio");
    EXPECT_EQ(info.at("OSC_IP"), "192.168.1.5");
    EXPECT_EQ(info.at("OSC_PORT"), 9700);
    EXPECT_EQ(info.at("OSC_TRANSPORT"), "UDP");
    EXPECT_EQ(info.at("WS_IP"), "192.168.1.5");
    EXPECT_EQ(info.at("WS_PORT"), 9701);
    info = json::parse(host_info({"", "", "127.0.0.1", 1}, "192.168.1.5", 2));
    EXPECT_EQ(info.at("OSC_IP"), "127.0.0.1");
}

TEST_F(OscQuery, ExtensionsAreTrueForWhatSomeNodeHasAndFalseForWhatNoneHas) {
    const auto info = json::parse(host_info({}, "", 0));
    std::set<std::string> seen;
    for (const auto& [path, node] : tree_.nodes()) {
        const auto all = get(path);
        for (const auto& [key, value] : all.items()) seen.insert(key);
    }
    for (const auto* required : {"FULL_PATH", "CONTENTS", "TYPE"}) {
        EXPECT_EQ(seen.erase(required), 1U);
        EXPECT_FALSE(info.at("EXTENSIONS").contains(required));
    }
    for (const auto& key : seen) EXPECT_EQ(info.at("EXTENSIONS").at(key), true) << key;
    for (const auto* missing : {"TAGS", "EXTENDED_TYPE", "CRITICAL", "HTML"}) {
        EXPECT_FALSE(seen.contains(missing));
        EXPECT_EQ(info.at("EXTENSIONS").at(missing), false);
    }
    EXPECT_EQ(info.at("EXTENSIONS").at("LISTEN"), true);
}

TEST(HttpTarget, IsDecodedAndTakenApart) {
    const auto target = parse_target("/fusiond/weight/bossa%20nova/?VALUE#top");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, "/fusiond/weight/bossa nova");
    EXPECT_EQ(target->query, "VALUE");
    const auto path_of = [](const char* text) {
        const auto parsed = parse_target(text);
        return parsed ? parsed->path : parsed.error().message;
    };
    EXPECT_EQ(path_of("http://studio.local:9701?HOST_INFO"), "/");
    EXPECT_EQ(path_of("http://studio.local:9701/a?b"), "/a");
    EXPECT_EQ(path_of("/"), "/");
    EXPECT_EQ(path_of("//"), "/");
    EXPECT_EQ(path_of("/a%3Fb"), "/a?b");
}

TEST(HttpTarget, WhatIsNoneIsRefused) {
    for (const auto* wrong : {"", "*", "a/b", "/%", "/%4", "/%zz", "/%00", "/a%0Ab", "?VALUE"})
        EXPECT_FALSE(parse_target(wrong)) << wrong;
}

WebSocketFrame frame(const std::string& about, std::uint8_t mark) {
    return {WebSocketFrame::Kind::binary, {mark}, about};
}

TEST(WebSocketOutbox, KeepsTheOrderAndReplacesWhatALaterValueMakesStale) {
    WebSocketOutbox box;
    box.put_latest(frame("/tempo", 1));
    box.put(frame("", 2));
    box.put_latest(frame("/tempo", 3));
    EXPECT_EQ(box.take()->bytes, std::vector<std::uint8_t>{3});
    EXPECT_EQ(box.take()->bytes, std::vector<std::uint8_t>{2});
    EXPECT_FALSE(box.take());
}

TEST(WebSocketOutbox, FullItDropsStaleFramesThenAnswersAndNeverTheLastOfAPath) {
    WebSocketOutbox box;
    for (std::size_t i = 0; i < 100; ++i) box.put_latest(frame("/p" + std::to_string(i), 1));
    for (std::size_t i = 0; i < 10; ++i) box.put(frame("", 2));
    for (std::size_t i = 0; i < 10'000; ++i)
        box.put(frame("/note", static_cast<std::uint8_t>(i % 251)));
    EXPECT_EQ(box.size(), WebSocketOutbox::kPlaces);
    EXPECT_EQ(box.dropped(), 100 + 10 + 10'000 - WebSocketOutbox::kPlaces);
    std::set<std::string> paths;
    std::size_t answers = 0;
    std::uint8_t last_note = 0;
    while (const auto next = box.take()) {
        paths.insert(next->about);
        if (next->about.empty()) ++answers;
        if (next->about == "/note") last_note = next->bytes[0];
    }
    EXPECT_EQ(paths.size(), 102U);
    EXPECT_EQ(answers, 10U);
    EXPECT_EQ(last_note, 9'999 % 251);
}

TEST(WebSocketOutbox, FullOfAnswersItDropsTheOldest) {
    WebSocketOutbox box;
    box.put_latest(frame("/tempo", 7));
    for (std::size_t i = 0; i < 300; ++i) box.put(frame("", static_cast<std::uint8_t>(i % 251)));
    EXPECT_EQ(box.size(), WebSocketOutbox::kPlaces);
    EXPECT_TRUE(box.is_half_full());
    EXPECT_EQ(box.take()->about, "/tempo");
    EXPECT_EQ(box.take()->bytes[0], 300 - WebSocketOutbox::kPlaces + 1);
}

TEST(WebSocketOutbox, AFewLargeFramesFillItToo) {
    WebSocketOutbox box;
    EXPECT_FALSE(box.is_half_full());
    box.put({WebSocketFrame::Kind::binary, std::vector<std::uint8_t>(300'000), "/big"});
    EXPECT_TRUE(box.is_half_full());
    box.put_latest(frame("/big", 1));
    EXPECT_FALSE(box.is_half_full());
    EXPECT_TRUE(box.take());
    box.put({WebSocketFrame::Kind::binary, std::vector<std::uint8_t>(300'000), {}});
    EXPECT_TRUE(box.take());
    EXPECT_FALSE(box.is_half_full());
}

}  // namespace
}  // namespace fusion
