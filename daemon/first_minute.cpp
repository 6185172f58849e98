#include "daemon/first_minute.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "daemon/panel/facts.hpp"

namespace fusion {
namespace {

constexpr std::uint16_t kUsualOscPort = 9700;

// As a shell takes it: genres are named by whoever trained the bundle.
std::string quoted(const std::string& word) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"-_./"}.find(c) != std::string_view::npos;
    };
    if (std::all_of(word.begin(), word.end(), plain)) return word;
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return text + "'";
}

// Where a program of this machine sends to.
std::string host_of(const std::string& bind) {
    if (bind == "localhost" || bind == "0.0.0.0") return "127.0.0.1";
    return bind == "::" ? "::1" : bind;
}

std::string turn(const FirstMinute& known) {
    const auto host = host_of(known.osc_bind);
    const auto path = quoted("weight/" + known.genre);
    if (known.fusionctl.empty())
        return fmt::format("oscsend {} {} {} f 10", host, known.osc_port,
                           quoted("/fusiond/weight/" + known.genre));
    auto text = quoted(known.fusionctl);
    if (host != "127.0.0.1") text += fmt::format(" --host {}", host);
    if (known.osc_port != kUsualOscPort) text += fmt::format(" --port {}", known.osc_port);
    return fmt::format("{} set {} 10", text, path);
}

}  // namespace

std::array<std::string, 3> say(const FirstMinute& known) {
    return {"panel: " + (known.panel.empty() ? "none in this run" : known.panel),
            "to hear it: " + known.sound, "to turn a weight: " + turn(known)};
}

std::string genre_to_turn(const std::vector<std::string>& genres, std::span<const float> weights,
                          const std::vector<std::string>& scenes) {
    const auto has_scene = [&](const std::string& genre) {
        return std::find(scenes.begin(), scenes.end(), genre) != scenes.end();
    };
    std::size_t best = 0;
    for (std::size_t g = 1; g < genres.size(); ++g)
        if (weights[g] < weights[best] ||
            (weights[g] == weights[best] && has_scene(genres[g]) && !has_scene(genres[best])))
            best = g;
    return genres.empty() ? std::string{} : genres[best];
}

std::string called(const std::string& name, const std::filesystem::path& folder,
                   std::string_view path, const std::filesystem::path& here) {
    std::error_code error;
    const auto program = folder / name;
    if (!std::filesystem::exists(program, error)) return {};
    while (!path.empty()) {
        const auto end = std::min(path.find(':'), path.size());
        const auto found = std::filesystem::path{path.substr(0, end)} / name;
        path.remove_prefix(std::min(end + 1, path.size()));
        if (!std::filesystem::exists(found, error)) continue;
        if (std::filesystem::equivalent(found, program, error)) return name;
        break;  // another one would be called
    }
    const auto from_here = program.lexically_relative(here);
    return from_here.empty() || *from_here.begin() == ".." ? program.string() : from_here.string();
}

std::string called_here(const std::string& name) {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    const char* path = std::getenv("PATH");
    return called(name, self.parent_path(), path == nullptr ? "" : path,
                  std::filesystem::current_path(error));
}

}  // namespace fusion
