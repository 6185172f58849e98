// The log of every thread but the clock's (that one has rt_log.hpp). Lines go to standard error;
// under systemd they carry the journal's priority prefix. What is more than line_budget.hpp lets
// pass is left out and counted. Thread: any but the clock and JACK's. Errors: none.
#pragma once

#include <string_view>

#include <fmt/format.h>

namespace fusion::log {

enum class Level { debug, info, warning, error };

void set_level(Level lowest) noexcept;
void write(Level level, std::string_view line);

template <class... Args>
void debug(fmt::format_string<Args...> text, Args&&... args) {
    write(Level::debug, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> text, Args&&... args) {
    write(Level::info, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> text, Args&&... args) {
    write(Level::warning, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> text, Args&&... args) {
    write(Level::error, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace fusion::log
