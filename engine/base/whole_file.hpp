// Whole files in and out: the one way in which anything here is written.
//
// A new file is written whole beside the old one (FILE.new), synced and renamed over it, and its
// folder is synced: a reader sees the old file or the new one, never a half, and so does who looks
// after a crash, a full disk or a power cut. What a crash has left in FILE.new is taken over. Two
// that write the same file at a time do not meet: FILE.new is locked (flock), and the second is
// refused.
// A link stays a link: the file that it names is replaced. The permissions of an old file are kept,
// and its owner where the system allows that. What is no regular file (/dev/stdout, a pipe) is
// written to as it is.
//
// Rejected: a name of its own for each writer (mkstemp). It needs no lock, and every crash leaves
// one more.
// Thread: any but clock, for a sync may take a second. Errors: not_found, io; they say what, where
// and what to do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"

namespace fusion {

// Refuses a file of more than `limit` bytes, so that a wrong path does not fill the memory.
[[nodiscard]] Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& file,
                                                          std::size_t limit);

// "cannot write FILE: why; what to do", for whoever writes in another way. `error`: an errno.
[[nodiscard]] tl::unexpected<Error> write_failure(const std::filesystem::path& file, int error);

enum class FileFor : std::uint8_t {
    all,    // a new file is for whom the umask says, an old one for whom it was
    owner,  // 0600, whatever it was
};

[[nodiscard]] Status write_file(const std::filesystem::path& file,
                                std::span<const std::uint8_t> bytes, FileFor whom = FileFor::all);
[[nodiscard]] Status write_file(const std::filesystem::path& file, std::string_view text,
                                FileFor whom = FileFor::all);

}  // namespace fusion
