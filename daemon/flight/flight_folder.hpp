// Where flights are written, and how many are kept: fusiond-20261130-184041-request.flight, for
// their owner alone, the newest sixteen. A thread of its own writes each, so that control never
// waits for a disk; while one is being written no other is.
// Thread: control. Errors: as news, once for each.
#pragma once

#include <filesystem>
#include <future>
#include <optional>
#include <string>

#include "engine/base/result.hpp"

namespace fusion {

class FlightFolder {
public:
    static constexpr std::size_t kKept = 16;

    // An empty one: none, and nothing is written.
    explicit FlightFolder(std::filesystem::path folder);
    // Waits for the file that is being written.
    ~FlightFolder() = default;

    [[nodiscard]] bool exists() const { return !folder_.empty(); }
    // The name of a flight of now, `why` being one word. The time and the process are in it.
    [[nodiscard]] std::filesystem::path file(const std::string& why) const;

    // Begins; false: one is being written, or there is no folder.
    bool write(const std::string& why, std::string text);
    // What has come of the last one, once.
    [[nodiscard]] std::optional<Result<std::filesystem::path>> news();
    [[nodiscard]] bool writes() const { return written_.valid(); }

private:
    std::filesystem::path folder_;
    std::future<Result<std::filesystem::path>> written_;
};

// Removes the oldest flights of `folder` beyond `kept`.
void keep_flights(const std::filesystem::path& folder, std::size_t kept);

}  // namespace fusion
