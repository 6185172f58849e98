// What a person who has just started the daemon needs: where the panel is, how to hear it, how to
// turn a weight. One line each, true of this run: with its addresses, its port and a genre that it
// has.
// Thread: control, once the first note can be played. Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fusion {

struct FirstMinute {
    std::string panel;  // where it is, in words; empty where there is none
    std::string sound;  // what a person does to hear the output
    std::string osc_bind;
    std::uint16_t osc_port = 0;
    std::string genre;      // one that can be heard coming
    std::string fusionctl;  // how it is called here; empty where it is not installed
};

[[nodiscard]] std::array<std::string, 3> say(const FirstMinute& known);

// One that is turned down furthest, and of those the first that has a scene of its own: the genres
// that hold up alone have one.
[[nodiscard]] std::string genre_to_turn(const std::vector<std::string>& genres,
                                        std::span<const float> weights,
                                        const std::vector<std::string>& scenes);

// How a person calls the program `name` that lies in `folder`: by its name where `path` (as in
// $PATH) finds that very one, else by its place, from `here` where it lies below; empty where it is
// not there.
[[nodiscard]] std::string called(const std::string& name, const std::filesystem::path& folder,
                                 std::string_view path, const std::filesystem::path& here);
// The same of one that lies beside this program, for the person who has started it.
[[nodiscard]] std::string called_here(const std::string& name);

}  // namespace fusion
