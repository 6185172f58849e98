#include "engine/nn/blas_core.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

namespace fusion {
namespace {

constexpr const char* kChoice = "OPENBLAS_CORETYPE";

VectorUnit vector_unit() {
#if defined(__x86_64__)
    // What SkylakeX's kernels use.
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return VectorUnit::avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return VectorUnit::avx2;
#endif
    return VectorUnit::older;
}

}  // namespace

std::string_view better_blas_core(std::string_view chosen, VectorUnit has) {
    constexpr std::array<std::string_view, 6> kWithoutAvx{"Prescott", "Core2",   "Penryn",
                                                          "Nehalem",  "Generic", "Dunnington"};
    if (std::find(kWithoutAvx.begin(), kWithoutAvx.end(), chosen) == kWithoutAvx.end()) return {};
    switch (has) {
        case VectorUnit::avx512: return "SkylakeX";
        case VectorUnit::avx2: return "Haswell";
        case VectorUnit::older: break;
    }
    return {};
}

void choose_blas_core(char** argv) {
    if (std::getenv(kChoice) != nullptr) return;
    using CoreName = const char* (*)();
    auto* symbol = dlsym(RTLD_DEFAULT, "openblas_get_corename");
    if (symbol == nullptr) return;
    const std::string better{better_blas_core(reinterpret_cast<CoreName>(symbol)(), vector_unit())};
    if (better.empty()) return;
    ::setenv(kChoice, better.c_str(), 1);
    ::execv("/proc/self/exe", argv);
}

}  // namespace fusion
