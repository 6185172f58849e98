// Link's own command-line peer and fusiond in one session. Skipped where it is not installed, or
// no two Link programs can meet.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "tests/daemon/sync/link_rig.hpp"
#include "tests/support/link_hut.hpp"

namespace fusion::test {
namespace {

class LinkHutTest : public LinkSyncTest {
protected:
    void SetUp() override {
        SKIP_WITHOUT_MULTICAST();
        auto started = LinkHut::start();
        if (!started) GTEST_SKIP() << started.error().message;
        hut_ = std::move(*started);
        hut_->press('a');
        hut_->press('s');
        sync_.set_start_stop_sync(true);
        sync_.enable(true);
        ASSERT_TRUE(says([this](const LinkHutLine& line) {
            return line.enabled && line.start_stop_sync && line.peers == 1 && sync_.peers() == 1;
        }));
    }
    // Reads on until a line holds.
    [[nodiscard]] bool says(const std::function<bool(const LinkHutLine&)>& holds) {
        return eventually([&] {
            for (const auto& line : hut_->read(milliseconds{20}))
                if (holds(line)) return true;
            return false;
        });
    }
    std::unique_ptr<LinkHut> hut_;
};

TEST_F(LinkHutTest, TempoGoesBothWays) {
    sync_.set_tempo(Bpm{93.0});
    EXPECT_TRUE(says([](const LinkHutLine& line) { return line.tempo == 93.0; }));
    hut_->press('e');
    std::optional<Bpm> told;
    EXPECT_TRUE(eventually([&] {
        static_cast<void>(hut_->read(Nanos{0}));
        return (told = sync_.tempo_changed()).has_value();
    }));
    EXPECT_EQ(told, Bpm{94.0});
}

TEST_F(LinkHutTest, StartAndStopGoBothWays) {
    sync_.set_playing(true);
    EXPECT_TRUE(says([](const LinkHutLine& line) { return line.playing; }));
    hut_->press(' ');
    EXPECT_TRUE(eventually([&] {
        static_cast<void>(hut_->read(Nanos{0}));
        return sync_.playing_changed() == false;
    }));
    hut_->press(' ');
    EXPECT_TRUE(eventually([&] {
        static_cast<void>(hut_->read(Nanos{0}));
        return sync_.playing_changed() == true;
    }));
    sync_.set_playing(false);
    EXPECT_TRUE(says([](const LinkHutLine& line) { return !line.playing; }));
}

TEST_F(LinkHutTest, ItsBeatIsOurs) {
    sync_.set_tempo(Bpm{150.0});
    ASSERT_TRUE(says([&](const LinkHutLine& line) {
        return line.tempo == 150.0 && std::abs(read().song.tempo().count() - 150.0) < 1e-3;
    }));
    // It prints to a hundredth, 4 ms at this tempo, and a line comes late on a busy machine, never
    // early: a tenth of a beat in a quarter of the lines tells a common beat from any other.
    // bench_link has the figure.
    int near = 0;
    int all = 0;
    EXPECT_TRUE(says([&](const LinkHutLine& line) {
        const auto song = read().song;
        const auto beat = static_cast<double>(song.tick_at(line.came).count()) / 960.0;
        near += std::abs(std::remainder(beat - line.beats, line.quantum)) < 0.1 ? 1 : 0;
        return ++all == 200;
    }));
    EXPECT_GE(near, 50);
}

TEST_F(LinkHutTest, KilledItIsMissedAndTheBeatGoesOn) {
    sync_.set_tempo(Bpm{101.0});
    ASSERT_TRUE(says([](const LinkHutLine& line) { return line.tempo == 101.0; }));
    hut_->kill();
    EXPECT_TRUE(eventually([&] { return sync_.peers() == 0; }));
    const auto reading = read();
    EXPECT_EQ(reading.state, SyncState::locked);
    EXPECT_NEAR(reading.song.tempo().count(), 101.0, 1e-3);
}

}  // namespace
}  // namespace fusion::test
