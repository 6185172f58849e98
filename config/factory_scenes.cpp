#include "config/factory_scenes.hpp"

#include <array>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "engine/params/names.hpp"
#include "engine/params/table.hpp"

namespace fusion {
namespace {

struct Share {
    std::string_view genre;
    double weight = 0.0;
};

struct Blend {
    std::string_view name;
    std::array<Share, 3> shares;  // the rest are empty
};

// The genres with most pieces, alone, the two cases of the paper's listening test, and two blends
// of ours whose lines sing: a parlour song, and the tune of a quest.
constexpr std::array<Blend, 8> kBlends{{
    {"classical", {{{"classical", 10}}}},
    {"jazz", {{{"jazz", 10}}}},
    {"pop", {{{"pop", 10}}}},
    {"folk", {{{"folk", 10}}}},
    {"case-1", {{{"classical", 10}, {"jazz", 5}, {"pop", 1}}}},
    {"case-2", {{{"cinematic", 5}, {"classical", 5}, {"jazz", 5}}}},
    {"parlour", {{{"pop", 6}, {"classical", 4}}}},
    {"quest", {{{"folk", 6}, {"game", 4}}}},
}};

}  // namespace

std::vector<FactoryScene> factory_scenes(const std::vector<std::string>& genres) {
    std::vector<FactoryScene> scenes;
    const auto tail_of = [](const std::string& genre) {
        return fmt::format("{}/{}", spec(FamilyId::weight).name, genre);
    };
    for (const auto& blend : kBlends) {
        FactoryScene made{{std::string{blend.name}, {}}, {}};
        for (const auto& genre : genres) made.scene.values[tail_of(genre)] = 0.0;
        bool has_one = false;
        for (const auto& [genre, weight] : blend.shares) {
            if (genre.empty()) continue;
            const auto place = place_of_name(genres, genre);
            if (place)
                made.scene.values[tail_of(genres[*place])] = weight;
            else
                made.missing.emplace_back(genre);
            has_one |= place.has_value();
        }
        if (has_one) scenes.push_back(std::move(made));
    }
    FactoryScene band{{"band", {}}, {}};
    for (const auto part : {ParamId::bass_plays, ParamId::chords_plays, ParamId::drums_plays})
        band.scene.values[std::string{spec(part).name}] = std::string{"on"};
    scenes.push_back(std::move(band));
    return scenes;
}

}  // namespace fusion
