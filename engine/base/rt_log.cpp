#include "engine/base/rt_log.hpp"

#include "engine/base/log.hpp"

namespace fusion {
namespace {

log::Level level_of(RtEvent event) noexcept {
    switch (event) {
        case RtEvent::restarted:
        case RtEvent::panicked:
        case RtEvent::realigned:
        case RtEvent::line_resumed: return log::Level::info;
        case RtEvent::commit_dropped: return log::Level::error;
        default: return log::Level::warning;
    }
}

}  // namespace

std::string describe(const RtRecord& record) {
    switch (record.event) {
        case RtEvent::underrun:
            return fmt::format("no step was ready at tick {}: the last bar is repeated", record.a);
        case RtEvent::stand_in:
            return fmt::format(
                "what composes does not answer: from tick {} on the stand-in plays, n-grams alone",
                record.a);
        case RtEvent::line_resumed:
            return fmt::format("the line goes on at tick {} after {} ticks without it", record.a,
                               record.b);
        case RtEvent::late_step:
            return fmt::format("step {} came {} us too late and was left out", record.a, record.b);
        case RtEvent::sink_refused:
            return fmt::format(
                "the MIDI output had no room for a message (status {:#x}); {} so far", record.a,
                record.b);
        case RtEvent::stalled:
            return fmt::format(
                "the clock did not run for {} us (machine suspended or overloaded); "
                "notes of that time are left out",
                record.a);
        case RtEvent::restarted: return fmt::format("restart {}: bar one, fresh line", record.a);
        case RtEvent::panicked: return fmt::format("panic: {} sounding notes ended", record.a);
        case RtEvent::realigned:
            return fmt::format(
                "the line waits to be in step with what is followed: its tick {} is the song's {}",
                record.a, record.b);
        case RtEvent::commit_dropped:
            return fmt::format("the planner was not told of step {}; the line may jump", record.a);
    }
    return "unknown record of the clock";
}

RtLog::RtLog(std::size_t capacity) : queue_{capacity} {}

std::size_t RtLog::drain() {
    expect_thread(ThreadRole::control);
    std::size_t count = 0;
    RtRecord record;
    while (queue_.out.try_pop(record)) {
        log::write(level_of(record.event), describe(record));
        ++count;
    }
    const auto refused = queue_.refused();
    if (refused != refused_told_) {
        log::warning("{} records of the clock were dropped: its log was full",
                     refused - refused_told_);
        refused_told_ = refused;
    }
    return count;
}

}  // namespace fusion
