#include "engine/nn/blas_core.hpp"

#include <dlfcn.h>

#include <gtest/gtest.h>

namespace fusion {
namespace {

TEST(BlasCore, KernelsWithoutVectorsAreNotForAProcessorThatHasThem) {
    EXPECT_EQ(better_blas_core("Prescott", VectorUnit::avx512), "SkylakeX");
    EXPECT_EQ(better_blas_core("Prescott", VectorUnit::avx2), "Haswell");
    EXPECT_EQ(better_blas_core("Prescott", VectorUnit::older), "");
    for (const auto* right : {"SkylakeX", "Haswell", "Zen", "Cooperlake", "Sandybridge", "ARMV8"})
        EXPECT_EQ(better_blas_core(right, VectorUnit::avx512), "") << right;
}

// Of this very program, whose main() has chosen.
TEST(BlasCore, WhatIsLoadedIsWhatTheProcessorCanDo) {
    auto* symbol = dlsym(RTLD_DEFAULT, "openblas_get_corename");
    if (symbol == nullptr) GTEST_SKIP() << "the BLAS here is not OpenBLAS";
    const auto* name = reinterpret_cast<const char* (*)()>(symbol)();
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        EXPECT_STRNE(name, "Prescott");
    }
#endif
    RecordProperty("core", name);
}

}  // namespace
}  // namespace fusion
