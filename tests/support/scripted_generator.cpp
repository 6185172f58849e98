#include "tests/support/scripted_generator.hpp"

#include <cmath>

#include <fmt/format.h>

namespace fusion::test {
namespace {

// SplitMix64's finaliser: every bit of the input moves every bit of the output.
std::uint64_t mix(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

}  // namespace

Vocabulary small_vocabulary() {
    std::vector<Event> events;
    for (const auto duration : duration_classes()) events.push_back({std::nullopt, duration});
    for (std::uint8_t pitch = 48; pitch < 72; ++pitch)
        for (const int cells : {3, 6, 12}) events.push_back({Pitch{pitch}, Cells{cells}});
    return Vocabulary::make(std::move(events)).value();
}

ScriptedGenerator::ScriptedGenerator(std::vector<std::string> genres)
    : vocabulary_{small_vocabulary()}, genres_{std::move(genres)} {
    for (std::size_t i = 0; i < vocabulary_.size(); ++i)
        playable_.push_back(static_cast<EventId>(i));
}

void ScriptedGenerator::use_one_duration(Cells duration) {
    playable_.clear();
    for (std::size_t i = 0; i < vocabulary_.size(); ++i) {
        const auto& event = vocabulary_[static_cast<EventId>(i)];
        if (!event.is_rest() && event.duration == duration)
            playable_.push_back(static_cast<EventId>(i));
    }
}

Result<GeneratedEvent> ScriptedGenerator::generate(const StepRequest& request) {
    if (request.index != next_)
        breaches_.push_back(fmt::format("asked for {} at {}", request.index, next_));
    if (request.blend.silent()) breaches_.emplace_back("asked with a silent blend");
    if (script_)
        if (auto allowed = script_(request); !allowed) return tl::unexpected{allowed.error()};

    std::uint64_t dice = mix(request.sampling.seed) ^ mix(request.index) ^ mix(last_ + 7919U);
    dice ^= mix(request.position + 104729U);
    for (std::size_t g = 0; g < kMaxGenres; ++g)
        dice = mix(dice ^ static_cast<std::uint64_t>(std::lround(request.blend.share[g] * 1e6F)));
    GeneratedEvent made;
    made.event = request.forced.value_or(playable_[dice % playable_.size()]);
    made.proposals.fill(kNoProposal);
    for (std::size_t g = 0; g < genres_.size(); ++g)
        made.proposals[g] = playable_[mix(dice + g) % playable_.size()];
    ++(request.forced ? told_ : made_);
    before_.push_back(last_);
    last_ = made.event;
    ++next_;
    return made;
}

void ScriptedGenerator::rollback(std::uint32_t index) {
    if (index < oldest_ || index > next_) {
        breaches_.push_back(fmt::format("rollback to {} of [{}, {}]", index, oldest_, next_));
        return;
    }
    if (index == next_) return;
    last_ = before_[index - oldest_];
    before_.resize(index - oldest_);
    next_ = index;
}

void ScriptedGenerator::forget_before(std::uint32_t index) {
    if (index > next_) breaches_.push_back(fmt::format("forget before {} at {}", index, next_));
    while (oldest_ < index && !before_.empty()) {
        before_.pop_front();
        ++oldest_;
    }
}

void ScriptedGenerator::skip_to(std::uint32_t index) {
    if (index < next_) breaches_.push_back(fmt::format("skip back to {} from {}", index, next_));
    before_.clear();  // nothing before the gap can be gone back to
    next_ = oldest_ = index;
}

void ScriptedGenerator::reset() {
    before_.clear();
    next_ = oldest_ = 0;
    last_ = 0;
    ++resets_;
}

}  // namespace fusion::test
