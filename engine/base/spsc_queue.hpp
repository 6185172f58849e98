// A bounded lock-free queue from one thread to one other, on moodycamel's circular buffer.
//
// BlockingReaderWriterCircularBuffer holds exactly `capacity` items; ReaderWriterQueue(64) would
// hold 127, and its enqueue allocates. Only the try_ calls are used, and each one that fails for
// want of room is counted. The two ends are handed out as Producer<T> and Consumer<T>, so that a
// thread cannot use the end it does not own.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <readerwriterqueue/readerwritercircularbuffer.h>

#include "engine/base/realtime_contract.hpp"

namespace fusion {

template <class T>
class SpscQueue;

template <class T>
class Producer {
public:
    // False when the queue is full: the item was not taken, and the loss is counted. Realtime: yes.
    FUSION_RT bool try_push(const T& item) noexcept { return queue_->try_push(item); }

private:
    friend class SpscQueue<T>;
    explicit Producer(SpscQueue<T>& queue) : queue_{&queue} {}
    SpscQueue<T>* queue_;
};

template <class T>
class Consumer {
public:
    // False when the queue is empty. Realtime: yes.
    FUSION_RT bool try_pop(T& item) noexcept { return queue_->try_pop(item); }

private:
    friend class SpscQueue<T>;
    explicit Consumer(SpscQueue<T>& queue) : queue_{&queue} {}
    SpscQueue<T>* queue_;
};

template <class T>
class SpscQueue {
    static_assert(std::is_trivially_copyable_v<T>, "what crosses threads is a plain value");

public:
    explicit SpscQueue(std::size_t capacity) : buffer_{capacity} {}
    SpscQueue(const SpscQueue&) = delete;
    SpscQueue& operator=(const SpscQueue&) = delete;

    [[nodiscard]] Producer<T> producer() { return Producer<T>{*this}; }
    [[nodiscard]] Consumer<T> consumer() { return Consumer<T>{*this}; }

    // Thread: any.
    [[nodiscard]] std::size_t size_approx() const noexcept { return buffer_.size_approx(); }
    [[nodiscard]] std::size_t capacity() const noexcept { return buffer_.max_capacity(); }
    [[nodiscard]] std::uint64_t refused() const noexcept {
        return refused_.load(std::memory_order_relaxed);  // a counter: no partner
    }

private:
    friend class Producer<T>;
    friend class Consumer<T>;

    bool try_push(const T& item) noexcept {
        if (buffer_.try_enqueue(item)) return true;
        refused_.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    bool try_pop(T& item) noexcept { return buffer_.try_dequeue(item); }

    moodycamel::BlockingReaderWriterCircularBuffer<T> buffer_;
    std::atomic<std::uint64_t> refused_{0};
};

}  // namespace fusion
