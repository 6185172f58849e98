#include "tests/support/rt_guard.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <typeinfo>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FUSION_RT_GUARD 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer) || __has_feature(realtime_sanitizer)
#define FUSION_RT_GUARD 0
#endif
#endif
#ifndef FUSION_RT_GUARD
#define FUSION_RT_GUARD 1
#endif

namespace fusion::test {
namespace {

// initial-exec: the first touch of a thread_local of another model may itself allocate.
[[gnu::tls_model("initial-exec")]] thread_local bool armed = false;
std::atomic<std::uint64_t> allocations{0};
std::atomic<std::uint64_t> locks{0};
std::atomic<std::uint64_t> throws{0};

[[maybe_unused]] void note(std::atomic<std::uint64_t>& counter) {
    if (armed) counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

bool rt_guard_available() { return FUSION_RT_GUARD != 0; }
bool rt_sanitizer_watches() {
#if defined(__has_feature)
#if __has_feature(realtime_sanitizer)
    return true;
#endif
#endif
    return false;
}
RtViolations rt_violations() { return {allocations.load(), locks.load(), throws.load()}; }
void clear_rt_violations() {
    allocations = 0;
    locks = 0;
    throws = 0;
}
RtGuard::RtGuard() { armed = true; }
RtGuard::~RtGuard() { armed = false; }

}  // namespace fusion::test

#if FUSION_RT_GUARD

using fusion::test::allocations;
using fusion::test::locks;
using fusion::test::note;
using fusion::test::throws;

// glibc's own names of the allocator: dlsym(RTLD_NEXT, "malloc") would itself allocate.
extern "C" {
// NOLINTBEGIN(readability-identifier-naming)
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);
// NOLINTEND(readability-identifier-naming)

void* malloc(std::size_t size) {
    note(allocations);
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    note(allocations);
    return __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) {
    note(allocations);
    return __libc_realloc(block, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    note(allocations);
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
    note(allocations);
    *block = __libc_memalign(alignment, size);
    return *block == nullptr ? 12 : 0;  // ENOMEM
}
void free(void* block) {
    note(allocations);
    __libc_free(block);
}
}

namespace {

template <class Function>
Function original(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// One pass-through each: counted, then handed to the next definition, found at first use.
// NOLINTBEGIN(bugprone-macro-parentheses): of a parameter list they would be none
#define FUSION_PASS_ON(result, name, counter, parameters, arguments)    \
    extern "C" result name parameters {                                 \
        static const auto next = original<result(*) parameters>(#name); \
        note(counter);                                                  \
        return next arguments;                                          \
    }
// NOLINTEND(bugprone-macro-parentheses)

FUSION_PASS_ON(int, pthread_mutex_lock, locks, (pthread_mutex_t * mutex), (mutex))
FUSION_PASS_ON(int, pthread_mutex_trylock, locks, (pthread_mutex_t * mutex), (mutex))
FUSION_PASS_ON(int, pthread_rwlock_rdlock, locks, (pthread_rwlock_t * lock), (lock))
FUSION_PASS_ON(int, pthread_rwlock_wrlock, locks, (pthread_rwlock_t * lock), (lock))
FUSION_PASS_ON(int, pthread_spin_lock, locks, (pthread_spinlock_t * lock), (lock))
FUSION_PASS_ON(int, pthread_cond_wait, locks, (pthread_cond_t * cond, pthread_mutex_t* mutex),
               (cond, mutex))
FUSION_PASS_ON(int, pthread_cond_signal, locks, (pthread_cond_t * cond), (cond))
FUSION_PASS_ON(int, pthread_cond_broadcast, locks, (pthread_cond_t * cond), (cond))
FUSION_PASS_ON(int, sem_wait, locks, (sem_t * semaphore), (semaphore))

// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" void __cxa_throw(void* thrown, void* type, void (*destroy)(void*)) {
    using Throw = void (*)(void*, void*, void (*)(void*));
    static const auto next = original<Throw>("__cxa_throw");
    note(throws);
    next(thrown, type, destroy);
    std::abort();  // not reached: __cxa_throw does not return
}

#endif  // FUSION_RT_GUARD
