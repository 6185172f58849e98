#include "engine/realtime/clock/clock_thread.hpp"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>

namespace fusion {
namespace {

// How often it looks where nobody wakes it: for another's beat, for room for what is owed.
constexpr Nanos kOnWatch{std::chrono::milliseconds{1}};

// Leaves the core's other half to its other thread, and some power unused.
FUSION_RT void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

}  // namespace

ClockThread::ClockThread(ClockCore& core, TimeSource& time, Semaphore& wake, EngineMeters& meters,
                         Options options)
    : core_{core}, time_{time}, wake_{wake}, meters_{meters}, options_{options} {
    options_.spin = std::clamp(options_.spin, Micros{0}, kMaxSpin);
}

ClockThread::~ClockThread() { stop(); }

void ClockThread::start() {
    thread_ = std::thread{[this] { run(); }};
    settled_.wait(false, std::memory_order_acquire);  // partner: the store in run()
}

void ClockThread::stop() {
    stopping_.store(true, std::memory_order_relaxed);  // a flag: nothing is read through it
    wake_.post();
    if (thread_.joinable()) thread_.join();
}

void ClockThread::granted_from_outside(FifoFrom from) noexcept {
    const int policy = sched_getscheduler(thread_id_);
    sched_param has{};
    if (policy < 0 || sched_getparam(thread_id_, &has) != 0 || has.sched_priority == 0) return;
    grant_.from = from;
    grant_.priority = has.sched_priority;
    meters_.clock_is_realtime.store(true, std::memory_order_relaxed);
}

void ClockThread::run() noexcept {
    pthread_setname_np(pthread_self(), "fusion-clock");
    set_thread_role(ThreadRole::clock);
    prefault_stack();
    ask_for_exact_timers();
    ask_for_cpu(options_.cpu, grant_);
    ask_for_fifo(options_.priority, grant_);
    grant_.spin = options_.spin;
    thread_id_ = gettid();
    meters_.clock_is_realtime.store(grant_.realtime(), std::memory_order_relaxed);
    settled_.store(true, std::memory_order_release);  // partner: the wait in start()
    settled_.notify_one();
    loop();
    core_.silence(time_.now());
}

void ClockThread::loop() noexcept {
    while (!stopping_.load(std::memory_order_relaxed)) {
        const auto now = time_.now();
        const auto wanted = core_.turn(now);
        const auto poll = core_.is_on_watch() ? std::min(options_.poll, kOnWatch) : options_.poll;
        const auto until = std::min(wanted - options_.spin, now + poll);
        if (until > now)
            static_cast<void>(time_.wait(until, poll, wake_));
        else  // close to a deadline: the turn just done was the one that warms up
            while (time_.now() < wanted && !stopping_.load(std::memory_order_relaxed)) relax();
    }
}

}  // namespace fusion
