// Where a recording goes so that it goes over no other: a daemon that starts again, by hand or by
// its supervisor, keeps what it recorded before.
// Thread: control, at start. Errors: unavailable (thousands of that name are there).
#pragma once

#include <filesystem>

#include "engine/base/result.hpp"

namespace fusion {

// `wanted`, or "session-2.mid" and on beside it where there is a file of that name with anything in
// it. A recording without a note is nothing, and what is no file (a pipe, /dev/null) keeps nothing.
[[nodiscard]] Result<std::filesystem::path> recording_place(const std::filesystem::path& wanted);

}  // namespace fusion
