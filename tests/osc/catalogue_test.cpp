// The page of every path is true: it is what the program prints, and what the namespace knows.
#include "osc/catalogue.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "osc/namespace.hpp"
#include "osc/oscquery.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

TEST(Catalogue, ThePageInTheTreeIsTheOneThatIsMade) {
    std::ifstream in{FUSION_OSC_REFERENCE};
    const std::string page{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_EQ(page, osc_reference()) << "make it anew: fusiond --reference > osc/REFERENCE.md";
}

TEST(Catalogue, EveryParameterWeightAndActionOfItIsAnsweredByTheNamespace) {
    SimulatedTime time;
    ParamStore params{{"jazz", "pop"}, time};
    ActionDesk actions_of{params};
    for (const auto& row : action_table())
        actions_of.assign(row.id, [](const ActionCall&) -> Status { return {}; });
    OscNamespace names{params, actions_of};
    std::size_t parameters = 0;
    std::size_t actions = 0;
    for (const auto& entry : osc_catalogue(params.genres())) {
        std::vector<OscMessage> replies;
        const auto ask = [&](std::vector<OscArg> args) {
            names.handle({entry.path, std::move(args)},
                         [&](const OscMessage& reply) { replies.push_back(reply); });
        };
        if (entry.kind == OscEntry::Kind::parameter) {
            ++parameters;
            ask({});
            ASSERT_EQ(replies.size(), 1U) << entry.path;
            EXPECT_EQ(replies[0].path, entry.path);
            EXPECT_EQ(osc_type(replies[0].args[0]), entry.arguments[0].type) << entry.path;
            EXPECT_EQ(replies[0].args[0], entry.arguments[0].initial) << entry.path;
        }
        if (entry.kind == OscEntry::Kind::action) {
            ++actions;
            std::vector<OscArg> arguments;
            for (const auto& argument : entry.arguments)
                if (argument.type == 's')
                    arguments.emplace_back(std::string{"tempo"});
                else
                    arguments.emplace_back(1.0F);
            ask(arguments);
            EXPECT_TRUE(replies.empty()) << entry.path;
        }
        EXPECT_FALSE(entry.doc.empty()) << entry.path;
    }
    EXPECT_EQ(parameters, kParamCount + 2 * kFamilyCount);
    EXPECT_EQ(actions, action_table().size());
}

// A row of the page's tables: `| a | b \| c |` to a, b | c.
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    for (std::size_t from = 2, to = 0; (to = line.find(" |", from)) != std::string::npos;
         from = std::min(to + 3, line.size()))
        cells.push_back(to > from ? line.substr(from, to - from) : "");
    for (auto& cell : cells)
        for (std::size_t at = 0; (at = cell.find("\\|", at)) != std::string::npos;)
            cell.erase(at, 1);
    return cells;
}

std::string for_jazz(std::string text) {
    for (std::size_t at = 0; (at = text.find("<genre>")) != std::string::npos;)
        text.replace(at, 7, "jazz");
    return text;
}

TEST(Catalogue, ThePageHelpAndOscQuerySayTheSameOfEveryParameterAndAction) {
    const SimulatedTime time;
    const ParamStore params{{"jazz", "pop"}, time};
    const auto entries = osc_catalogue(params.genres());
    const OscQueryTree tree{entries, params};
    std::ifstream in{FUSION_OSC_REFERENCE};
    std::size_t compared = 0;
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("| `/fusiond/")) continue;
        const auto cells = cells_of(line);
        if (cells.size() != 7 && cells.size() != 5) continue;  // parameters and actions
        const auto path = for_jazz(cells[0].substr(1, cells[0].size() - 2));
        const auto entry = std::ranges::find(entries, path, &OscEntry::path);
        ASSERT_NE(entry, entries.end()) << path;

        const auto help = help_reply(*entry);
        const auto said = [&](std::size_t place) {
            return std::get<std::string>(help.args[place]);
        };
        EXPECT_EQ(said(1), cells[1]) << path;
        EXPECT_EQ(said(2), cells[2]) << path;
        EXPECT_EQ(said(3), cells[3]) << path;
        EXPECT_EQ(said(5), cells.back()) << path;

        const auto answer = tree.answer(path, "");
        ASSERT_EQ(answer.status, 200U) << path;
        const auto node = nlohmann::json::parse(answer.body);
        EXPECT_EQ(node.at("DESCRIPTION"), cells.back()) << path;
        ++compared;
        if (cells.size() != 7) continue;
        EXPECT_EQ(said(4), cells[4]) << path;
        EXPECT_EQ(node.at("TYPE").get<std::string>(), cells[1].substr(0, 1)) << path;
        const auto& range = node.at("RANGE")[0];
        if (cells[1][0] == 's') {
            for (const auto& word : range.at("VALS"))
                EXPECT_THAT(cells[3], HasSubstr(word.get<std::string>())) << path;
        } else {
            EXPECT_EQ(fmt::format("{} to {}", range.at("MIN").get<double>(),
                                  range.at("MAX").get<double>()),
                      cells[3])
                << path;
        }
    }
    EXPECT_EQ(compared, kParamCount + kFamilyCount + kActionCount);
}

}  // namespace
}  // namespace fusion
