// One thread inside each matrix product. LibTorch's own thread count does not reach OpenBLAS, whose
// threads wait by spinning: 10 to 20 ms spikes per step, and half the speed beside other work.
// Call once, before the first product. Thread: any. Errors: none (another BLAS is left as it is).
#pragma once

namespace fusion {

void use_one_thread_per_product();

}  // namespace fusion
