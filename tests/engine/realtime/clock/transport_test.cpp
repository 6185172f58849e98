#include "engine/realtime/clock/transport.hpp"

#include <gtest/gtest.h>

namespace fusion::test {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{10s};
constexpr Bpm kTempo{60.0};  // a beat a second

TEST(Transport, WaitsAtTheBeginningAndDoesNotMoveWithTime) {
    const Transport transport;
    EXPECT_TRUE(transport.waiting());
    EXPECT_EQ(transport.at(kNow + 3s, Timeline{Ticks{0}, kNow, kTempo}), Ticks{0});
}

TEST(Transport, StandsWhereTheLineIsWhileItRunsAndKeepsThePlaceOfItsStop) {
    Transport transport;
    const Timeline line{Ticks{100}, kNow, kTempo};
    transport.start(Ticks{100}, kNow);
    EXPECT_TRUE(transport.running());
    EXPECT_EQ(transport.running_since(), kNow);
    EXPECT_EQ(transport.at(kNow + 2s, line), Ticks{100} + beats(2));
    transport.stop(Ticks{777});
    EXPECT_EQ(transport.state(), Transport::State::stopped);
    EXPECT_EQ(transport.at(kNow + 9s, line), Ticks{777});
    transport.rewind();
    EXPECT_TRUE(transport.waiting());
    EXPECT_EQ(transport.position(), Ticks{0});
}

TEST(Transport, CountsBeatsFromTheFirstOneAtOrAfterItsStart) {
    Transport transport;
    transport.start(beats(3), kNow);
    EXPECT_EQ(transport.next_beat(), beats(3));
    transport.start(beats(3) + Ticks{1}, kNow);
    EXPECT_EQ(transport.next_beat(), beats(4));
    transport.pass_beat();
    EXPECT_EQ(transport.next_beat(), beats(5));
}

TEST(Transport, SkipsBeatsForwardAndNeverBack) {
    Transport transport;
    transport.start(Ticks{0}, kNow);
    transport.skip_beats(beats(7) + Ticks{5});
    EXPECT_EQ(transport.next_beat(), beats(8));
    transport.skip_beats(beats(2));
    EXPECT_EQ(transport.next_beat(), beats(8));
}

}  // namespace
}  // namespace fusion::test
