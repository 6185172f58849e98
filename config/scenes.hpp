// A scene: the values of all that is of the music (Scope::music) under a name. Values stand by the
// parameter's tail, so that what this bundle lacks (another one's genre) is kept and not applied.
//
//   [[scene]]
//   name = "Strophe 2"
//   [scene.values]
//   mute = false
//   scale = "dorian"
//   tempo = 96.5
//   "weight/jazz" = 7.25
// Thread: control. Errors: out_of_range (a name; too many scenes), not_found (with the nearest).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/params/store.hpp"

namespace fusion {

// As it stands in the file: a toggle as true or false, a choice as its word, the rest as numbers.
using SceneValue = std::variant<double, bool, std::string>;
using SceneValues = std::map<std::string, SceneValue, std::less<>>;

struct Scene {
    std::string name;
    SceneValues values;
    friend bool operator==(const Scene&, const Scene&) = default;
};

inline constexpr std::size_t kMostScenes = 256;
inline constexpr std::size_t kLongestSceneName = 64;  // characters

// 1 to 64 characters of UTF-8, no control characters.
[[nodiscard]] Status check_scene_name(std::string_view name);

// A parameter's value as a file says it. What was kept as a float is written as short as a float
// is.
[[nodiscard]] SceneValue scene_value(const Parameter& parameter, double value);
[[nodiscard]] std::optional<double> number_of(const Parameter& parameter, const SceneValue& value);

// Those of the music, and those of all.
[[nodiscard]] SceneValues music_of(const ParamStore& params);
[[nodiscard]] SceneValues all_of(const ParamStore& params);

// Values as settings of this bundle's parameters, in the table's order, and what it has no place
// for.
struct Settings {
    std::vector<Setting> known;
    std::vector<std::string> unknown;
};
[[nodiscard]] Settings settings_of(const SceneValues& values, const ParamStore& params);

// The scenes there are: those that were saved, in the order of their making, and below them those
// that come with fusiond, which stay as they are.
class Scenes {
public:
    Scenes() = default;
    explicit Scenes(std::vector<Scene> saved, std::vector<Scene> factory = {})
        : scenes_{std::move(saved)}, factory_{std::move(factory)} {}

    [[nodiscard]] const std::vector<Scene>& saved() const { return scenes_; }
    [[nodiscard]] std::vector<std::string> saved_names() const;
    // Of all, those that were saved first; one that was saved under a factory scene's name once.
    [[nodiscard]] std::vector<std::string> names() const;
    // One that has this name already is replaced, in its place.
    Status keep(Scene scene);
    Status remove(std::string_view name);
    [[nodiscard]] Result<const Scene*> find(std::string_view name) const;

private:
    [[nodiscard]] std::size_t place_of(std::string_view name) const;
    [[nodiscard]] const Scene* factory(std::string_view name) const;
    [[nodiscard]] Error unknown(std::string_view name) const;

    std::vector<Scene> scenes_;
    std::vector<Scene> factory_;
};

}  // namespace fusion
