// Independent pieces of work in several threads. Thread: any; it starts its own and waits for them.
// Errors: the first exception of the work comes back to the caller, the others are lost with it.
#pragma once

#include <cstddef>
#include <functional>

namespace fusion::train {

// work(0) to work(count - 1), each once, in no order, on `threads` threads of which this one is
// one.
void for_each_index(std::size_t count, std::size_t threads,
                    const std::function<void(std::size_t)>& work);

}  // namespace fusion::train
