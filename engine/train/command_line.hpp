// fusion-train's command line, without what lies above this folder: who serves a page of a training
// is given to it (daemon/training).
// Thread: one. Errors: as the status that the program ends with.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "engine/base/result.hpp"
#include "engine/train/onlooker.hpp"

namespace fusion::train {

// What `train --serve [PORT]` opens, for as long as the training lasts, and where it is found.
struct Served {
    std::unique_ptr<Onlooker> onlooker;
    std::string address;  // "http://127.0.0.1:9702/"
};
using Serve = std::function<Result<Served>(std::uint16_t port)>;

[[nodiscard]] int command_line(int argc, char** argv, const Serve& serve);

}  // namespace fusion::train
