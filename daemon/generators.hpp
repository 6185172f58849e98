// Who composes: the networks of the bundle where this build and the bundle have them, and the
// n-gram fallback always.
// Thread: control, at start. Errors: as exit codes.
#pragma once

#include <memory>

#include "config/config.hpp"
#include "daemon/exit_code.hpp"
#include "engine/model/bundle.hpp"
#include "engine/model/generator.hpp"

namespace fusion {

struct Generators {
    std::unique_ptr<Generator> neural;  // null: the fallback plays alone, and the log says why
    std::unique_ptr<Generator> fallback;
    // Another fallback, for where the thread of the other two does not answer.
    std::unique_ptr<Generator> stand_in;
};

[[nodiscard]] Started<Bundle> open_bundle(const Config& config);
// `bundle` outlives what is made.
[[nodiscard]] Started<Generators> make_generators(const Bundle& bundle, DeviceKind device);

}  // namespace fusion
