// A library to be preloaded (LD_PRELOAD) that moves the wall clock of one program, and of no other:
// by the nanoseconds that stand in the file $FUSION_WALL_CLOCK as eight bytes, which somebody may
// change at any time. The monotonic clock stays, as it does where a real wall clock is set.
// (libfaketime does the same and more; this is what Debian's standard C++ library asks, and needs
// no package.)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

const std::atomic<std::int64_t>* offset() {
    static const auto* const place = []() -> const std::atomic<std::int64_t>* {
        const char* name = std::getenv("FUSION_WALL_CLOCK");
        const int file = name == nullptr ? -1 : ::open(name, O_RDONLY | O_CLOEXEC);
        if (file < 0) return nullptr;
        void* const bytes = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
        ::close(file);
        return bytes == MAP_FAILED ? nullptr : static_cast<std::atomic<std::int64_t>*>(bytes);
    }();
    return place;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const auto result = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
    if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
    const auto* by = offset();
    if (by == nullptr) return result;
    const auto now = time->tv_sec * kSecond + time->tv_nsec + by->load(std::memory_order_relaxed);
    const auto shown = now < 0 ? 0 : now;
    time->tv_sec = shown / kSecond;
    time->tv_nsec = shown % kSecond;
    return 0;
}

int gettimeofday(timeval* time, void*) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    *time = {now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t* seconds) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (seconds != nullptr) *seconds = now.tv_sec;
    return now.tv_sec;
}

}  // extern "C"
