// While it lives, its thread may do what the law forbids: for a test's twin of a clock or a sink
// that locks or allocates where what it stands for does not. Nothing, but under the real-time
// sanitizer, which would end the program.
#pragma once

#if defined(__has_feature)
#if __has_feature(realtime_sanitizer)
#define FUSION_RT_PAUSE 1
#endif
#endif

#ifdef FUSION_RT_PAUSE
#include <sanitizer/rtsan_interface.h>

namespace fusion::test {
using RtPause = __rtsan::ScopedDisabler;
}
#else
namespace fusion::test {
struct [[maybe_unused]] RtPause {};
}  // namespace fusion::test
#endif
