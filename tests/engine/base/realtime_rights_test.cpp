// What the kernel grants is the machine's affair; that a refusal is told, and harms nothing, is
// ours. Limits are lowered in a child, for they cannot be raised again.
#include "engine/base/realtime_rights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>

namespace fusion {
namespace {

// Runs `what` in a child and returns its answer.
template <class What>
int in_a_child(What&& what) {
    const auto child = fork();
    if (child == 0) _exit(what());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void give_up_capabilities() {
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
    syscall(SYS_capset, &header, none.data());
}

bool limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard) {
    const rlimit wanted{.rlim_cur = soft, .rlim_max = hard};
    return setrlimit(what, &wanted) == 0;
}

constexpr int kCannotTry = 77;

// The sanitizers replace mlock and mlockall by calls that do nothing.
#if defined(__has_feature)
#define FUSION_HAS_FEATURE(feature) __has_feature(feature)
#else
#define FUSION_HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    FUSION_HAS_FEATURE(address_sanitizer) || FUSION_HAS_FEATURE(thread_sanitizer)
constexpr bool kMemoryCanBeLocked = false;
#else
constexpr bool kMemoryCanBeLocked = true;
#endif

long kilobytes(const std::string& key) {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key)) return std::strtol(line.c_str() + key.size() + 1, nullptr, 10);
    return -1;
}

TEST(RealtimeRights, ARefusalSaysWhatWouldAllowIt) {
    EXPECT_EQ(in_a_child([] {
                  if (!limit(RLIMIT_RTPRIO, 0, 0)) return 2;
                  give_up_capabilities();
                  RealtimeGrant grant;
                  ask_for_fifo(70, grant);
                  const auto told = shortfall(grant);
                  return grant.from == FifoFrom::refused && grant.fifo_errno == EPERM &&
                                 !grant.realtime() &&
                                 told.find("LimitRTPRIO") != std::string::npos &&
                                 told.find("limits.d") != std::string::npos
                             ? 0
                             : 1;
              }),
              0);
}

TEST(RealtimeRights, WhereTheLimitIsLowerThePriorityIsTheLimit) {
    const auto answer = in_a_child([] {
        if (!limit(RLIMIT_RTPRIO, 3, 7)) return kCannotTry;
        give_up_capabilities();
        RealtimeGrant grant;
        ask_for_fifo(70, grant);  // the soft limit is raised to the hard one
        return sched_getscheduler(0) == SCHED_FIFO && !shortfall(grant).empty() ? grant.priority
                                                                                : 0;
    });
    if (answer == kCannotTry) GTEST_SKIP() << "this user's rtprio limit is below 7";
    EXPECT_EQ(answer, 7);
}

TEST(RealtimeRights, PriorityZeroAsksForNothing) {
    RealtimeGrant grant;
    ask_for_fifo(0, grant);
    EXPECT_EQ(grant.from, FifoFrom::not_asked);
    EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
    EXPECT_EQ(shortfall(grant), "");
    EXPECT_EQ(describe(grant), "without real-time priority");
}

TEST(RealtimeRights, TimersAreExactAfterwards) {
    EXPECT_EQ(in_a_child([] {
                  ask_for_exact_timers();
                  return prctl(PR_GET_TIMERSLACK);
              }),
              1);
}

// The trap: MCL_FUTURE under a finite limit makes every later mapping beyond it fail.
TEST(RealtimeRights, AFiniteLimitIsToldAndLeavesLaterAllocationsAlone) {
    EXPECT_EQ(in_a_child([] {
                  if (!limit(RLIMIT_MEMLOCK, 32U << 10U, 64U << 10U)) return 5;
                  give_up_capabilities();
                  const auto locked = lock_memory();
                  if (locked.has_value()) return 1;
                  const auto& told = locked.error().message;
                  if (told.find("limit 64 KiB") == std::string::npos) return 2;
                  if (told.find("LimitMEMLOCK=infinity") == std::string::npos) return 3;
                  for (int i = 0; i < 8; ++i) {
                      auto* volatile block = std::malloc(std::size_t{64} << 20U);
                      if (block == nullptr) return 4;
                      static_cast<volatile char*>(block)[12'345] = 1;
                  }
                  return 0;
              }),
              0);
}

TEST(RealtimeRights, WithoutALimitWhatIsThereAndWhatComesIsLockedAsItIsTouched) {
    if (!kMemoryCanBeLocked) GTEST_SKIP() << "a sanitizer takes mlockall away in this build";
    const auto answer = in_a_child([] {
        if (!lock_memory()) return kCannotTry;
        const auto locked_before = kilobytes("VmLck:");
        const auto resident_before = kilobytes("VmRSS:");
        constexpr std::size_t kBytes = std::size_t{256} << 20U;
        auto* volatile block = std::malloc(kBytes);
        if (block == nullptr) return 1;
        // All of it counts as locked, none of it is read in before it is touched.
        if (kilobytes("VmLck:") - locked_before < static_cast<long>(kBytes / 1024)) return 2;
        if (kilobytes("VmRSS:") - resident_before > static_cast<long>(kBytes / 1024 / 8)) return 3;
        return 0;
    });
    if (answer == kCannotTry) GTEST_SKIP() << "this user may not lock memory without a limit";
    EXPECT_EQ(answer, 0);
}

}  // namespace
}  // namespace fusion
