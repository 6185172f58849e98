// Text and figures as they stand in a page: escaped for HTML and XML alike, and a number that is
// not there shown as "-". Thread: any. Errors: none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fusion::train {

// The five characters of XML escaped; control characters, which XML forbids, and bytes that are not
// UTF-8 (a file may have any name) become U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

// As fmt::join, in which GCC 12 at -O3 sees an overrun that is not there.
[[nodiscard]] std::string joined(const std::vector<std::string>& texts, std::string_view separator);
// "jazz", "jazz and pop", "jazz, pop and folk".
[[nodiscard]] std::string listed(const std::vector<std::string>& texts);

[[nodiscard]] std::string fixed(double value, int decimals);
[[nodiscard]] std::string brief(double value);  // three digits at most: 6, 6.5, 5e-05
[[nodiscard]] std::string percent(double share, int decimals = 1);  // 0.253 is "25.3%"
[[nodiscard]] std::string counted(double count);                    // 12345 is "12,345"

}  // namespace fusion::train
