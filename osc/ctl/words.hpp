// Between words of a command line and OSC. Thread: any. Errors: none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/params/table.hpp"
#include "osc/message.hpp"

namespace fusion::ctl {

// /status.reply has so many, then the genres (server.hpp).
inline constexpr std::size_t kStatusFields = 14;

// "tempo" and "/fusiond/tempo/" are /fusiond/tempo; "/status" stays.
[[nodiscard]] std::string path_of(std::string_view word);
// The other way, for people.
[[nodiscard]] std::string tail_of(std::string_view path);

// A number, where the whole word is one; NaN and infinity are words.
[[nodiscard]] std::optional<double> number_in(std::string_view word);
// A value: a number, or a text that the daemon reads.
[[nodiscard]] OscArg value_in(std::string_view word);
// As people write it.
[[nodiscard]] std::string text_of(const OscArg& arg);
[[nodiscard]] std::string text_of(const std::vector<OscArg>& args);

// The type of "tempo" or "part/jazz", as far as the table knows.
[[nodiscard]] std::optional<ParamType> type_of(std::string_view tail);

}  // namespace fusion::ctl
