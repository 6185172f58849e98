#include "daemon/panel/panel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <nlohmann/json.hpp>

namespace fusion {
namespace {

using testing::HasSubstr;
using testing::Not;

const Panel& panel() {
    static const Panel one{[] {
        PanelFacts facts;
        facts.version = "1.2.3";
        facts.output = "JACK port fusiond:out";
        facts.bundle_file = "my.bundle";
        facts.bundle_record =
            R"({"licence": "CC0", "made": "2026-11-24", "command": "train --data /secret",
                "pieces": {"jazz": {"training": 379}, "ragtime": {"training": 9}},
                "phase1": {"jazz": {"validation_cross_entropy": 3.3, "history": [1, 2]}}})";
        facts.genres = {"jazz", "pop"};
        facts.panels = 2;
        facts.most_panels = 32;
        facts.cpu = std::chrono::milliseconds{1500};
        return facts;
    }};
    return one;
}

HttpAnswer get(const std::string& path, const std::string& accept = "text/html,*/*",
               const std::string& has = "") {
    return panel().answer({path, "", "127.0.0.1", accept, has});
}

std::string field(const HttpAnswer& answer, std::string_view name) {
    const auto it =
        std::ranges::find(answer.fields, name, &std::pair<std::string, std::string>::first);
    return it == answer.fields.end() ? std::string{} : it->second;
}

