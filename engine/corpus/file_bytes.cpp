#include "engine/corpus/file_bytes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace fusion {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_{fd} {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool ok() const { return fd_ >= 0; }
    // Some file systems tell of a lost write only here.
    bool close() {
        const int fd = std::exchange(fd_, -1);
        return ::close(fd) == 0;
    }

private:
    int fd_;
};

std::string reason() { return std::strerror(errno); }

bool write_all(int fd, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

tl::unexpected<Error> write_failure(const std::filesystem::path& file) {
    return fail(Error::Code::io,
                fmt::format("cannot write {}: {}; name a file in a folder that exists, may be "
                            "written to and has room",
                            file.string(), reason()));
}

}  // namespace

Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& file, std::size_t limit) {
    const auto refused = [&](Error::Code code, const std::string& why) {
        return fail(code, fmt::format("cannot read {}: {}", file.string(), why));
    };
    const Descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!in.ok())
        return refused(errno == ENOENT ? Error::Code::not_found : Error::Code::io, reason());
    struct stat about {};
    if (::fstat(in.get(), &about) != 0) return refused(Error::Code::io, reason());
    if (S_ISDIR(about.st_mode)) return refused(Error::Code::io, "it is a folder, not a file");
    const auto too_large = fmt::format("it is larger than {} bytes", limit);
    if (about.st_size > 0 && static_cast<std::uint64_t>(about.st_size) > limit)
        return refused(Error::Code::io, too_large);

    std::vector<std::uint8_t> bytes;
    bytes.reserve(static_cast<std::size_t>(about.st_size));
    std::array<std::uint8_t, 65536> block;
    for (;;) {
        const auto got = ::read(in.get(), block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return refused(Error::Code::io, reason());
        if (got == 0) return bytes;
        if (bytes.size() + static_cast<std::size_t>(got) > limit)
            return refused(Error::Code::io, too_large);
        bytes.insert(bytes.end(), block.begin(), block.begin() + got);
    }
}

Status write_file(const std::filesystem::path& file, std::span<const std::uint8_t> bytes) {
    struct stat about {};
    if (::stat(file.c_str(), &about) == 0 && !S_ISREG(about.st_mode)) {
        Descriptor out{::open(file.c_str(), O_WRONLY | O_CLOEXEC)};
        if (!out.ok() || !write_all(out.get(), bytes) || !out.close()) return write_failure(file);
        return {};
    }
    auto part = file;
    part += fmt::format(".part-{}", ::getpid());
    Descriptor out{::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                          0666)};  // less the umask
    if (!out.ok()) return write_failure(file);
    // fsync before rename: after a power cut there is the old file or the new, not an empty one.
    const bool written = write_all(out.get(), bytes) && ::fsync(out.get()) == 0 && out.close() &&
                         ::rename(part.c_str(), file.c_str()) == 0;
    if (written) return {};
    auto failure = write_failure(file);
    ::unlink(part.c_str());
    return failure;
}

Sha256::Sha256() : context_{EVP_MD_CTX_new()} {
    if (context_ == nullptr ||
        EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), EVP_sha256(), nullptr) != 1)
        throw std::bad_alloc{};
}

Sha256::~Sha256() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

void Sha256::add(std::span<const std::uint8_t> bytes) {
    EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size());
}

void Sha256::add(std::string_view text) {
    EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), text.data(), text.size());
}

std::string Sha256::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), digest.data(), &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
}

}  // namespace fusion
