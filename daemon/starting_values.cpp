#include "daemon/starting_values.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "config/nearest.hpp"
#include "engine/params/text_value.hpp"

namespace fusion {
namespace {

Result<std::size_t> genre_named(const std::string& genre, const ParamStore& params) {
    auto index = params.genre_index(genre);
    if (index) return index;
    return fail(Error::Code::not_found,
                index.error().message + did_you_mean(genre, params.genres()));
}

Status set_named_weights(const GenreValues& named, ParamStore& params) {
    std::vector<double> weights(params.genres().size(), 0.0);
    for (const auto& [genre, value] : named) {
        const auto index = genre_named(genre, params);
        if (!index) return about(fmt::format("--weight {}", genre), index.error());
        weights[*index] = value;
    }
    if (auto set = params.set_weights(weights, 0.0); !set) return tl::unexpected{set.error()};
    return {};
}

}  // namespace

void begin_in_blend(const std::vector<float>& start, ParamStore& params) {
    std::vector<Setting> settings;
    for (std::size_t g = 0; g < std::min(start.size(), params.genres().size()); ++g)
        settings.push_back({kParamCount + g, static_cast<double>(start[g])});
    // A bundle's weights are in range, and its genres are the store's.
    static_cast<void>(params.set_all(settings, 0.0));
}

Status apply_config(const Config& config, ParamStore& params) {
    for (const auto& row : param_table()) {
        const double value = config.parameters[static_cast<std::size_t>(row.id)];
        if (auto set = params.set(row.id, value); !set) return tl::unexpected{set.error()};
    }
    for (const auto& family : family_table()) {
        std::set<std::size_t> said;
        for (const auto& [genre, value] : config.of(family.id)) {
            const auto index = genre_named(genre, params);
            if (!index) return tl::unexpected{index.error()};
            const auto path = fmt::format("{}/{}", family.name, params.genres()[*index]);
            if (!said.insert(*index).second)
                return fail(Error::Code::malformed,
                            fmt::format("{} is said twice, once as '{}'", path, genre));
            if (auto set = params.set(path, value); !set) return tl::unexpected{set.error()};
        }
    }
    return {};
}

Status begin_as_said(const Config::Beginning& said, SceneDesk& scenes, ParamStore& params) {
    if (said.scene)
        if (auto begun = scenes.begin_in(*said.scene); !begun)
            return about("--scene", begun.error());
    return said.weights ? set_named_weights(*said.weights, params) : Status{};
}

}  // namespace fusion
