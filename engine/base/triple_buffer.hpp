// The newest value from one writer to one reader, without waiting on either side.
//
// Three slots: one the writer fills, one the reader reads, and one in the middle that changes hands
// by an atomic exchange. The reader always sees a whole value and always the newest published one;
// values in between are skipped, which is what a parameter snapshot wants.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <type_traits>

#include "engine/base/realtime_contract.hpp"

namespace fusion {

template <class T>
class TripleBuffer {
    static_assert(std::is_trivially_copyable_v<T>, "what crosses threads is a plain value");

public:
    explicit TripleBuffer(const T& initial) : slots_{initial, initial, initial} {}
    TripleBuffer(const TripleBuffer&) = delete;
    TripleBuffer& operator=(const TripleBuffer&) = delete;

    // Thread: the one writer. Realtime: yes.
    FUSION_RT void publish(const T& value) noexcept {
        slots_[back_] = value;
        // acq_rel: releases the slot just written to read()'s exchange, and acquires the slot that
        // the reader gave back.
        const auto taken =
            middle_.exchange(static_cast<std::uint8_t>(back_ | kFresh), std::memory_order_acq_rel);
        back_ = taken & kIndex;
    }

    // The newest published value; the reference stands until the next call.
    // Thread: the one reader. Realtime: yes.
    [[nodiscard]] FUSION_RT const T& read() noexcept {
        if (fresh()) {
            // acq_rel: partner of the exchange in publish().
            const auto taken = middle_.exchange(front_, std::memory_order_acq_rel);
            front_ = taken & kIndex;
        }
        return slots_[front_];
    }

    // Whether read() would return something new. Thread: the one reader. Realtime: yes.
    [[nodiscard]] FUSION_RT bool fresh() const noexcept {
        return (middle_.load(std::memory_order_relaxed) & kFresh) != 0;  // a hint: read() acquires
    }

private:
    static constexpr std::uint8_t kFresh = 4;
    static constexpr std::uint8_t kIndex = 3;

    std::array<T, 3> slots_;
    alignas(64) std::uint8_t back_ = 0;                // the writer's
    alignas(64) std::atomic<std::uint8_t> middle_{1};  // changes hands
    alignas(64) std::uint8_t front_ = 2;               // the reader's
};

}  // namespace fusion
