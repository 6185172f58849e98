// Every path in words: what /fusiond/help answers and what the reference page (REFERENCE.md) is
// made from. Parameters and actions come from the parameter table; the verbs of the server stand in
// the source.
// Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "osc/message.hpp"

namespace fusion {

struct OscEntry {
    enum class Kind : std::uint8_t { parameter, action, verb, stream };
    Kind kind = Kind::parameter;
    std::string path;
    std::string types;  // of the arguments, as OSC's type tags with names where there are several
    std::string unit;
    std::string range;    // "10 to 400", "internal, midi or link"; empty: none
    std::string initial;  // empty: none
    std::optional<std::uint8_t> cc;
    std::string doc;
};

// In the order of the page. `genres`: one weight for each; none: one for all, as <genre>.
[[nodiscard]] std::vector<OscEntry> osc_catalogue(std::span<const std::string> genres);

// The answer about one entry: /fusiond/help.reply path types unit range initial doc, all strings.
[[nodiscard]] OscMessage help_reply(const OscEntry& entry);

// The page, in Markdown.
[[nodiscard]] std::string osc_reference();

}  // namespace fusion
