#include "engine/realtime/clock_thread.hpp"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <array>

namespace fusion {
namespace {

// Touches the stack that the loop will use, so that no page fault comes in the middle of a note.
void prefault_stack() noexcept {
    std::array<volatile char, std::size_t{64} * 1024> stack;
    for (std::size_t i = 0; i < stack.size(); i += 1024) stack[i] = 0;
}

bool become_realtime(int priority) noexcept {
    if (priority <= 0) return false;
    sched_param wanted{};
    wanted.sched_priority = std::clamp(priority, sched_get_priority_min(SCHED_FIFO),
                                       sched_get_priority_max(SCHED_FIFO));
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &wanted) == 0;
}

}  // namespace

ClockThread::ClockThread(ClockCore& core, TimeSource& time, EngineMeters& meters, Options options)
    : core_{core}, time_{time}, meters_{meters}, options_{options} {}

ClockThread::~ClockThread() { stop(); }

void ClockThread::start() {
    thread_ = std::thread{[this] { run(); }};
    settled_.wait(false, std::memory_order_acquire);  // partner: the store in run()
}

void ClockThread::stop() {
    stopping_.store(true, std::memory_order_relaxed);  // a flag: nothing is read through it
    if (thread_.joinable()) thread_.join();
}

void ClockThread::run() noexcept {
    pthread_setname_np(pthread_self(), "fusion-clock");
    set_thread_role(ThreadRole::clock);
    prefault_stack();
    meters_.clock_is_realtime.store(become_realtime(options_.priority), std::memory_order_relaxed);
    settled_.store(true, std::memory_order_release);  // partner: the wait in start()
    settled_.notify_one();
    loop();
    core_.silence(time_.now());
}

void ClockThread::loop() noexcept {
    while (!stopping_.load(std::memory_order_relaxed)) {
        const auto now = time_.now();
        const auto wanted = core_.turn(now);
        time_.sleep_until(std::min(wanted, now + options_.poll));
    }
}

}  // namespace fusion
