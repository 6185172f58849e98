#include "tests/faults/small_disk.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace fusion::faults {
namespace {

namespace fs = std::filesystem;

std::string reason(const char* what) {
    return fmt::format("{}: {}", what, std::generic_category().message(errno));
}

}  // namespace

std::string SmallDisk::make_room() {
    const auto user = ::geteuid();
    const auto group = ::getegid();
    const bool is_root = user == 0;
    if (::unshare(is_root ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return reason("no mount namespace of its own");
    if (!is_root) {
        std::ofstream{"/proc/self/setgroups"} << "deny";
        std::ofstream{"/proc/self/uid_map"} << fmt::format("{} {} 1", user, user);
        std::ofstream{"/proc/self/gid_map"} << fmt::format("{} {} 1", group, group);
    }
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return reason("its mounts are others' too");
    return {};
}

SmallDisk::SmallDisk(fs::path folder, unsigned kilobytes) : folder_{std::move(folder)} {
    fs::create_directories(folder_);
    const auto size = fmt::format("size={}k,mode=0777", kilobytes);
    is_there_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, size.c_str()) == 0;
}

SmallDisk::~SmallDisk() {
    if (is_there_) ::umount2(folder_.c_str(), MNT_DETACH);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void SmallDisk::fill() const {
    const int file =
        ::open((folder_ / "ballast").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    std::array<char, 1024> some{};
    for (auto size = some.size(); size > 0;)
        if (::write(file, some.data(), size) <= 0) size /= 2;
    ::close(file);
}

void SmallDisk::clear() const {
    std::error_code ignored;
    fs::remove(folder_ / "ballast", ignored);
}

bool SmallDisk::let(Writes writes) const {
    unsigned long flags = MS_REMOUNT | MS_BIND;
    if (writes == Writes::no) flags |= MS_RDONLY;
    return ::mount(nullptr, folder_.c_str(), nullptr, flags, nullptr) == 0;
}

}  // namespace fusion::faults
