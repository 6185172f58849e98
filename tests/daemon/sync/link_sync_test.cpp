// Link as fusiond sees it, alone and against Link's own library in the same process. Where two
// peers cannot meet even in a network of their own, what needs one is skipped.
#include "daemon/sync/link_sync.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <memory>
#include <optional>
#include <thread>

#include "tests/daemon/sync/link_rig.hpp"
#include "tests/support/rt_guard.hpp"

namespace fusion::test {
namespace {

// The card's frames as a clock: fast by 100 parts in a million, each reading off by up to 4 µs.
class CardTime final : public TimeSource {
public:
    TimePoint now() const noexcept override {
        const auto real = std::chrono::steady_clock::now().time_since_epoch();
        trembling_ = trembling_ * 1'103'515'245U + 12'345U;
        return TimePoint{real + real / 10'000 + Nanos{(trembling_ >> 16U) % 8'000U}};
    }
    void sleep_until(TimePoint) noexcept override {}

private:
    mutable std::uint32_t trembling_ = 1;
};

TEST_F(LinkSyncTest, WaitsUntilEnabledAndIsLockedAlone) {
    EXPECT_EQ(read().state, SyncState::waiting);
    sync_.enable(true);
    const auto reading = read();
    EXPECT_EQ(reading.state, SyncState::locked);
    EXPECT_TRUE(reading.knows_bars);
    EXPECT_FALSE(reading.has_transport);
    EXPECT_DOUBLE_EQ(reading.song.tempo().count(), 120.0);
    EXPECT_EQ(sync_.peers(), 0U);
    sync_.enable(false);
    EXPECT_EQ(read().state, SyncState::waiting);
}

TEST_F(LinkSyncTest, TheSongDoesNotTrembleUnderAClockThatDoes) {
    CardTime card;
    LinkSync on_card{card, Bpm{127.3}};
    on_card.enable(true);
    static_cast<void>(on_card.read(card.now()));
    int moved = 0;
    auto last = on_card.read(card.now()).song.time_at(Ticks{0});
    const auto until = std::chrono::steady_clock::now() + milliseconds{600};
    int readings = 0;
    while (std::chrono::steady_clock::now() < until) {
        const auto first = on_card.read(card.now()).song.time_at(Ticks{0});
        ++readings;
        if (first == last) continue;
        ++moved;
        EXPECT_LE(apart(first, last), Micros{60});
        last = first;
    }
    // The drift is 60 µs in that time, so the song is laid on anew about three times.
    EXPECT_GT(readings, 100);
    EXPECT_LE(moved, 12);
}

TEST_F(LinkSyncTest, ATempoOfOursIsPlayedAndNotToldBack) {
    sync_.enable(true);
    sync_.set_tempo(Bpm{97.25});
    EXPECT_TRUE(eventually([&] { return std::abs(read().song.tempo().count() - 97.25) < 1e-3; }));
    EXPECT_TRUE(tells_nothing());
}

TEST_F(LinkSyncTest, ATempoThatLinkDoesNotPlayIsToldBackAsWhatItPlays) {
    sync_.enable(true);
    sync_.set_tempo(Bpm{10.0});
    EXPECT_TRUE(tells(Bpm{20.0}));
    sync_.set_tempo(Bpm{20.0});  // the parameter comes back
    EXPECT_TRUE(tells_nothing());
    sync_.set_tempo(Bpm{120.0});
    for (const double bad : {0.0, -5.0, std::numeric_limits<double>::quiet_NaN()})
        sync_.set_tempo(Bpm{bad});
    EXPECT_TRUE(eventually([&] { return read().song.tempo() == Bpm{120.0}; }));
    EXPECT_TRUE(tells_nothing());
    sync_.set_tempo(Bpm{1e6});
    EXPECT_TRUE(eventually([&] { return std::abs(read().song.tempo().count() - 999.0) < 0.1; }));
    EXPECT_TRUE(tells(kMaxTempo));
    // In another session the same tempo is a wish again.
    sync_.enable(false);
    sync_.set_tempo(kMaxTempo);
    sync_.enable(true);
    EXPECT_TRUE(eventually([&] { return read().song.tempo() == kMaxTempo; }));
}

TEST_F(LinkSyncTest, AloneTheBarBeginsWithTheStart) {
    sync_.set_tempo(Bpm{20.0});  // a bar of 12 s: the next one of the old grid would be far
    sync_.enable(true);
    ASSERT_TRUE(eventually([&] { return read().song.tempo() == Bpm{20.0}; }));
    EXPECT_EQ(sync_.begins_at(), std::nullopt);
    sync_.set_playing(true);
    const auto begins = sync_.begins_at();
    ASSERT_TRUE(begins);
    EXPECT_LT(*begins, time_.now() + std::chrono::seconds{3});
    const auto off_the_line = [&] {
        const auto song = read().song;
        const auto bar = beats(4);
        const auto near = song.tick_at(*begins + kMillisecond * 5);
        return apart(song.time_at(Ticks{near.count() / bar.count() * bar.count()}), *begins);
    };
    EXPECT_TRUE(eventually([&] { return off_the_line() < kMillisecond; }));
    EXPECT_TRUE(tells_nothing());
    sync_.set_playing(false);
    EXPECT_EQ(sync_.begins_at(), std::nullopt);
}

TEST_F(LinkSyncTest, AnotherMetreMovesTheSongByHalfABarAtMost) {
    sync_.enable(true);
    for (const auto bar : {beats(3), Ticks{3360}, Ticks{120}, beats(13), beats(4)}) {
        const auto now = time_.now();
        const auto before = sync_.read(now).song.tick_at(now);
        sync_.set_quantum(bar);
        const auto after = sync_.read(now).song.tick_at(now);
        EXPECT_LE(std::abs((after - before).count()), bar.count() / 2 + 1);
    }
    sync_.set_quantum(Ticks{0});
    sync_.set_quantum(Ticks{-960});
    EXPECT_EQ(read().state, SyncState::locked);
}

TEST_F(LinkSyncTest, ReadingKeepsTheLawOfTheClockThread) {
    if (!rt_guard_available()) GTEST_SKIP() << "a sanitizer interposes the allocator in this build";
    Peer peer{100.0};
    sync_.enable(true);
    std::jthread changing{[&](const std::stop_token& stop) {
        for (int i = 0; !stop.stop_requested(); ++i) peer.set_tempo(60.0 + i % 200);
    }};
    clear_rt_violations();
    {
        const RtGuard guard;
        for (int i = 0; i < 10'000; ++i) static_cast<void>(read());
    }
    const auto violations = rt_violations();
    EXPECT_EQ(violations.allocations, 0U);
    EXPECT_EQ(violations.locks, 0U);
    EXPECT_EQ(violations.throws, 0U);
}

TEST_F(LinkSyncTest, IsEnabledAndDisabledWhileTheClockReadsAndEndsEnabled) {
    auto doomed = std::make_unique<LinkSync>(time_, Bpm{120.0});
    std::atomic<std::uint64_t> turns{0};
    std::jthread clock{[&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            const auto now = time_.now();
            const auto reading = doomed->read(now);
            if (reading.state == SyncState::locked) {
                EXPECT_GE(reading.song.tick_at(now), Ticks{-1});
            }
            turns.fetch_add(1);
        }
    }};
    for (int i = 0; i < 200; ++i) {
        const auto seen = turns.load();
        doomed->enable(i % 2 == 0);
        doomed->set_tempo(Bpm{50.0 + i});
        doomed->set_playing(i % 3 == 0);
        doomed->set_quantum(beats(1 + i % 7));
        ASSERT_TRUE(eventually([&] { return turns.load() > seen; }));
    }
    doomed->enable(true);
    clock = {};
    doomed.reset();
}

TEST_F(LinkSyncTest, TheTempoOfAnOlderSessionIsTakenAndToldAsItWasTyped) {
    SKIP_WITHOUT_MULTICAST();
    Peer peer{133.7};
    sync_.enable(true);
    ASSERT_TRUE(meet(peer));
    // Where the two began within half a second of each other, Link chooses whose tempo it is.
    std::optional<Bpm> told;
    EXPECT_TRUE(eventually([&] {
        return (told = sync_.tempo_changed()).has_value() || std::abs(peer.tempo() - 120.0) < 1e-3;
    }));
    if (told) {
        EXPECT_EQ(told, Bpm{133.7});
    }
    peer.set_tempo(120.5);
    EXPECT_TRUE(eventually([&] { return sync_.tempo_changed() == Bpm{120.5}; }));
    EXPECT_TRUE(eventually([&] { return std::abs(read().song.tempo().count() - 120.5) < 1e-3; }));
}

TEST_F(LinkSyncTest, OurTempoReachesAPeerAndAFarTempoOfItsOwnIsNotCutDown) {
    SKIP_WITHOUT_MULTICAST();
    Peer peer{120.0};
    sync_.enable(true);
    ASSERT_TRUE(meet(peer));
    sync_.set_tempo(Bpm{88.0});
    EXPECT_TRUE(eventually([&] { return std::abs(peer.tempo() - 88.0) < 1e-3; }));
    EXPECT_TRUE(tells_nothing());
    peer.set_tempo(999.0);
    EXPECT_TRUE(tells(kMaxTempo));
    sync_.set_tempo(kMaxTempo);  // the parameter, stopped at our limit, comes back
    EXPECT_TRUE(eventually([&] { return read().song.tempo().count() > 998.0; }));
    EXPECT_TRUE(eventually([&] { return apart_in_phase(peer, 4.0) < kMillisecond; }));
    peer.set_tempo(20.0);
    EXPECT_TRUE(tells(Bpm{20.0}));
    EXPECT_TRUE(eventually([&] { return apart_in_phase(peer, 4.0) < kMillisecond; }));
    EXPECT_NEAR(peer.tempo(), 20.0, 1e-3);
}

TEST_F(LinkSyncTest, BarsFallTogetherForWholeAndBrokenBars) {
    SKIP_WITHOUT_MULTICAST();
    Peer peer{141.0};
    sync_.enable(true);
    ASSERT_TRUE(meet(peer));
    for (const double quantum : {4.0, 3.0, 3.5, 0.875}) {
        sync_.set_quantum(Ticks{std::llround(quantum * 960.0)});
        EXPECT_TRUE(eventually([&] { return apart_in_phase(peer, quantum) < kMillisecond; }));
        int far = 0;
        for (int i = 0; i < 200; ++i)
            if (apart_in_phase(peer, quantum) > kMillisecond) ++far;
        EXPECT_LE(far, 2) << "in a bar of " << quantum;
    }
    // The check can fail: a stranger's bars, a beat beside ours, are seen to be so.
    Peer stranger{141.0};
    stranger.link.enable(false);
    sync_.set_quantum(beats(4));
    const auto at = moment(stranger.link);
    const auto ours = static_cast<double>(read().song.tick_at(at.ours).count()) / 960.0;
    auto state = stranger.link.captureAppSessionState();
    state.forceBeatAtTime(ours + 1.0, at.host, 4.0);
    stranger.link.commitAppSessionState(state);
    EXPECT_GT(apart_in_phase(stranger, 4.0), 100 * kMillisecond);
}

TEST_F(LinkSyncTest, BothBeginWithTheSameBarWhoeverStarts) {
    SKIP_WITHOUT_MULTICAST();
    Peer peer{120.0};
    sync_.set_start_stop_sync(true);
    sync_.enable(true);
    ASSERT_TRUE(meet(peer));
    const auto agree = [&] {
        const auto ours = sync_.begins_at();
        if (!ours || !peer.playing()) return false;
        // What a peer does that hears of a start: its beat 0 on the next bar line.
        auto session = peer.link.captureAppSessionState();
        session.requestBeatAtStartPlayingTime(0.0, 4.0);
        const auto at = moment(peer.link);
        const auto theirs = at.ours + (session.timeAtBeat(0.0, 4.0) - at.host);
        return apart(*ours, theirs) < kMillisecond;
    };
    sync_.set_playing(true);
    EXPECT_TRUE(eventually([&] { return peer.playing(); }));
    EXPECT_TRUE(eventually(agree));
    EXPECT_TRUE(tells_nothing());
    peer.set_playing(false, 4.0);
    EXPECT_TRUE(eventually([&] { return sync_.playing_changed() == false; }));
    peer.set_playing(true, 4.0);
    EXPECT_TRUE(eventually([&] { return sync_.playing_changed() == true; }));
    sync_.set_playing(true);  // the parameter comes back, and begins nothing anew
    EXPECT_TRUE(eventually(agree));
    sync_.set_playing(false);
    EXPECT_TRUE(eventually([&] { return !peer.playing(); }));
    EXPECT_TRUE(tells_nothing());
}

TEST_F(LinkSyncTest, WithoutStartStopSyncNobodyElseStarts) {
    SKIP_WITHOUT_MULTICAST();
    Peer peer{120.0};
    sync_.enable(true);
    ASSERT_TRUE(meet(peer));
    sync_.set_playing(true);
    sync_.set_tempo(Bpm{90.0});
    EXPECT_TRUE(eventually([&] { return std::abs(peer.tempo() - 90.0) < 1e-3; }));
    EXPECT_FALSE(peer.playing());  // the tempo, said later, is there
    EXPECT_TRUE(sync_.begins_at());
}

TEST_F(LinkSyncTest, APeerThatLeavesTakesNothingWithIt) {
    SKIP_WITHOUT_MULTICAST();
    auto peer = std::make_unique<Peer>(77.0);
    sync_.enable(true);
    ASSERT_TRUE(meet(*peer));
    peer->set_tempo(78.0);
    ASSERT_TRUE(eventually([&] { return std::abs(read().song.tempo().count() - 78.0) < 1e-3; }));
    peer.reset();
    EXPECT_TRUE(eventually([&] { return sync_.peers() == 0; }));
    EXPECT_EQ(read().state, SyncState::locked);
    EXPECT_NEAR(read().song.tempo().count(), 78.0, 1e-3);
}

}  // namespace
}  // namespace fusion::test
