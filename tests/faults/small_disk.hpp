// A file system of a few kilobytes that only this program and what it starts can see, to be filled
// and to be made read-only: a tmpfs in a mount namespace of its own, which root may make, and
// others where the system lets them have a user namespace. To be made before any thread is.
// Thread: one. Errors: make() says why there is none.
#pragma once

#include <filesystem>
#include <string>

namespace fusion::faults {

class SmallDisk {
public:
    // Once a program. Empty: it is there.
    [[nodiscard]] static std::string make_room();

    // At `folder`, which is made.
    SmallDisk(std::filesystem::path folder, unsigned kilobytes);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    [[nodiscard]] bool is_there() const { return is_there_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    // To its last byte, and empty again but for what others wrote.
    void fill() const;
    void clear() const;
    enum class Writes : bool { no, yes };
    bool let(Writes writes) const;

private:
    std::filesystem::path folder_;
    bool is_there_ = false;
};

}  // namespace fusion::faults
