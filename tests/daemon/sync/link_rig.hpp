// A LinkSync in a network of the test's own, a peer with Link's own library, and the waiting that a
// network needs: by looking again, for 30 s at most.
#pragma once

#include <gtest/gtest.h>

#include <poll.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <optional>

#include <ableton/Link.hpp>

#include "daemon/sync/link_sync.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/private_network.hpp"

namespace fusion::test {

using std::chrono::milliseconds;

inline constexpr Nanos kMillisecond{1'000'000};

inline Nanos apart(TimePoint a, TimePoint b) { return std::chrono::abs(a - b); }

inline bool eventually(const std::function<bool()>& holds) {
    return eventually(holds, [] { ::poll(nullptr, 0, 2); });
}

// Another program of the session, with Link's library alone.
class Peer {
public:
    explicit Peer(double tempo) : link{tempo} {
        link.enableStartStopSync(true);
        link.enable(true);
    }
    [[nodiscard]] double tempo() const { return link.captureAppSessionState().tempo(); }
    void set_tempo(double tempo) {
        auto session = link.captureAppSessionState();
        session.setTempo(tempo, link.clock().micros());
        link.commitAppSessionState(session);
    }
    [[nodiscard]] bool playing() const { return link.captureAppSessionState().isPlaying(); }
    void set_playing(bool playing, double quantum) {
        auto session = link.captureAppSessionState();
        session.setIsPlayingAndRequestBeatAtTime(playing, link.clock().micros(), 0.0, quantum);
        link.commitAppSessionState(session);
    }
    ableton::Link link;
};

// Whether Link works here at all, without us: else nothing is proved by our not meeting anybody.
inline bool peers_can_meet() {
    static const bool they_can = [] {
        Peer one{120.0};
        Peer other{120.0};
        return eventually([&] { return one.link.numPeers() > 0 && other.link.numPeers() > 0; });
    }();
    return they_can;
}

// One moment on both clocks.
struct Moment {
    TimePoint ours;
    Micros host;
};
inline Moment moment(const ableton::Link& link) {
    for (;;) {
        const auto before = std::chrono::steady_clock::now();
        const auto host = link.clock().micros();
        const auto after = std::chrono::steady_clock::now();
        if (after - before < Micros{5}) return {before + (after - before) / 2, host};
    }
}

class LinkSyncTest : public testing::Test {
protected:
    static void SetUpTestSuite() { static_cast<void>(enter_private_network()); }

    // Whether what is told next is this; within the time that something told would take.
    [[nodiscard]] bool tells(Bpm tempo) {
        std::optional<Bpm> told;
        return eventually([&] { return (told = sync_.tempo_changed()).has_value(); }) &&
               told == tempo;
    }
    [[nodiscard]] bool tells_nothing() {
        const auto until = time_.now() + milliseconds{150};
        bool told = false;
        EXPECT_TRUE(eventually([&] {
            told = told || sync_.tempo_changed() || sync_.playing_changed();
            return time_.now() > until;
        }));
        return !told;
    }
    [[nodiscard]] SyncReading read() { return sync_.read(time_.now()); }
    [[nodiscard]] bool meet(Peer& peer) {
        return eventually([&] { return sync_.peers() == 1 && peer.link.numPeers() == 1; });
    }
    // How far our bar line lies from the peer's, at this moment.
    [[nodiscard]] Nanos apart_in_phase(Peer& peer, double quantum) {
        const auto at = moment(peer.link);
        const auto song = read().song;
        const auto phase = peer.link.captureAppSessionState().phaseAtTime(at.host, quantum);
        const auto tick_ns = 60e9 / (song.tempo().count() * 960.0);
        const auto tick = song.tick_at(at.ours);
        const auto ticks = static_cast<double>(tick.count()) +
                           static_cast<double>((at.ours - song.time_at(tick)).count()) / tick_ns;
        const auto off = std::remainder(ticks - phase * 960.0, quantum * 960.0);
        return Nanos{std::llround(std::abs(off) * tick_ns)};
    }

    MonotonicTime time_;
    LinkSync sync_{time_, Bpm{120.0}};
};

#define SKIP_WITHOUT_MULTICAST() \
    if (!peers_can_meet())       \
    GTEST_SKIP() << "two Link peers do not meet here: no multicast on loopback"

}  // namespace fusion::test
