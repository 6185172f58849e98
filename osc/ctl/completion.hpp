// What may stand where the cursor is: the words for the shells' completion, one logic for all
// three. Parameters, actions and words come from the table; genres and scenes from the daemon, if
// there is one. Thread: any. Errors: none.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace fusion::ctl {

struct Known {
    std::vector<std::string> genres;
    std::vector<std::string> scenes;
};

// `words`: those of the command line after the program's name; the last one is being written, and
// may be empty.
[[nodiscard]] std::vector<std::string> completions(std::span<const std::string> words,
                                                   const Known& known);

}  // namespace fusion::ctl
