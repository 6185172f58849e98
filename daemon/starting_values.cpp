#include "daemon/starting_values.hpp"

#include <array>
#include <set>

#include <fmt/format.h>

#include "config/nearest.hpp"

namespace fusion {

Status apply_config(const Config& config, ParamStore& params) {
    for (const auto& row : param_table()) {
        const double value = config.parameters[static_cast<std::size_t>(row.id)];
        if (auto set = params.set(row.id, value); !set) return tl::unexpected{set.error()};
    }
    for (const auto& family : family_table()) {
        std::set<std::size_t> said;
        for (const auto& [genre, value] : config.of(family.id)) {
            const auto index = params.genre_index(genre);
            if (!index)
                return fail(Error::Code::not_found,
                            index.error().message + did_you_mean(genre, params.genres()));
            const auto path = fmt::format("{}/{}", family.name, params.genres()[*index]);
            if (!said.insert(*index).second)
                return fail(Error::Code::malformed,
                            fmt::format("{} is said twice, once as '{}'", path, genre));
            if (auto set = params.set(path, value); !set) return tl::unexpected{set.error()};
        }
    }
    return {};
}

std::string note_name(Pitch pitch) {
    constexpr std::array<const char*, 12> kNames{"C",  "C#", "D",  "D#", "E",  "F",
                                                 "F#", "G",  "G#", "A",  "A#", "B"};
    return fmt::format("{}{}", kNames[pitch.count() % 12U], pitch.count() / 12 - 1);
}

}  // namespace fusion
