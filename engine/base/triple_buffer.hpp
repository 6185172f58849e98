// The newest value from one writer to one reader, without waiting on either side.
//
// Three slots: one the writer fills, one the reader reads, and one in the middle that changes hands
// by an atomic exchange. The reader always sees a whole value and always the newest published one;
// values in between are skipped, which is what a parameter snapshot wants.
//
// As with the queue (spsc_queue.hpp), the buffer is born with its two ends, `in` and `out`, which
// can be moved to whom they belong but never copied; the slots live as long as either end. Who
// holds the reading end cannot publish.
#pragma once

#include <array>
#include <atomic>
#include <cassert>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "engine/base/realtime_contract.hpp"

namespace fusion {

template <class T>
struct TripleBuffer;

template <class T>
struct TripleSlots {
    static constexpr std::uint8_t kFresh = 4;
    static constexpr std::uint8_t kIndex = 3;

    explicit TripleSlots(const T& initial) : slots{initial, initial, initial} {}

    std::array<T, 3> slots;
    alignas(64) std::uint8_t back = 0;                // the writer's
    alignas(64) std::atomic<std::uint8_t> middle{1};  // changes hands
    alignas(64) std::uint8_t front = 2;               // the reader's
};

template <class T>
class SnapshotWriter {
public:
    // Realtime: yes.
    FUSION_RT void publish(const T& value) noexcept {
        assert(slots_ != nullptr);
        auto& s = *slots_;
        s.slots[s.back] = value;
        // acq_rel: releases the slot just written to read()'s exchange, and acquires the slot that
        // the reader gave back.
        const auto fresh = static_cast<std::uint8_t>(s.back | s.kFresh);
        s.back = s.middle.exchange(fresh, std::memory_order_acq_rel) & s.kIndex;
    }

    SnapshotWriter(SnapshotWriter&&) noexcept = default;
    SnapshotWriter& operator=(SnapshotWriter&&) noexcept = default;
    SnapshotWriter(const SnapshotWriter&) = delete;
    SnapshotWriter& operator=(const SnapshotWriter&) = delete;
    ~SnapshotWriter() = default;

private:
    friend struct TripleBuffer<T>;
    explicit SnapshotWriter(std::shared_ptr<TripleSlots<T>> slots) : slots_{std::move(slots)} {}
    std::shared_ptr<TripleSlots<T>> slots_;
};

template <class T>
class SnapshotReader {
public:
    // The newest published value; the reference stands until the next call. Realtime: yes.
    [[nodiscard]] FUSION_RT const T& read() noexcept {
        assert(slots_ != nullptr);
        auto& s = *slots_;
        // acq_rel: partner of the exchange in publish().
        if (fresh()) s.front = s.middle.exchange(s.front, std::memory_order_acq_rel) & s.kIndex;
        return s.slots[s.front];
    }

    // Whether read() would return something new. Realtime: yes.
    [[nodiscard]] FUSION_RT bool fresh() const noexcept {
        assert(slots_ != nullptr);
        // relaxed: a hint; read() acquires
        return (slots_->middle.load(std::memory_order_relaxed) & slots_->kFresh) != 0;
    }

    SnapshotReader(SnapshotReader&&) noexcept = default;
    SnapshotReader& operator=(SnapshotReader&&) noexcept = default;
    SnapshotReader(const SnapshotReader&) = delete;
    SnapshotReader& operator=(const SnapshotReader&) = delete;
    ~SnapshotReader() = default;

private:
    friend struct TripleBuffer<T>;
    explicit SnapshotReader(std::shared_ptr<TripleSlots<T>> slots) : slots_{std::move(slots)} {}
    std::shared_ptr<TripleSlots<T>> slots_;
};

// Both ends, to be moved to where they belong; this need not outlive the move.
template <class T>
struct TripleBuffer {
    static_assert(std::is_trivially_copyable_v<T>, "what crosses threads is a plain value");

    explicit TripleBuffer(const T& initial)
        : TripleBuffer{std::make_shared<TripleSlots<T>>(initial)} {}

    SnapshotWriter<T> in;
    SnapshotReader<T> out;

private:
    explicit TripleBuffer(std::shared_ptr<TripleSlots<T>> slots) : in{slots}, out{slots} {}
};

}  // namespace fusion
