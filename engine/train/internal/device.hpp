// Which device a name stands for. Only .cpp files of engine/train include this.
#pragma once

#include <torch/cuda.h>
#include <torch/types.h>

#include "engine/base/result.hpp"
#include "engine/train/options.hpp"

namespace fusion::train {

// automatic: CUDA where this LibTorch and this machine have it, else the CPU.
[[nodiscard]] inline Result<torch::Device> pick_device(Device wanted) {
    const bool cuda = wanted != Device::cpu && torch::cuda::is_available();
    if (wanted == Device::cuda && !cuda)
        return fail(Error::Code::unavailable,
                    "--device cuda: this build's LibTorch or this machine has no CUDA; use "
                    "--device cpu, or build against a LibTorch with CUDA (-DCMAKE_PREFIX_PATH)");
    return torch::Device{cuda ? torch::kCUDA : torch::kCPU};
}

}  // namespace fusion::train
