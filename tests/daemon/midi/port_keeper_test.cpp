#include "daemon/midi/port_keeper.hpp"

#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/midi/port_match.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using log::Level;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

// Ports come and go by a test's word.
struct FakeSystem final : MidiSystem {
    class Watch final : public ServerWatch {
    public:
        explicit Watch(const FakeSystem& system) : system_{system}, server_{system.server} {}
        // The server that this one knew: another in its place is not it.
        [[nodiscard]] bool lost() const noexcept override { return system_.server != server_; }

    private:
        const FakeSystem& system_;
        int server_;
    };

    [[nodiscard]] std::string_view name() const override { return "FAKE"; }
    [[nodiscard]] Status runs() const override {
        if (server > 0) return {};
        return fail(Error::Code::unavailable, "no server");
    }
    [[nodiscard]] Result<std::vector<std::string>> ports(PortSide side) const override {
        ++asked;
        EXPECT_EQ(side, PortSide::outputs);
        return others;
    }
    [[nodiscard]] std::unique_ptr<ServerWatch> watch(const std::string& client) const override {
        EXPECT_EQ(client, "fusiond watch");
        if (server <= 0) return nullptr;
        return std::make_unique<Watch>(*this);
    }

    int server = 1;  // its number; 0: none runs
    std::vector<std::string> others;
    mutable int asked = 0;
};

struct FakePlug final : Plug {
    explicit FakePlug(FakeSystem& with) : system{with} {}
    Result<std::string> plug_in(const std::string& wanted) override {
        ++tried;
        if (refuses) return tl::unexpected{*refuses};
        if (wanted.empty()) {
            ++in;
            return std::string{};
        }
        const auto found = find_port(wanted, system.others);
        if (!found) return fail(Error::Code::not_found, "no such port");
        ++in;
        return system.others[*found];
    }
    void pull_out() override { --in; }

    FakeSystem& system;
    std::optional<Error> refuses;
    int tried = 0;
    int in = 0;  // 1 where it is plugged in
};

class PortKeeperTest : public testing::Test {
protected:
    void keep(const std::string& wanted) {
        keeper_.emplace(PortKeeper::Port{"MIDI port", "fusiond", "out", wanted, PortSide::outputs},
                        system_, time_, plug_, [this](Level level, std::string_view line) {
                            told_.emplace_back(level, line);
                        });
        opened_ = keeper_->open();
    }
    // As the daemon does: each second.
    void seconds(int count) {
        for (int i = 0; i < count; ++i) {
            time_.sleep_until(time_.now() + 1s);
            keeper_->look_after();
        }
    }

    FakeSystem system_;
    SimulatedTime time_;
    FakePlug plug_{system_};
    std::optional<PortKeeper> keeper_;
    Status opened_;
    std::vector<std::pair<Level, std::string>> told_;
};

TEST_F(PortKeeperTest, AVirtualPortIsOpenedAtOnceAndNeverLookedFor) {
    keep("");
    ASSERT_TRUE(opened_);
    seconds(100);
    EXPECT_EQ(keeper_->describe(), "FAKE virtual port fusiond:out");
    EXPECT_EQ(plug_.tried, 1);
    EXPECT_EQ(system_.asked, 0);
    EXPECT_THAT(told_, IsEmpty());
}

TEST_F(PortKeeperTest, ANamedPortThatIsNotThereIsWaitedForAndToldOfOnceEachWay) {
    keep("synth");
    ASSERT_TRUE(opened_);
    seconds(10);
    EXPECT_EQ(plug_.in, 0);
    EXPECT_EQ(keeper_->describe(), "FAKE, waiting for a port");
    EXPECT_THAT(told_,
                ElementsAre(Pair(Level::warning, "MIDI port: no such port; waiting for it")));
    system_.others = {"Drums 20:0", "My Synth 24:0"};
    seconds(10);
    EXPECT_EQ(plug_.in, 1);
    ASSERT_THAT(told_, SizeIs(2));
    EXPECT_THAT(told_[1], Pair(Level::info, "MIDI port is back: FAKE port My Synth 24:0"));
}

