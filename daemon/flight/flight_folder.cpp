#include "daemon/flight/flight_folder.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "engine/base/whole_file.hpp"

namespace fusion {

namespace fs = std::filesystem;

FlightFolder::FlightFolder(fs::path folder) : folder_{std::move(folder)} {
    if (folder_.empty()) return;
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error)
        folder_.clear();
    else
        keep_flights(folder_, kKept);
}

fs::path FlightFolder::file(const std::string& why) const {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    return folder_ / fmt::format("fusiond-{:%Y%m%d-%H%M%S}-{}-{}.flight", local, ::getpid(), why);
}

bool FlightFolder::write(const std::string& why, std::string text) {
    if (!exists() || writes()) return false;
    auto place = file(why);
    std::error_code error;
    for (int number = 2; fs::exists(place, error); ++number)
        place = file(fmt::format("{}-{}", why, number));
    written_ = std::async(
        std::launch::async,
        [folder = folder_, place = std::move(place), text = std::move(text)]() -> Result<fs::path> {
            if (auto written = write_file(place, text, FileFor::owner); !written)
                return tl::unexpected{written.error()};
            keep_flights(folder, kKept);
            return place;
        });
    return true;
}

std::optional<Result<fs::path>> FlightFolder::news() {
    if (!writes() || written_.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
        return {};
    return written_.get();
}

void keep_flights(const fs::path& folder, std::size_t kept) {
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    std::error_code error;
    for (fs::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error)) {
        std::error_code gone;
        const auto when = at->last_write_time(gone);
        const auto name = at->path().filename().string();
        if (!gone && name.starts_with("fusiond-") && name.ends_with(".flight"))
            found.emplace_back(when, at->path());
    }
    std::ranges::sort(found);
    for (std::size_t i = 0; i + kept < found.size(); ++i) fs::remove(found[i].second, error);
}

}  // namespace fusion
