// make_bundle FILE: writes the synthetic bundle for the end-to-end tests.
#include <cstdio>

#include "tests/daemon/synthetic_bundle.hpp"

int main(int argc, char** argv) {
    if (argc != 2) return 64;
    const auto saved = fusion::save_bundle(fusion::test::synthetic_bundle(), argv[1],
                                           fusion::TensorPrecision::f32);
    if (!saved) std::fprintf(stderr, "%s\n", saved.error().message.c_str());
    return saved ? 0 : 1;
}
