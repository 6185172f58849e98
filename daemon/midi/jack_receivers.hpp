// How many are connected to an output of ours, kept where JACK tells of it, so that the cycle need
// not ask: in PipeWire's libjack the question takes a lock. JACK tells only of what happens while
// the client is active, and may tell before the connection carries anything. So control asks too,
// each second or so; its answer counts when it has been the same twice and nothing was told
// between.
//
// Thread: came() and went() the one of JACK's that notifies; compare() control; the rest JACK's in
// the cycle. Realtime: all but compare() are called there or may be. Errors: none.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "engine/base/realtime_contract.hpp"
#include "engine/base/units.hpp"

namespace fusion {

class JackReceivers {
public:
    // jackd connects between two cycles, if it must in the middle of one that lasts for its whole
    // time-out: half a second.
    static constexpr Nanos kSettled{std::chrono::milliseconds{800}};

    FUSION_RT void came() noexcept { change(+1); }
    FUSION_RT void went() noexcept { change(-1); }

    // `connected`: what JACK counts now.
    void compare(int connected, TimePoint now) noexcept {
        const auto state = state_.load(kOrder);
        if (connected == state.count || state != doubted_ || connected != instead_) {
            doubted_ = state;
            instead_ = connected;
            since_ = now;
            return;
        }
        auto expected = state;
        if (now - since_ < kSettled) return;
        if (state_.compare_exchange_strong(expected, {state.told + 1, connected}, kOrder))
            tell(state.count, connected);
    }

    [[nodiscard]] FUSION_RT int count() const noexcept { return state_.load(kOrder).count; }
    // Whether there is one where there was none, since this was last asked.
    [[nodiscard]] FUSION_RT bool take_first() noexcept { return first_.exchange(false, kOrder); }
    // Whether there is one more; though another has gone meanwhile.
    [[nodiscard]] FUSION_RT bool take_another() noexcept {
        return another_.exchange(false, kOrder);
    }

private:
    // One word, so that compare() cannot undo what is told at that moment; aligned as one, or clang
    // takes a function of libatomic for it.
    struct alignas(std::uint64_t) State {
        std::uint32_t told = 0;  // how often; wraps
        std::int32_t count = 0;
        friend bool operator==(const State&, const State&) = default;
    };
    static_assert(std::atomic<State>::is_always_lock_free);
    // Numbers and flags: nothing else is read through them.
    static constexpr auto kOrder = std::memory_order_relaxed;

    FUSION_RT void change(std::int32_t by) noexcept {
        auto state = state_.load(kOrder);
        State next;
        do {
            // Of one that came before the client was active, only the going is told.
            next = {state.told + 1, state.count + by < 0 ? 0 : state.count + by};
        } while (!state_.compare_exchange_weak(state, next, kOrder));
        tell(state.count, next.count);
    }
    FUSION_RT void tell(std::int32_t before, std::int32_t now) noexcept {
        if (now > before) another_.store(true, kOrder);
        if (now > 0 && before == 0) first_.store(true, kOrder);
    }

    std::atomic<State> state_{State{}};
    std::atomic<bool> first_{false};
    std::atomic<bool> another_{false};

    // Control's own.
    State doubted_{};
    int instead_ = 0;
    TimePoint since_{};
};

}  // namespace fusion
