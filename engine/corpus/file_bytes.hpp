// Whole files in and out, with errors that name the file and what to do.
// Thread: any but clock. Errors: not_found, io.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"

namespace fusion {

// Refuses a file of more than `limit` bytes, so that a wrong path does not fill the memory.
[[nodiscard]] Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& file,
                                                          std::size_t limit);

// Writes beside `file` and renames: a reader sees the old file or the new one, never a half. What
// is no regular file (/dev/stdout, a pipe) is written to as it is.
[[nodiscard]] Status write_file(const std::filesystem::path& file,
                                std::span<const std::uint8_t> bytes);

// SHA-256 as it goes, in lower-case hex.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::span<const std::uint8_t> bytes);
    void add(std::string_view text);
    [[nodiscard]] std::string hex();  // once, at the end

private:
    void* context_;  // EVP_MD_CTX
};

}  // namespace fusion
