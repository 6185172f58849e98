#include "config/scenes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/nearest.hpp"
#include "engine/params/text_value.hpp"

namespace fusion {
namespace {

// The next character of UTF-8, taken off the front; none where it is no UTF-8.
std::optional<char32_t> take_character(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t size = lead < 0x80U          ? 1
                             : lead >> 5U == 0x6U  ? 2
                             : lead >> 4U == 0xEU  ? 3
                             : lead >> 3U == 0x1EU ? 4
                                                   : 0;
    if (size == 0 || size > text.size()) return {};
    char32_t character = size == 1 ? lead : lead & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if (next >> 6U != 0x2U) return {};
        character = (character << 6U) | (next & 0x3FU);
    }
    constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
    if (character < kSmallest[size] || character > 0x10FFFF || surrogate) return {};
    text.remove_prefix(size);
    return character;
}

bool is_control(char32_t character) {
    const bool line_or_paragraph = character == 0x2028 || character == 0x2029;
    return character < 0x20 || (character >= 0x7F && character <= 0x9F) || line_or_paragraph;
}

double shortest_float(double value) {
    std::array<char, 32> text{};
    const auto written =
        std::to_chars(text.data(), text.data() + text.size(), static_cast<float>(value));
    double shortest = value;
    std::from_chars(text.data(), written.ptr, shortest);
    return shortest;
}

template <class Wanted>
SceneValues values_of(const ParamStore& params, Wanted&& wanted) {
    SceneValues values;
    const auto parameters = params.parameters();
    for (ParameterIndex i = 0; i < parameters.size(); ++i)
        if (wanted(parameters[i]))
            values.emplace(parameters[i].tail, scene_value(parameters[i], params.value(i)));
    return values;
}

}  // namespace

Status check_scene_name(std::string_view name) {
    std::size_t characters = 0;
    for (auto rest = name; !rest.empty(); ++characters) {
        const auto character = take_character(rest);
        if (!character) return fail(Error::Code::out_of_range, "a scene's name must be UTF-8 text");
        if (is_control(*character))
            return fail(Error::Code::out_of_range,
                        "a scene's name is one line, without control characters");
    }
    if (characters == 0 || characters > kLongestSceneName)
        return fail(Error::Code::out_of_range,
                    fmt::format("a scene's name has 1 to {} characters, not {}", kLongestSceneName,
                                characters));
    return {};
}

SceneValue scene_value(const Parameter& parameter, double value) {
    if (parameter.type == ParamType::toggle) return value != 0.0;
    if (const auto word = word_of(parameter, value)) return std::string{*word};
    return parameter.is_weight() ? shortest_float(value) : value;
}

std::optional<double> number_of(const Parameter& parameter, const SceneValue& value) {
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* on = std::get_if<bool>(&value)) return *on ? 1.0 : 0.0;
    // A file that was edited by hand; what says two values at once is for none of them here.
    const auto said = read_value(shape_of(parameter), std::get<std::string>(value));
    return said && !said->other ? std::optional{said->value} : std::nullopt;
}

SceneValues music_of(const ParamStore& params) {
    return values_of(params, [](const Parameter& c) { return c.scope == Scope::music; });
}

SceneValues all_of(const ParamStore& params) {
    return values_of(params, [](const Parameter&) { return true; });
}

Settings settings_of(const SceneValues& values, const ParamStore& params) {
    Settings settings;
    const auto parameters = params.parameters();
    for (const auto& [tail, value] : values) {
        const auto parameter = params.find(tail);
        const auto number = parameter ? number_of(parameters[*parameter], value) : std::nullopt;
        if (number)
            settings.known.push_back({*parameter, *number});
        else
            settings.unknown.push_back(tail);
    }
    // The ramp, a parameter, stands before the weights that it is for.
    std::ranges::sort(settings.known, {}, &Setting::parameter);
    return settings;
}

std::vector<std::string> Scenes::saved_names() const {
    std::vector<std::string> names;
    names.reserve(scenes_.size());
    for (const auto& scene : scenes_) names.push_back(scene.name);
    return names;
}

std::vector<std::string> Scenes::names() const {
    auto names = saved_names();
    for (const auto& scene : factory_)
        if (place_of(scene.name) == scenes_.size()) names.push_back(scene.name);
    return names;
}

std::size_t Scenes::place_of(std::string_view name) const {
    const auto it = std::ranges::find(scenes_, name, &Scene::name);
    return static_cast<std::size_t>(it - scenes_.begin());
}

const Scene* Scenes::factory(std::string_view name) const {
    const auto it = std::ranges::find(factory_, name, &Scene::name);
    return it == factory_.end() ? nullptr : &*it;
}

Status Scenes::keep(Scene scene) {
    if (auto checked = check_scene_name(scene.name); !checked) return checked;
    const auto place = place_of(scene.name);
    if (place < scenes_.size()) {
        scenes_[place] = std::move(scene);
        return {};
    }
    if (scenes_.size() >= kMostScenes)
        return fail(Error::Code::out_of_range,
                    fmt::format("there are {} scenes, no more fit; delete one, or save over one",
                                kMostScenes));
    scenes_.push_back(std::move(scene));
    return {};
}

Status Scenes::remove(std::string_view name) {
    const auto place = place_of(name);
    if (place == scenes_.size() && factory(name) != nullptr)
        return fail(Error::Code::out_of_range,
                    fmt::format("scene '{}' comes with fusiond and stays; one that is saved under "
                                "its name goes over it",
                                name));
    if (place == scenes_.size()) return tl::unexpected{unknown(name)};
    scenes_.erase(scenes_.begin() + static_cast<std::ptrdiff_t>(place));
    return {};
}

Result<const Scene*> Scenes::find(std::string_view name) const {
    const auto place = place_of(name);
    if (place < scenes_.size()) return &scenes_[place];
    if (const auto* scene = factory(name)) return scene;
    return tl::unexpected{unknown(name)};
}

Error Scenes::unknown(std::string_view name) const {
    constexpr std::size_t kTold = 12;
    if (const auto sound = check_scene_name(name); !sound)
        return {Error::Code::not_found, sound.error().message};
    auto all = names();
    const auto hint = did_you_mean(name, all);
    const auto more = all.size() > kTold ? fmt::format(" and {} more", all.size() - kTold) : "";
    if (all.size() > kTold) all.resize(kTold);
    return {Error::Code::not_found, all.empty()
                                        ? fmt::format("no scene '{}'; none is saved yet", name)
                                        : fmt::format("no scene '{}'{}; there are: {}{}", name,
                                                      hint, fmt::join(all, ", "), more)};
}

}  // namespace fusion
