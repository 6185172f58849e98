// The page of every path is true: it is what the program prints, and what the namespace knows.
#include "osc/catalogue.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "osc/namespace.hpp"

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
    OscNamespace names{params};
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
            EXPECT_EQ(std::string(1, osc_type(replies[0].args[0])), entry.types) << entry.path;
        }
        if (entry.kind == OscEntry::Kind::action) {
            ++actions;
            ask({1.0F});
            EXPECT_TRUE(replies.empty()) << entry.path;
        }
        EXPECT_FALSE(entry.doc.empty()) << entry.path;
    }
    EXPECT_EQ(parameters, kParamCount + 2);
    EXPECT_EQ(actions, action_table().size());
}

}  // namespace
}  // namespace fusion
