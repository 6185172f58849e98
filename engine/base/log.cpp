#include "engine/base/log.hpp"

#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "engine/base/line_budget.hpp"
#include "engine/base/realtime_contract.hpp"

namespace fusion::log {
namespace {

// sd-daemon(3): a line that begins with <N> takes priority N in the journal.
class JournalPriority final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& out) override {
        const char digit = message.level >= spdlog::level::err    ? '3'
                           : message.level == spdlog::level::warn ? '4'
                           : message.level == spdlog::level::info ? '6'
                                                                  : '7';
        out.push_back('<');
        out.push_back(digit);
        out.push_back('>');
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<JournalPriority>();
    }
};

spdlog::logger& sink() {
    static const std::shared_ptr<spdlog::logger> logger = [] {
        auto made = spdlog::stderr_color_mt("fusiond");
        if (std::getenv("JOURNAL_STREAM") != nullptr) {
            auto formatter = std::make_unique<spdlog::pattern_formatter>();
            formatter->add_flag<JournalPriority>('*').set_pattern("%*%v");
            made->set_formatter(std::move(formatter));
        } else {
            made->set_pattern("%H:%M:%S.%e %^%l%$ %v");
        }
        return made;
    }();
    return *logger;
}

spdlog::level::level_enum to_spdlog(Level level) noexcept {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warning: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

// How many lines were left out before this one; none: this one is, too.
std::optional<std::uint64_t> pass(Level level) {
    static std::mutex mutex;
    static LineBudget budget;
    const std::lock_guard lock{mutex};
    const auto weight =
        level == Level::error ? LineBudget::Weight::error : LineBudget::Weight::ordinary;
    if (!budget.take(weight, std::chrono::steady_clock::now())) return {};
    return budget.take_left_out();
}

}  // namespace

void set_level(Level lowest) noexcept { sink().set_level(to_spdlog(lowest)); }

void write(Level level, std::string_view line) {
    assert(thread_role() != ThreadRole::clock && thread_role() != ThreadRole::jack);
    auto& logger = sink();
    if (!logger.should_log(to_spdlog(level))) return;
    const auto left_out = pass(level);
    if (!left_out) return;
    if (*left_out > 0)
        logger.warn("{} lines of the log were left out: more came than it may hold", *left_out);
    logger.log(to_spdlog(level), spdlog::string_view_t{line.data(), line.size()});
}

}  // namespace fusion::log
