#include "osc/planned_stream.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "osc/namespace.hpp"

namespace fusion {
namespace {

// OSC's i has 31 bits to count with.
std::int32_t revision_of(const PlannedTail& tail) {
    return static_cast<std::int32_t>(tail.revision & 0x7fffffffU);
}

void add(OscMessage& message, Ticks start, Ticks duration, bool sounds, Pitch pitch,
         Velocity velocity) {
    message.args.emplace_back(osc_beats(start));
    message.args.emplace_back(osc_beats(duration));
    message.args.emplace_back(sounds ? std::int32_t{pitch.count()} : -1);
    message.args.emplace_back(sounds ? std::int32_t{velocity.count()} : 0);
}

}  // namespace

PlannedStream::PlannedStream(std::span<const std::string> genres) {
    paths_.push_back(fmt::format("{}/planned", kOscRoot));
    for (const auto& genre : genres)
        paths_.push_back(fmt::format("{}/planned/{}", kOscRoot, genre));
    tell_all();
}

bool PlannedStream::has(std::string_view path) const {
    return std::ranges::find(paths_, path) != paths_.end();
}

void PlannedStream::tell_all() {
    told_.assign(paths_.size(), {});
    looked_at_ = 0;
}

bool PlannedStream::turn(const PlannedTail& tail, TimePoint now,
                         const std::function<void(const OscMessage&)>& send) {
    if (tail.serial == 0 || tail.serial == rested_at_) return false;
    // The planner's word on a line that has begun anew is on its way.
    if (tail.first.epoch < line_at_.epoch) return false;
    if (tail.serial == looked_at_ && line_at_ == looked_from_) return false;
    if (now < next_) return true;
    looked_at_ = tail.serial;
    looked_from_ = line_at_;
    for (std::size_t path = 0; path < paths_.size(); ++path) {
        auto now_planned = message(tail, path);
        if (now_planned == told_[path]) continue;
        send(now_planned);
        told_[path] = std::move(now_planned);
        next_ = now + kPace;
    }
    return false;
}

OscMessage PlannedStream::message(const PlannedTail& tail, std::size_t path) const {
    OscMessage message{paths_[path], {revision_of(tail)}};
    const auto steps = tail.planned();
    std::size_t committed = 0;
    if (tail.first < line_at_) committed = line_at_.index - tail.first.index;
    for (const auto& step : steps.subspan(std::min(committed, steps.size()))) {
        if (path == 0) {
            add(message, step.start, step.duration, step.kind == StepKind::note, step.pitch,
                step.velocity);
            continue;
        }
        const auto& part = step.parts[path - 1];
        if (part.kind != PartNote::Kind::none)
            add(message, step.start, part.duration, part.kind == PartNote::Kind::note, part.pitch,
                part.velocity);
    }
    return message;
}

}  // namespace fusion
