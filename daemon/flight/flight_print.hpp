// By what a bundle and a program are known again. Thread: any. Errors: "unknown".
#pragma once

#include <string>

namespace fusion {

// "bytes-crc" of a bundle's file, from the checksums that stand in it.
[[nodiscard]] std::string bundle_print(const std::string& file);
// The version, and what the linker has called this very program.
[[nodiscard]] std::string build_print();

}  // namespace fusion
