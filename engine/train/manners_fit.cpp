#include "engine/train/manners_fit.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/nn/torch_generator.hpp"
#include "engine/train/compose.hpp"
#include "engine/train/each_genre.hpp"

namespace fusion::train {
namespace {

constexpr std::size_t kMostPieces = 160;  // of a genre
constexpr std::size_t kFewPieces = 10;    // from these nothing is learned
constexpr std::size_t kLeastEvents = 48;  // of a piece
constexpr double kRate = 0.5;             // of what is missing, in the first rounds
constexpr std::size_t kFullRounds = 6;    // later ones move less and less
constexpr double kLeastVariance = 0.02;   // of a trait: what is rare would be pushed too far
constexpr double kFarthest = 2.0;         // nats
// What is in so few events of a genre is in few of its pieces. It may be held back; to lead all
// lines a little towards it would lead some of them there for good, since a line hears itself.
constexpr double kRare = 0.03;

TraitsOfLine mean_of(const std::vector<TraitsOfLine>& lines) {
    TraitsOfLine all;
    const auto each = 1.0 / static_cast<double>(lines.size());
    for (const TraitsOfLine& line : lines)
        for (std::size_t k = 0; k < kTraits; ++k) {
            all.mean[k] += each * line.mean[k];
            all.square[k] += each * line.square[k];
        }
    return all;
}

std::vector<const Piece*> pieces_to_learn(const DataSet& corpus, std::size_t genre) {
    std::vector<const Piece*> all;
    for (const Piece& piece : corpus.pieces)
        if (piece.genre == genre && piece.split != Split::test &&
            piece.line.size() >= kLeastEvents &&
            std::ranges::all_of(piece.line.meters, [](std::uint8_t meter) {
                return static_cast<MeterClass>(meter) == MeterClass::quadruple;
            }))
            all.push_back(&piece);
    std::vector<const Piece*> some;
    const std::size_t count = std::min(kMostPieces, all.size());
    for (std::size_t i = 0; i < count; ++i) some.push_back(all[i * all.size() / count]);
    return some;
}

class Fit {
public:
    // `alone`: a bundle of this genre alone.
    Fit(Bundle alone, const std::vector<const Piece*>& pieces, const MannersSearch& settings)
        : bundle_{std::move(alone)}, settings_{settings} {
        std::vector<TraitsOfLine> of_pieces;
        for (const Piece* piece : pieces)
            of_pieces.push_back(traits_along(piece->line, bundle_.vocabulary, settings.notes));
        real_ = mean_of(of_pieces);
        bundle_.manners.assign(1, Manners{});
    }

    Result<Manners> run(nlohmann::ordered_json& record) {
        const std::size_t averaged = settings_.rounds / 3;
        std::array<double, kTraits> first{}, leaning{};
        for (std::size_t round = 0; round < settings_.rounds; ++round) {
            const auto played = play(round);
            if (!played) return tl::unexpected{played.error()};
            if (round == 0) first = played->mean;
            const double rate = kRate * std::min(1.0, static_cast<double>(kFullRounds) /
                                                          static_cast<double>(round + 1));
            for (std::size_t k = 0; k < kTraits; ++k) {
                float& now = bundle_.manners.front().leaning[k];
                now = moved(k, now, rate * (real_.mean[k] - played->mean[k]));
                if (round + averaged >= settings_.rounds)
                    leaning[k] += now / static_cast<double>(averaged);
            }
        }
        Manners found;
        for (std::size_t k = 0; k < kTraits; ++k) found.leaning[k] = static_cast<float>(leaning[k]);
        bundle_.manners.front() = found;
        const auto last = play(settings_.rounds);
        if (!last) return tl::unexpected{last.error()};
        for (std::size_t k = 0; k < kTraits; ++k)
            record[std::string{name_of_trait(k)}] = {{"pieces", real_.mean[k]},
                                                     {"without", first[k]},
                                                     {"with", last->mean[k]},
                                                     {"leaning", leaning[k]}};
        return found;
    }

private:
    // A leaning after a round that lacked `missing` of the trait.
    [[nodiscard]] float moved(std::size_t trait, float leaning, double missing) const {
        const double mean = real_.mean[trait];
        const double variance = std::max(kLeastVariance, real_.square[trait] - mean * mean);
        const bool is_rare = mean >= 0.0 && mean < kRare;
        return static_cast<float>(
            std::clamp(leaning + missing / variance, -kFarthest, is_rare ? 0.0 : kFarthest));
    }

    // Other lines in every round.
    Result<TraitsOfLine> play(std::size_t round) {
        const auto generator = make_torch_generator(bundle_, DeviceChoice::cpu);
        if (!generator) return tl::unexpected{generator.error()};
        Stretch stretch;
        stretch.weights.value[0] = kMaxGenreWeight;
        stretch.notes = settings_.notes;
        std::vector<TraitsOfLine> lines;
        for (std::size_t n = 0; n < settings_.lines; ++n) {
            const auto line =
                compose(**generator, {bundle_.chords, bundle_.forms}, {stretch},
                        performance_settings(settings_.seed + round * settings_.lines + n));
            if (!line) return tl::unexpected{line.error()};
            lines.push_back(traits_along(*line, bundle_.vocabulary, settings_.notes));
        }
        return mean_of(lines);
    }

    Bundle bundle_;
    const MannersSearch& settings_;
    TraitsOfLine real_;
};

}  // namespace

TraitsOfLine traits_along(const EventSequence& line, const Vocabulary& vocabulary,
                          std::size_t most) {
    const EventClasses classes{vocabulary};
    LineMemory memory{vocabulary};
    Blend blend;
    blend.share[0] = 1.0F;
    TraitsOfLine all;
    const std::size_t count = std::min(most, line.size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto meter = static_cast<MeterClass>(line.meters[i]);
        const auto position = line.positions[i];
        const auto traits =
            traits_of(memory, memory.recall(position, meter), classes, vocabulary, position, meter);
        const auto of = traits_of_event(traits, classes, line.events[i]);
        for (std::size_t k = 0; k < kTraits; ++k) {
            const double value = of[k];
            all.mean[k] += value / static_cast<double>(count);
            all.square[k] += value * value / static_cast<double>(count);
        }
        memory.push(line.events[i], position, blend);
    }
    return all;
}

Result<FoundManners> find_manners(const Bundle& bundle, const DataSet& corpus,
                                  const std::vector<std::size_t>& places,
                                  const MannersSearch& settings, Progress& progress) {
    std::vector<nlohmann::ordered_json> records(bundle.genres.size());
    auto manners = for_each_genre<Manners>(
        bundle, settings.threads,
        [&](std::size_t g, Bundle alone) -> Result<Manners> {
            const auto pieces = pieces_to_learn(corpus, places[g]);
            if (pieces.size() < kFewPieces) return Manners{};
            return Fit{std::move(alone), pieces, settings}.run(records[g]);
        },
        [&](std::size_t g, const Manners& learned) {
            const auto largest = std::ranges::max_element(
                learned.leaning, {}, [](float leaning) { return std::abs(leaning); });
            progress.say(fmt::format(
                "manners of {}: farthest {} by {:.2f}", bundle.genres[g],
                name_of_trait(static_cast<std::size_t>(largest - learned.leaning.begin())),
                *largest));
        });
    if (!manners) return tl::unexpected{manners.error()};
    FoundManners found{std::move(*manners), {}};
    for (std::size_t g = 0; g < records.size(); ++g)
        if (!records[g].is_null()) found.record[bundle.genres[g]] = std::move(records[g]);
    return found;
}

}  // namespace fusion::train
