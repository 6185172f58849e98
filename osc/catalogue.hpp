// Every path in words and in numbers: what /fusiond/help answers, what OSCQuery serves, and what
// the reference page (REFERENCE.md) is made from. Parameters, families and actions come from the
// parameter table; the verbs of the server stand in the source.
// Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/params/parameter.hpp"
#include "osc/message.hpp"

namespace fusion {

struct OscArgument {
    enum class Need : std::uint8_t { required, optional, repeated };  // those that repeat: together
    char type = 'f';                                                  // i, f or s
    std::string name;  // empty where there is but one
    Need need = Need::required;
    std::string unit;
    std::optional<double> minimum;
    std::optional<double> maximum;
    std::vector<std::string> words;  // of a choice
    std::optional<OscArg> initial;
};

struct OscEntry {
    enum class Kind : std::uint8_t { parameter, action, verb, stream };
    Kind kind = Kind::parameter;
    std::string path;
    std::vector<OscArgument> arguments;
    std::optional<std::uint8_t> cc;
    std::string doc;
    std::optional<ParameterIndex>
        parameter;  // whose value it is; none for an action, verb or stream
};

// In the order of the page. `genres`: one member of each family for each; none: one for all, as
// <genre>.
[[nodiscard]] std::vector<OscEntry> osc_catalogue(std::span<const std::string> genres);

// A value as its path says it: f, i, or the word of a choice.
[[nodiscard]] OscArg osc_value(const Parameter& parameter, double value);

// An entry's columns in words: "f [f beats]", "bpm", "10 to 400" or "8th or 16th", "120".
[[nodiscard]] std::string types_of(const OscEntry& entry);
[[nodiscard]] std::string unit_of(const OscEntry& entry);
[[nodiscard]] std::string range_of(const OscEntry& entry);
[[nodiscard]] std::string initial_of(const OscEntry& entry);

// The answer about one entry: /fusiond/help.reply path types unit range initial doc, all strings.
[[nodiscard]] OscMessage help_reply(const OscEntry& entry);

// The page, in Markdown.
[[nodiscard]] std::string osc_reference();

}  // namespace fusion
