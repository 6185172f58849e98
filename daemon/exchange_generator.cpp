#include "daemon/exchange_generator.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace fusion {
namespace {

struct Joined {
    std::shared_ptr<const Vocabulary> vocabulary;
    std::vector<EventId> outwards;
};

// All of `old` under its own numbers, then what `fresh` has beside it.
Result<Joined> join(const Vocabulary& old, const Vocabulary& fresh) {
    std::vector<Event> events{old.events().begin(), old.events().end()};
    std::vector<EventId> outwards;
    outwards.reserve(fresh.size());
    for (const auto& event : fresh.events()) {
        const auto known = old.find(event);
        outwards.push_back(known ? *known : static_cast<EventId>(events.size()));
        if (!known) events.push_back(event);
    }
    auto vocabulary = Vocabulary::make(std::move(events));
    if (!vocabulary)
        return fail(Error::Code::unsupported,
                    fmt::format("its events are too many beside those before it ({}); restart to "
                                "play it",
                                vocabulary.error().message));
    return Joined{std::make_shared<const Vocabulary>(std::move(*vocabulary)), std::move(outwards)};
}

}  // namespace

ExchangeGenerator::ExchangeGenerator(std::shared_ptr<Generator> first)
    : genres_{first->genres().begin(), first->genres().end()},
      now_{std::move(first)},
      vocabulary_{std::make_shared<const Vocabulary>(now_->vocabulary())},
      newest_{vocabulary_} {}

std::unique_ptr<ExchangeGenerator> exchangeable(std::unique_ptr<Generator> first) {
    if (first == nullptr) return nullptr;
    return std::make_unique<ExchangeGenerator>(std::move(first));
}

Status ExchangeGenerator::fits(const Generator& next) const {
    if (!std::ranges::equal(next.genres(), genres_))
        return fail(Error::Code::unsupported,
                    fmt::format("its genres are {}, and those that play are {}: every path and "
                                "controller is by genre; restart to play it",
                                fmt::join(next.genres(), ", "), fmt::join(genres_, ", ")));
    const std::lock_guard lock{mutex_};
    if (auto joined = join(*newest_, next.vocabulary()); !joined)
        return tl::unexpected{joined.error()};
    return {};
}

Status ExchangeGenerator::offer(std::shared_ptr<Generator> next) {
    if (auto fit = fits(*next); !fit) return fit;
    const std::lock_guard lock{mutex_};
    auto joined = join(*newest_, next->vocabulary());
    if (!joined) return tl::unexpected{joined.error()};
    newest_ = joined->vocabulary;
    if (waiting_) old_.push_back(std::move(waiting_->generator));
    waiting_ = Waiting{std::move(next), std::move(joined->vocabulary), std::move(joined->outwards)};
    something_waits_.store(true, std::memory_order_release);  // partner: next_index()
    return {};
}

void ExchangeGenerator::sweep() {
    std::vector<std::shared_ptr<const void>> old;
    {
        const std::lock_guard lock{mutex_};
        old.swap(old_);
    }
    // It is freed here, without the mutex.
}

std::uint32_t ExchangeGenerator::next_index() const {
    if (something_waits_.load(std::memory_order_acquire)) take_waiting();  // partner: offer()
    return now_->next_index();
}

void ExchangeGenerator::take_waiting() const {
    const std::lock_guard lock{mutex_};
    something_waits_.store(false, std::memory_order_relaxed);  // under the mutex
    if (!waiting_) return;
    old_.push_back(std::move(now_));
    old_.push_back(std::move(vocabulary_));
    now_ = std::move(waiting_->generator);
    vocabulary_ = std::move(waiting_->vocabulary);
    outwards_ = std::move(waiting_->outwards);
    waiting_.reset();
    now_->reset();
}

Result<GeneratedEvent> ExchangeGenerator::generate(const StepRequest& request) {
    if (outwards_.empty()) return now_->generate(request);
    auto asked = request;
    if (request.forced) asked.forced = now_->vocabulary().nearest((*vocabulary_)[*request.forced]);
    auto made = now_->generate(asked);
    if (!made) return made;
    made->event = request.forced ? *request.forced : outwards_[made->event];
    for (auto& proposal : made->proposals)
        if (proposal != kNoProposal && proposal < outwards_.size()) proposal = outwards_[proposal];
    return made;
}

}  // namespace fusion