TEST(Panel, EveryFileOfTheFolderIsServedAsItStandsThereAndWithItsType) {
    const std::map<std::string, std::string> types{{".html", "text/html; charset=utf-8"},
                                                   {".css", "text/css; charset=utf-8"},
                                                   {".js", "text/javascript; charset=utf-8"},
                                                   {".svg", "image/svg+xml"}};
    std::size_t count = 0, bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator{FUSION_PANEL_FOLDER}) {
        const auto type = types.find(entry.path().extension());
        if (type == types.end()) continue;
        std::ifstream in{entry.path(), std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        const auto answer = get("/panel/" + entry.path().filename().string());
        EXPECT_EQ(answer.status, 200U) << entry.path();
        EXPECT_EQ(answer.type, type->second) << entry.path();
        EXPECT_TRUE(answer.body == text) << entry.path();
        ++count;
        bytes += text.size();
    }
    EXPECT_EQ(count, panel_files().size());
    EXPECT_GT(count, 10U);
    EXPECT_LE(bytes, 150'000U) << "the whole panel has a budget";
}

TEST(Panel, ThePageIsAtTheRootAndTellsEveryModuleAheadOfTime) {
    const auto page = get("/");
    EXPECT_EQ(page.body, get("/panel/index.html").body);
    EXPECT_EQ(page.body, get("/panel").body);
    EXPECT_EQ(field(page, "Vary"), "Accept");
    for (const auto& file : panel_files()) {
        if (!file.name.ends_with(".js")) continue;
        EXPECT_THAT(page.body, HasSubstr("\"/panel/" + std::string{file.name} + "\""));
    }
}

TEST(Panel, ABrowserKeepsAFileForAsLongAsItIsTheSame) {
    const auto first = get("/panel/main.js");
    const auto etag = field(first, "ETag");
    EXPECT_EQ(field(first, "Cache-Control"), "no-cache");
    ASSERT_GT(etag.size(), 10U);
    for (const auto& has : {etag, "\"other\", W/" + etag}) {
        const auto again = get("/panel/main.js", "*/*", has);
        EXPECT_EQ(again.status, 304U);
        EXPECT_EQ(again.body, "");
        EXPECT_EQ(field(again, "ETag"), etag);
    }
    EXPECT_EQ(get("/panel/main.js", "*/*", "\"another\"").status, 200U);
    EXPECT_NE(etag, field(get("/panel/panel.css"), "ETag"));
}

TEST(Panel, EveryAnswerKeepsThePageToThisDaemon) {
    for (const auto* path : {"/", "/panel/main.js", "/panel/about.json", "/panel/nothing"}) {
        const auto answer = get(path);
        const auto policy = field(answer, "Content-Security-Policy");
        EXPECT_THAT(policy, HasSubstr("default-src 'none'")) << path;
        EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'")) << path;
        EXPECT_THAT(policy, Not(HasSubstr("unsafe"))) << path;
        EXPECT_THAT(policy, Not(HasSubstr("http"))) << path;
        EXPECT_EQ(field(answer, "X-Content-Type-Options"), "nosniff") << path;
    }
    for (const auto& file : panel_files()) {
        const std::string text{file.bytes};
        for (const auto* elsewhere : {"https://", "//cdn", "@import", "eval(", "innerHTML"})
            EXPECT_THAT(text, Not(HasSubstr(elsewhere))) << file.name;
    }
}

TEST(Panel, WhatIsNotThereIsAClearPageAndNothingOfTheFileSystem) {
    for (const auto* path :
         {"/panel/nothing", "/panel/../panel.cpp", "/panel/..", "/panel//etc/passwd",
          "/panel/panel.cpp", "/nonsense", "/panel/index.html/"}) {
        const auto page = get(path);
        EXPECT_EQ(page.status, 404U) << path;
        EXPECT_THAT(page.type, HasSubstr("text/html")) << path;
        EXPECT_THAT(page.body, HasSubstr("There is no such page")) << path;
        EXPECT_THAT(page.body, HasSubstr("href=\"/\"")) << path;
        const auto text = get(path, "*/*");
        EXPECT_EQ(text.status, 404U) << path;
        EXPECT_THAT(text.type, HasSubstr("text/plain")) << path;
    }
}

TEST(Panel, AboutTellsWhatTheRecordSaysOfTheGenresThereAreAndNothingElse) {
    const auto answer = get("/panel/about.json", "application/json");
    EXPECT_EQ(answer.type, "application/json");
    EXPECT_EQ(field(answer, "Cache-Control"), "no-store");
    const auto json = nlohmann::json::parse(answer.body);
    EXPECT_EQ(json["version"], "1.2.3");
    EXPECT_EQ(json["output"], "JACK port fusiond:out");
    EXPECT_EQ(json["panels"], 2);
    EXPECT_EQ(json["cpu_seconds"], 1.5);
    EXPECT_EQ(json["bundle"]["licence"], "CC0");
    EXPECT_EQ(json["bundle"]["pieces"]["jazz"]["training"], 379);
    EXPECT_EQ(json["bundle"]["cross_entropy"]["jazz"], 3.3);
    EXPECT_FALSE(json["bundle"]["pieces"].contains("ragtime"));
    EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
    EXPECT_THAT(answer.body, Not(HasSubstr("history")));
}

TEST(Panel, ARecordThatIsNoneIsLeftOut) {
    for (const auto* record :
         {"", "{}", "[1]", "no JSON", R"({"pieces": 3, "phase1": {"jazz": 1}})",
          R"({"phase1": {"jazz": {"validation_cross_entropy": "x"}}})"}) {
        PanelFacts facts;
        facts.bundle_file = "x.bundle";
        facts.bundle_record = record;
        facts.genres = {"jazz", "caf\xe9"};
        EXPECT_EQ(nlohmann::json::parse(as_json(facts))["bundle"].size(), 1U) << record;
    }
}

TEST(Panel, ItsAddressIsOneThatABrowserTakes) {
    EXPECT_EQ(panel_url("127.0.0.1", 9701), "http://127.0.0.1:9701/");
    EXPECT_EQ(panel_url("localhost", 9701), "http://127.0.0.1:9701/");
    EXPECT_EQ(panel_url("192.168.1.5", 80), "http://192.168.1.5:80/");
    EXPECT_EQ(panel_url("fe80::1", 9701), "http://[fe80::1]:9701/");
    EXPECT_EQ(panel_url("0.0.0.0", 9701), "http://127.0.0.1:9701/");
    EXPECT_EQ(panel_url("::", 9701), "http://[::1]:9701/");
    EXPECT_EQ(panel_address("192.168.1.5", 80), "http://192.168.1.5:80/");
    EXPECT_THAT(panel_address("0.0.0.0", 9701),
                testing::MatchesRegex(
                    "http://127.0.0.1:9701/, from another device http://.+[.]local:9701/"));
}

}  // namespace
}  // namespace fusion
