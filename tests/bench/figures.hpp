// What every benchmark prints and writes alike: a row of percentiles in whole microseconds, the
// same as a JSON object, and a floor to stand beside them.
// Thread: any one; Floor has a thread of its own.
#pragma once

#include <atomic>
#include <filesystem>
#include <string_view>
#include <thread>

#include <nlohmann/json.hpp>

#include "engine/base/histogram.hpp"

namespace fusion::bench {

// count, p50_us, p99_us, p999_us, max_us.
[[nodiscard]] nlohmann::json json_of(const Histogram::Summary& figures);

// A table: its head, then a row for each line of figures.
void print_head(std::string_view unit);
void print_row(std::string_view name, const Histogram::Summary& figures);

// Writes `all` where a file is named. False: it could not, and stderr has been told why.
[[nodiscard]] bool write_json(const std::filesystem::path& file, const nlohmann::json& all);

// A thread at the clock's priority that sleeps to absolute times a millisecond apart, as cyclictest
// does: what the machine itself adds.
class Floor {
public:
    explicit Floor(int priority) : thread_{[this, priority] { run(priority); }} {}
    ~Floor() { stop(); }
    Floor(const Floor&) = delete;
    Floor& operator=(const Floor&) = delete;

    void stop();
    [[nodiscard]] const Histogram& lateness() const { return lateness_; }

private:
    void run(int priority);

    std::atomic<bool> stopping_{false};
    Histogram lateness_;
    std::thread thread_;
};

}  // namespace fusion::bench
