// The scenes that come with fusiond. Blends worth hearing, each under a name: they set weights
// alone, those of all the bundle's genres, so that they can be laid over any music. And `band`,
// which brings bass, chords and drums in at the port, whatever the weights are. They are not saved,
// and one that a performer saves under the same name goes over them.
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

// The blends of which these genres have at least one, then `band`.
[[nodiscard]] std::vector<FactoryScene> factory_scenes(const std::vector<std::string>& genres);

}  // namespace fusion
