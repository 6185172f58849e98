// A bounded lock-free queue from one thread to one other, on moodycamel's circular buffer.
//
// BlockingReaderWriterCircularBuffer holds exactly `capacity` items; ReaderWriterQueue(64) would
// hold 127, and its enqueue allocates. Only the try_ calls are used (atomics, and sem_post for one
// who waits, whom we never have), and each one that fails for want of room is counted.
//
// A queue is born with its two ends, `in` and `out`, and nothing makes another: they can be moved
// to whom they belong, never copied, so one thread writes and one reads because no second can hold
// the end. An end that was moved from is good for nothing (debug builds stop at its use). The ring
// between the ends lives as long as the queue or one of them does, so their owners may go in any
// order; the last to go frees it, which is not the clock thread's to do.
#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include <readerwriterqueue/readerwritercircularbuffer.h>

#include "engine/base/realtime_contract.hpp"

namespace fusion {

template <class T>
class SpscQueue;

template <class T>
struct SpscRing {
    moodycamel::BlockingReaderWriterCircularBuffer<T> items;
    std::atomic<std::uint64_t> refused{0};

    explicit SpscRing(std::size_t capacity) : items{capacity} {}
};

template <class T>
class Producer {
public:
    // False when the queue is full: the item was not taken, and the loss is counted. Realtime: yes.
    FUSION_RT bool try_push(const T& item) noexcept {
        assert(ring_ != nullptr);
        if (FUSION_RT_TRUSTED(ring_->items.try_enqueue(item))) return true;
        ring_->refused.fetch_add(1, std::memory_order_relaxed);  // a counter: no partner
        return false;
    }
    [[nodiscard]] std::size_t capacity() const noexcept { return ring_->items.max_capacity(); }

    Producer(Producer&&) noexcept = default;
    Producer& operator=(Producer&&) noexcept = default;
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;
    ~Producer() = default;

private:
    friend class SpscQueue<T>;
    explicit Producer(std::shared_ptr<SpscRing<T>> ring) : ring_{std::move(ring)} {}
    std::shared_ptr<SpscRing<T>> ring_;
};

template <class T>
class Consumer {
public:
    // False when the queue is empty. Realtime: yes.
    FUSION_RT bool try_pop(T& item) noexcept {
        assert(ring_ != nullptr);
        return FUSION_RT_TRUSTED(ring_->items.try_dequeue(item));
    }

    Consumer(Consumer&&) noexcept = default;
    Consumer& operator=(Consumer&&) noexcept = default;
    Consumer(const Consumer&) = delete;
    Consumer& operator=(const Consumer&) = delete;
    ~Consumer() = default;

private:
    friend class SpscQueue<T>;
    explicit Consumer(std::shared_ptr<SpscRing<T>> ring) : ring_{std::move(ring)} {}
    std::shared_ptr<SpscRing<T>> ring_;
};

template <class T>
class SpscQueue {
    static_assert(std::is_trivially_copyable_v<T>, "what crosses threads is a plain value");

public:
    explicit SpscQueue(std::size_t capacity) : SpscQueue{std::make_shared<SpscRing<T>>(capacity)} {}
    SpscQueue(const SpscQueue&) = delete;
    SpscQueue& operator=(const SpscQueue&) = delete;

    Producer<T> in;
    Consumer<T> out;

    // Thread: any.
    [[nodiscard]] std::size_t size_approx() const noexcept { return ring_->items.size_approx(); }
    [[nodiscard]] std::size_t capacity() const noexcept { return ring_->items.max_capacity(); }
    [[nodiscard]] std::uint64_t refused() const noexcept {
        return ring_->refused.load(std::memory_order_relaxed);  // a counter: no partner
    }

private:
    explicit SpscQueue(std::shared_ptr<SpscRing<T>> ring) : in{ring}, out{ring}, ring_{ring} {}
    std::shared_ptr<SpscRing<T>> ring_;
};

}  // namespace fusion
