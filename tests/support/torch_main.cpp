// For tests of the networks: as in the programs, the matrix kernels come first.
#include <gtest/gtest.h>

#include "engine/nn/blas_core.hpp"

int main(int argc, char** argv) {
    fusion::choose_blas_core(argv);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
