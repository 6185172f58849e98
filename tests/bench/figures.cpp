#include "tests/bench/figures.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "engine/base/realtime_rights.hpp"
#include "engine/base/time_source.hpp"

namespace fusion::bench {

nlohmann::json json_of(const Histogram::Summary& figures) {
    return {{"count", figures.count},
            {"p50_us", figures.p50.count()},
            {"p99_us", figures.p99.count()},
            {"p999_us", figures.p999.count()},
            {"max_us", figures.max.count()}};
}

void print_head(std::string_view unit) {
    fmt::print("{:<28}{:>9}{:>10}{:>10}{:>10}{:>10}\n", unit, "count", "p50", "p99", "p99.9",
               "max");
}

void print_row(std::string_view name, const Histogram::Summary& figures) {
    fmt::print("{:<28}{:>9}{:>10}{:>10}{:>10}{:>10}\n", name, figures.count, figures.p50.count(),
               figures.p99.count(), figures.p999.count(), figures.max.count());
}

bool write_json(const std::filesystem::path& file, const nlohmann::json& all) {
    if (file.empty()) return true;
    std::ofstream out{file};
    out << all.dump(2) << '\n';
    out.flush();
    if (!out)
        fmt::print(stderr, "{}: cannot be written; choose another --json file\n", file.string());
    return static_cast<bool>(out);
}

void Floor::stop() {
    stopping_.store(true, std::memory_order_relaxed);
    if (thread_.joinable()) thread_.join();
}

void Floor::run(int priority) {
    RealtimeGrant grant;
    ask_for_exact_timers();
    ask_for_fifo(priority, grant);
    MonotonicTime time;
    auto next = time.now();
    while (!stopping_.load(std::memory_order_relaxed)) {
        next += std::chrono::milliseconds{1};
        time.sleep_until(next);
        const auto woke = time.now();
        lateness_.record(std::chrono::duration_cast<Micros>(woke - next));
        next = std::max(next, woke - std::chrono::milliseconds{1});
    }
}

}  // namespace fusion::bench
