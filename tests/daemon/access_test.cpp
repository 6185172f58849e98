#include "daemon/access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

boost::asio::ip::address at(const char* text) { return boost::asio::ip::make_address(text); }

TEST(Access, ThisMachineAloneNeedsNoListAndIsNotWarnedOf) {
    const Config config;
    EXPECT_FALSE(osc_access(config.osc).lets_in) << "nobody else can come";
    EXPECT_THAT(open_doors(config), IsEmpty());
}

TEST(Access, AnOpenedPortLetsInWhoIsAllowed) {
    Config config;
    config.osc.bind = "0.0.0.0";
    config.osc.allow = {"192.168.1.0/24", "2001:db8::7"};
    const auto lets_in = osc_access(config.osc).lets_in;
    EXPECT_TRUE(lets_in(at("192.168.1.9")));
    EXPECT_TRUE(lets_in(at("::ffff:192.168.1.9")));
    EXPECT_TRUE(lets_in(at("2001:db8::7")));
    EXPECT_FALSE(lets_in(at("192.168.2.9")));
    EXPECT_FALSE(lets_in(at("203.0.113.5")));
}

TEST(Access, WithoutAListOnlyPrivateNetworksComeInAndThatIsToldLoudly) {
    Config config;
    config.osc.bind = "::";
    config.oscquery.bind = "0.0.0.0";
    EXPECT_TRUE(osc_access(config.osc).lets_in(at("10.1.2.3")));
    EXPECT_FALSE(osc_access(config.osc).lets_in(at("203.0.113.5")));
    EXPECT_FALSE(http_access(config.oscquery).lets_in(at("203.0.113.5")));
    EXPECT_THAT(open_doors(config),
                testing::ElementsAre(HasSubstr("[osc] allow ="), HasSubstr("[oscquery] allow ="),
                                     HasSubstr("[oscquery] token =")));
}

TEST(Access, ADoorThatIsWatchedIsNotWarnedOf) {
    Config config;
    config.osc.bind = config.oscquery.bind = "0.0.0.0";
    config.osc.allow = config.oscquery.allow = {"192.168.1.0/24"};
    config.oscquery.token = "s3cret-word";
    EXPECT_THAT(open_doors(config), IsEmpty());
    EXPECT_EQ(http_access(config.oscquery).token, "s3cret-word");
}

}  // namespace
}  // namespace fusion
