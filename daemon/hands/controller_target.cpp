#include "daemon/hands/controller_target.hpp"

#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/nearest.hpp"
#include "config/scenes.hpp"

namespace fusion {
namespace {

std::optional<std::size_t> number_of(std::string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number == 0) return {};
    return number;
}

std::vector<std::string> paths(const ParamStore& params) {
    std::vector<std::string> all;
    for (const auto& parameter : params.parameters()) all.push_back(parameter.tail);
    for (const auto& action : action_table())
        if (action.arguments.empty()) all.emplace_back(action.name);
    return all;
}

}  // namespace

Result<ControllerTarget> find_target(std::string_view path, const ParamStore& params) {
    if (const auto parameter = params.find(path)) return *parameter;
    if (const auto* action = find_action(path)) {
        if (action->arguments.empty()) return action->id;
        return fail(Error::Code::out_of_range,
                    fmt::format("{}: wants arguments, which a controller does not give", path));
    }
    constexpr std::string_view kScene = "scene/";
    if (path.starts_with(kScene)) {
        const auto name = path.substr(kScene.size());
        if (auto sound = check_scene_name(name); !sound) return tl::unexpected{sound.error()};
        return SceneTarget{std::string{name}};
    }
    const auto member = member_name(path).value_or(MemberName{});
    if (const auto number = number_of(member.genre)) {
        const auto& genres = params.genres();
        if (const auto* family = find_family(member.family)) {
            if (*number > genres.size())
                return fail(Error::Code::out_of_range,
                            fmt::format("{}: this bundle has {} genres: {}", path, genres.size(),
                                        fmt::join(genres, ", ")));
            return *params.find(fmt::format("{}/{}", family->name, genres[*number - 1]));
        }
    }
    const auto known = paths(params);
    return fail(Error::Code::not_found,
                fmt::format("nothing is called '{}'{}; a controller can turn {}, scene/<name>",
                            path, did_you_mean(path, known), fmt::join(known, ", ")));
}

}  // namespace fusion
