// What a controller turns, by its path: a parameter of this bundle ("tempo", "weight/jazz",
// "weight/1" for the first genre), an action that wants no argument, or a scene. Thread: control.
// Errors: not_found (with the nearest), out_of_range (more knobs than genres; an action that wants
// arguments; what is no name for a scene).
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/params/store.hpp"

namespace fusion {

struct SceneTarget {
    std::string scene;
    friend bool operator==(const SceneTarget&, const SceneTarget&) = default;
};
using ControllerTarget = std::variant<ParameterIndex, ActionId, SceneTarget>;

[[nodiscard]] Result<ControllerTarget> find_target(std::string_view path, const ParamStore& params);

}  // namespace fusion
