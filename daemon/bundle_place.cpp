#include "daemon/bundle_place.hpp"

#include <cstdlib>
#include <system_error>

namespace fusion {

std::filesystem::path bundle_place(const std::string& named) {
    if (!named.empty()) return named;
    if (const char* set = std::getenv("FUSIOND_BUNDLE"); set != nullptr && *set != '\0') return set;
    std::filesystem::path installed{FUSION_INSTALLED_BUNDLE};
    std::error_code error;
    // Beside the program too, so that a moved installation (a package's root) works.
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto beside = self.parent_path().parent_path() / "share/fusiond/fusiond.bundle";
    for (const auto& place : {beside, installed, std::filesystem::path{FUSION_SOURCE_BUNDLE}})
        if (std::filesystem::exists(place, error)) return place;
    return installed;
}

}  // namespace fusion
