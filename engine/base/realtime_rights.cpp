#include "engine/base/realtime_rights.hpp"

#include <link.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

namespace fusion {
namespace {

int become_fifo(int priority) noexcept {
    sched_param wanted{};
    wanted.sched_priority = priority;
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &wanted);
}

// The highest priority that the limits allow; the soft limit is raised to the hard one for it.
int priority_allowed() noexcept {
    rlimit limit{};
    if (getrlimit(RLIMIT_RTPRIO, &limit) != 0) return 0;
    if (limit.rlim_cur < limit.rlim_max) {
        const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
        if (setrlimit(RLIMIT_RTPRIO, &raised) == 0) limit = raised;
    }
    return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 99));
}

// libcap is not worth a dependency for one bit.
bool has_capability(unsigned bit) noexcept {
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    if (syscall(SYS_capget, &header, sets.data()) != 0) return false;
    return (sets[bit / 32].effective >> (bit % 32) & 1U) != 0;
}

// 0: nothing may be locked. RLIM_INFINITY: nobody counts.
rlim_t lockable_bytes() noexcept {
    if (has_capability(CAP_IPC_LOCK)) return RLIM_INFINITY;
    rlimit limit{};
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 0;
    if (limit.rlim_cur < limit.rlim_max) {
        const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
        if (setrlimit(RLIMIT_MEMLOCK, &raised) == 0) limit = raised;
    }
    return limit.rlim_cur;
}

// Reads in and locks the program's own code and data; not its libraries. Returns an errno.
int lock_program() noexcept {
    int failed = 0;
    dl_iterate_phdr(
        [](dl_phdr_info* program, std::size_t, void* result) {
            for (int i = 0; i < program->dlpi_phnum; ++i) {
                const auto& part = program->dlpi_phdr[i];
                if (part.p_type != PT_LOAD) continue;
                const auto at = program->dlpi_addr + part.p_vaddr;
                // The linker counts in integers.
                // NOLINTNEXTLINE(performance-no-int-to-ptr)
                if (mlock(reinterpret_cast<const void*>(at), part.p_memsz) != 0)
                    *static_cast<int*>(result) = errno;
            }
            return 1;  // the program is the first of all objects: enough
        },
        &failed);
    return failed;
}

constexpr std::string_view kAllowMemory =
    "allow it: 'memlock unlimited' in /etc/security/limits.d for the group audio, or "
    "LimitMEMLOCK=infinity in the systemd unit";

}  // namespace

void ask_for_fifo(int priority, RealtimeGrant& grant) noexcept {
    grant.wanted = std::max(priority, 0);
    grant.priority = grant.fifo_errno = 0;
    grant.from = FifoFrom::not_asked;
    if (priority <= 0) return;
    priority = std::clamp(priority, sched_get_priority_min(SCHED_FIFO),
                          sched_get_priority_max(SCHED_FIFO));
    grant.fifo_errno = become_fifo(priority);
    if (grant.fifo_errno == EPERM) {
        priority = std::min(priority, priority_allowed());
        if (priority > 0) grant.fifo_errno = become_fifo(priority);
    }
    grant.from = grant.fifo_errno == 0 ? FifoFrom::limits : FifoFrom::refused;
    if (grant.fifo_errno == 0) grant.priority = priority;
}

void ask_for_cpu(int cpu, RealtimeGrant& grant) noexcept {
    grant.cpu = -1;
    grant.cpu_errno = 0;
    if (cpu < 0) return;
    if (cpu >= CPU_SETSIZE) {
        grant.cpu_errno = EINVAL;
        return;
    }
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(static_cast<unsigned>(cpu), &only);
    grant.cpu_errno = pthread_setaffinity_np(pthread_self(), sizeof only, &only);
    if (grant.cpu_errno == 0) grant.cpu = cpu;
}

void ask_for_exact_timers() noexcept { prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); }

void prefault_stack() noexcept {
    std::array<volatile char, std::size_t{64} * 1024> stack;
    for (std::size_t i = 0; i < stack.size(); i += 1024) stack[i] = 0;
}

Status lock_memory() {
    const auto allowed = lockable_bytes();
    if (allowed == RLIM_INFINITY) {
        if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0) {
            static_cast<void>(lock_program());  // locked already: this only reads it in
            return {};
        }
        return fail(Error::Code::unavailable,
                    fmt::format("memory is not locked (mlockall: {}); a page that was swapped out "
                                "makes a note late",
                                std::strerror(errno)));
    }
    const auto failed = lock_program();
    return fail(Error::Code::unavailable,
                fmt::format("{} (limit {} KiB): under memory pressure notes may come late; {}",
                            failed == 0 ? "memory is not locked, only the program's own code"
                                        : "memory is not locked",
                            allowed / 1024, kAllowMemory));
}

std::string describe(const RealtimeGrant& grant) {
    std::string said = "without real-time priority";
    if (grant.from == FifoFrom::limits) said = fmt::format("SCHED_FIFO {}", grant.priority);
    if (grant.from == FifoFrom::rtkit)
        said = fmt::format("real-time priority {} from rtkit", grant.priority);
    if (grant.cpu >= 0) said += fmt::format(", on processor {} alone", grant.cpu);
    if (grant.spin > Micros{0}) said += fmt::format(", awake {} µs before", grant.spin.count());
    return said;
}

std::string shortfall(const RealtimeGrant& grant) {
    std::string said;
    if (grant.from == FifoFrom::refused)
        said = fmt::format(
            "SCHED_FIFO {} was refused ({}), so notes may come late under load. Allow it: rtprio "
            "in /etc/security/limits.d for the group audio, LimitRTPRIO= in the systemd unit, or "
            "install rtkit",
            grant.wanted, std::strerror(grant.fifo_errno));
    else if (grant.priority < grant.wanted)
        said = fmt::format("priority {} was wished for, {} is what {} allows", grant.wanted,
                           grant.priority,
                           grant.from == FifoFrom::rtkit ? "rtkit" : "the rtprio limit");
    if (grant.cpu_errno != 0)
        said += fmt::format(
            "{}the clock could not be bound to its processor ({}); choose one that "
            "`taskset -p 1` names",
            said.empty() ? "" : "; ", std::strerror(grant.cpu_errno));
    return said;
}

}  // namespace fusion
