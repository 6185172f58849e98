#include "engine/nn/blas_threads.hpp"

#include <dlfcn.h>

#include <ATen/Parallel.h>

namespace fusion {

void use_one_thread_per_product() {
    at::set_num_threads(1);
    // Looked up at run time: which BLAS is loaded is the system's choice (update-alternatives).
    using SetThreads = void (*)(int);
    if (auto* symbol = dlsym(RTLD_DEFAULT, "openblas_set_num_threads"); symbol != nullptr)
        reinterpret_cast<SetThreads>(symbol)(1);
}

}  // namespace fusion
