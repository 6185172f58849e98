// The matrix kernels that suit this processor. OpenBLAS picks them when it is loaded, from a list
// of processors that it knows; Debian 12's (0.3.21, of 2022) knows none that came later, and takes
// one such for a Prescott of 2004: a step of the networks then takes several times as long, and
// training was seen to end in numbers that are none. OPENBLAS_CORETYPE overrules it, but only
// before it is loaded; so where the kernels are older than the processor, the program starts itself
// once more with that set. A choice by hand is left alone, and so is another BLAS. Thread: main's
// first act, before there are others. Errors: none; where it cannot start itself again it goes on
// as it is.
#pragma once

#include <string_view>

namespace fusion {

void choose_blas_core(char** argv);

// What OPENBLAS_CORETYPE should be where OpenBLAS says it is `chosen`; empty: that is right.
enum class VectorUnit { older, avx2, avx512 };
[[nodiscard]] std::string_view better_blas_core(std::string_view chosen, VectorUnit has);

}  // namespace fusion
