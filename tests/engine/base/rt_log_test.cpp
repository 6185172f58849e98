#include "engine/base/rt_log.hpp"

#include <gtest/gtest.h>

#include <set>

namespace fusion {
namespace {

TEST(RtLog, DrainsWhatWasPushedOnce) {
    RtLog log;
    log.push(RtEvent::underrun, 960);
    log.push(RtEvent::panicked, 3);
    EXPECT_EQ(log.drain(), 2U);
    EXPECT_EQ(log.drain(), 0U);
}

TEST(RtLog, DropsWhatHasNoRoomAndKeepsTheOldest) {
    RtLog log{4};
    for (int i = 0; i < 10; ++i) log.push(RtEvent::late_step, i);
    RtRecord record;
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(log.try_pop(record));
        EXPECT_EQ(record.a, i);
    }
    EXPECT_FALSE(log.try_pop(record));
}

TEST(RtLog, EveryRecordReadsAsALineOfItsOwn) {
    std::set<std::string> lines;
    for (int event = 0; event <= static_cast<int>(RtEvent::commit_dropped); ++event)
        lines.insert(describe({static_cast<RtEvent>(event), 1, 2}));
    EXPECT_EQ(lines.size(), static_cast<std::size_t>(RtEvent::commit_dropped) + 1);
    EXPECT_EQ(lines.count(describe({static_cast<RtEvent>(250), 0, 0})), 0U);
}

}  // namespace
}  // namespace fusion
