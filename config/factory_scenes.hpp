// The scenes that come with fusiond: blends worth hearing, each under a name. They set weights
// alone, those of all the bundle's genres, so that they can be laid over any music. They are not
// saved, and one that a performer saves under the same name goes over them.
// Thread: any. Errors: none.
#pragma once

#include <string>
#include <vector>

#include "config/scenes.hpp"

namespace fusion {

struct FactoryScene {
    Scene scene;
    std::vector<std::string> missing;  // genres of it that the bundle lacks
};

// Those of which these genres have at least one.
[[nodiscard]] std::vector<FactoryScene> factory_scenes(const std::vector<std::string>& genres);

}  // namespace fusion