TEST_F(PortKeeperTest, UnpluggedWhilePlayingItIsPulledOutAndPluggedInAgainWhenItIsBack) {
    system_.others = {"My Synth 24:0"};
    keep("synth");
    seconds(3);
    system_.others.clear();
    seconds(1);
    EXPECT_EQ(plug_.in, 0);
    seconds(9);
    EXPECT_THAT(told_, ElementsAre(Pair(Level::warning,
                                        "MIDI port lost (FAKE port My Synth 24:0); "
                                        "looking for it")));
    system_.others = {"My Synth 28:0"};  // under another number, as ALSA gives it
    seconds(1);
    EXPECT_EQ(plug_.in, 1);
    EXPECT_EQ(keeper_->describe(), "FAKE port My Synth 28:0");
    seconds(10);
    EXPECT_THAT(told_, SizeIs(2));
}

TEST_F(PortKeeperTest, APatternTakesAnotherPortThatFitsWhereTheFirstIsGone) {
    system_.others = {"synth a:in", "synth b:in"};
    keep("synth ?:in");
    system_.others.erase(system_.others.begin());
    seconds(2);
    EXPECT_EQ(keeper_->describe(), "FAKE port synth b:in");
    EXPECT_EQ(plug_.in, 1);
}

TEST_F(PortKeeperTest, AServerThatGoesTakesAVirtualPortWithItAndBringsItBack) {
    keep("");
    system_.server = 0;
    seconds(5);
    EXPECT_EQ(plug_.in, 0);
    EXPECT_EQ(plug_.tried, 1) << "without a server no port is opened";
    system_.server = 2;
    seconds(1);
    EXPECT_EQ(plug_.in, 1);
    seconds(10);
    EXPECT_THAT(told_, SizeIs(2));  // lost, back
}

TEST_F(PortKeeperTest, AServerThatIsAnotherBetweenTwoLooksHasLostThePort) {
    keep("");
    system_.server = 2;
    seconds(1);
    EXPECT_EQ(plug_.in, 0);
    seconds(1);
    EXPECT_EQ(plug_.in, 1);
    EXPECT_EQ(plug_.tried, 2);
}

TEST_F(PortKeeperTest, AServerThatWentWhileAPortWasWaitedForIsNoLossLater) {
    keep("synth");
    system_.server = 0;
    seconds(2);
    system_.server = 2;
    system_.others = {"synth"};
    seconds(10);
    EXPECT_EQ(plug_.in, 1);
    ASSERT_THAT(told_, SizeIs(2));  // waiting, back
    EXPECT_THAT(told_[1].second, HasSubstr("is back"));
}

TEST_F(PortKeeperTest, ForAMinuteEachSecondLooksAndLaterEachFourth) {
    system_.others = {"synth"};
    keep("synth");
    for (int loss = 0; loss < 2; ++loss) {  // the second begins anew
        seconds(1);
        system_.others.clear();
        seconds(1);
        plug_.tried = 0;
        seconds(59);
        EXPECT_EQ(plug_.tried, 59);
        seconds(400);
        EXPECT_EQ(plug_.tried, 59 + 100);
        system_.others = {"synth"};
        seconds(4);
        EXPECT_EQ(plug_.in, 1);
    }
}

TEST_F(PortKeeperTest, WhyAPortThatIsThereCannotBeOpenedIsToldOnceAndAgainWhenItIsAnotherReason) {
    system_.others = {"synth"};
    keep("synth");
    plug_.refuses = Error{Error::Code::unavailable, "it is busy"};
    system_.others.clear();
    seconds(1);
    seconds(5);
    plug_.refuses->message = "no rights";
    seconds(5);
    plug_.refuses.reset();
    system_.others = {"synth"};
    seconds(1);
    ASSERT_THAT(told_, SizeIs(4));
    EXPECT_THAT(told_[1].second, HasSubstr("it is busy"));
    EXPECT_THAT(told_[2].second, HasSubstr("no rights"));
    EXPECT_THAT(told_[3].second, HasSubstr("is back"));
}

TEST_F(PortKeeperTest, AtTheStartWhatIsNotWaitedForIsAnError) {
    system_.server = 0;
    keep("synth");
    ASSERT_FALSE(opened_);
    EXPECT_EQ(opened_.error().message, "no server");
    system_.server = 1;
    plug_.refuses = Error{Error::Code::unavailable, "it is busy"};
    keep("synth");
    ASSERT_FALSE(opened_);
    EXPECT_EQ(opened_.error().message, "it is busy");
    EXPECT_THAT(told_, IsEmpty());
}

TEST_F(PortKeeperTest, AClosedPortIsNotPulledOutOnceMore) {
    keep("");
    keeper_->close();
    EXPECT_EQ(plug_.in, 1);
    EXPECT_EQ(keeper_->describe(), "FAKE, waiting for a port");
}

}  // namespace
}  // namespace fusion
