#include "engine/base/whole_file.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "engine/base/descriptor.hpp"

namespace fusion {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;     // as the kernel
constexpr int kMostAttempts = 16;  // at a FILE.new that others keep renaming away

std::string reason(int error) { return std::generic_category().message(error); }

std::string_view what_to_do(int error) {
    switch (error) {
        case ENOENT:
        case ENOTDIR: return "make the folder, or name a file in one that is there";
        case EACCES:
        case EPERM:
        case EROFS: return "name a file in a folder that this user may write to";
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return "make room, or name a file on another disk";
        case EISDIR: return "a folder has that name: name a file";
        case EWOULDBLOCK: return "another program is writing it: try again, or name another file";
        default: return "name a file in a folder that exists, may be written to and has room";
    }
}

bool write_all(int file, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const auto size = ::write(file, bytes.data(), bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size == 0) errno = ENOSPC;  // no regular file does that
        if (size <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(size));
    }
    return true;
}

// The rename itself is safe only when the folder has been written. Where that cannot be, the file
// is the old one or the new one after a power cut, and either is whole.
void sync_folder(const fs::path& folder) {
    const Descriptor opened{
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (opened.open()) static_cast<void>(::fsync(opened.number()));
}

// What the links lead to, whether it is there or not; errno says ELOOP where they lead nowhere.
fs::path behind_links(fs::path file) {
    std::error_code error;
    for (int links = 0; fs::is_symlink(fs::symlink_status(file, error)); ++links) {
        const auto next = fs::read_symlink(file, error);
        if (error || links == kMostLinks) {
            errno = ELOOP;
            return {};
        }
        file = file.parent_path() / next;
    }
    return file;
}

bool same_file(int opened, const fs::path& file) {
    struct stat here {
    }, there{};
    return ::fstat(opened, &here) == 0 && ::lstat(file.c_str(), &there) == 0 &&
           here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

// FILE.new, empty and this writer's alone. Not truncated before it is locked: until then it may be
// another's, or have become the file itself.
Descriptor open_beside(const fs::path& fresh, FileFor whom) {
    // Not blocking: it may be a pipe.
    constexpr int kHow = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
        // Less the umask.
        Descriptor out{::open(fresh.c_str(), kHow, whom == FileFor::owner ? 0600 : 0666)};
        const int error = out.open() ? 0 : errno;
        if (error != 0 && error != ELOOP && error != ENXIO && error != EACCES) return out;
        struct stat about {};
        if (error != 0 || ::fstat(out.number(), &about) != 0 || !S_ISREG(about.st_mode) ||
            about.st_nlink > 1) {
            // A link, a pipe, another user's: it has no business there.
            if (::unlink(fresh.c_str()) == 0) continue;
            if (error != 0) errno = error;
            return Descriptor{};
        }
        // Where the file system knows no locks, it goes without.
        if (::flock(out.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
            return Descriptor{};
        if (!same_file(out.number(), fresh)) continue;
        if (::ftruncate(out.number(), 0) != 0) return Descriptor{};
        return out;
    }
    errno = EWOULDBLOCK;
    return Descriptor{};
}

// The permissions of the file that is replaced; a new one has them from its making.
bool give_to(int file, FileFor whom, const struct stat* before) {
    if (whom == FileFor::owner) return ::fchmod(file, 0600) == 0;
    if (before == nullptr) return true;
    // Only root may give away. Where that fails, what was set for another user's rights (setuid)
    // would give this one's.
    const bool given = ::fchown(file, before->st_uid, before->st_gid) == 0;
    return ::fchmod(file, before->st_mode & (given ? 07777 : 0777)) == 0;
}

}  // namespace

tl::unexpected<Error> write_failure(const fs::path& file, int error) {
    return fail(Error::Code::io, fmt::format("cannot write {}: {}; {}", file.string(),
                                             reason(error), what_to_do(error)));
}

Result<std::vector<std::uint8_t>> read_file(const fs::path& file, std::size_t limit) {
    const auto refused = [&](Error::Code code, const std::string& why) {
        return fail(code, fmt::format("cannot read {}: {}", file.string(), why));
    };
    const Descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!in.open())
        return refused(errno == ENOENT ? Error::Code::not_found : Error::Code::io, reason(errno));
    struct stat about {};
    if (::fstat(in.number(), &about) != 0) return refused(Error::Code::io, reason(errno));
    if (S_ISDIR(about.st_mode)) return refused(Error::Code::io, "it is a folder, not a file");
    const auto too_large = fmt::format("it is larger than {} bytes", limit);
    if (about.st_size > 0 && static_cast<std::uint64_t>(about.st_size) > limit)
        return refused(Error::Code::io, too_large);

    std::vector<std::uint8_t> bytes;
    bytes.reserve(static_cast<std::size_t>(about.st_size));
    std::array<std::uint8_t, 65536> block;
    for (;;) {
        const auto got = ::read(in.number(), block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return refused(Error::Code::io, reason(errno));
        if (got == 0) return bytes;
        if (bytes.size() + static_cast<std::size_t>(got) > limit)
            return refused(Error::Code::io, too_large);
        bytes.insert(bytes.end(), block.begin(), block.begin() + got);
    }
}

Status write_file(const fs::path& named, std::span<const std::uint8_t> bytes, FileFor whom) {
    struct stat before {};
    const bool is_there = ::stat(named.c_str(), &before) == 0;
    if (is_there && !S_ISREG(before.st_mode)) {
        Descriptor out{::open(named.c_str(), O_WRONLY | O_CLOEXEC)};
        if (!out.open() || !write_all(out.number(), bytes) || !out.close())
            return write_failure(named, errno);
        return {};
    }
    const auto file = behind_links(named);
    if (file.empty()) return write_failure(named, named.empty() ? ENOENT : errno);
    const fs::path fresh{file.string() + ".new"};
    auto out = open_beside(fresh, whom);
    if (!out.open()) return write_failure(errno == EISDIR ? fresh : file, errno);
    // Holds the lock until the renaming is done, while `out` must be closed before: some file
    // systems say only then that there was no room.
    const Descriptor lock{::dup(out.number())};
    if (lock.open() && give_to(out.number(), whom, is_there ? &before : nullptr) &&
        write_all(out.number(), bytes) && ::fsync(out.number()) == 0 && out.close() &&
        ::rename(fresh.c_str(), file.c_str()) == 0) {
        sync_folder(file.parent_path());
        return {};
    }
    auto failure = write_failure(file, errno);
    ::unlink(fresh.c_str());
    return failure;
}

Status write_file(const fs::path& file, std::string_view text, FileFor whom) {
    return write_file(file, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()},
                      whom);
}

}  // namespace fusion
