#include "engine/model/accents.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "engine/model/bytes.hpp"
#include "engine/model/generator.hpp"

namespace fusion {
namespace {

constexpr float kThousand = 1000.0F;

// Every table of a genre in the order of the file.
template <class Genre, class Visit>
void for_each_table(Genre& genre, Visit&& visit) {
    visit(std::span{&genre.base, 1});
    visit(std::span{&genre.by_octave, 1});
    visit(std::span{genre.by_place});
    visit(std::span{genre.by_duration});
    visit(std::span{genre.after_note});
    visit(std::span{genre.after_rest});
    visit(std::span{genre.by_interval});
}

}  // namespace

std::size_t duration_class(Cells duration) {
    const auto classes = duration_classes();
    assert(classes.size() == kDurationClasses);
    const auto after = std::upper_bound(classes.begin(), classes.end(), duration);
    return after == classes.begin() ? 0 : static_cast<std::size_t>(after - classes.begin()) - 1;
}

std::size_t interval_class(Pitch from, Pitch to) {
    constexpr std::array kUpTo{0, 2, 4, 7};  // semitones; larger ones share the last class
    constexpr int kSame = static_cast<int>(kIntervalClasses) / 2;
    const int semitones = to.count() - from.count();
    const auto size = static_cast<int>(
        std::lower_bound(kUpTo.begin(), kUpTo.end(), std::abs(semitones)) - kUpTo.begin());
    return static_cast<std::size_t>(semitones < 0 ? kSame - size : kSame + size);
}

float accent_of(const GenreAccents& genre, const AccentContext& at) {
    if (at.note.is_rest()) return 0.0F;
    int sum = genre.base;
    sum += genre.by_place[static_cast<std::size_t>(at.meter) * kBarPositions +
                          at.position % kBarPositions];
    sum += genre.by_duration[duration_class(at.note.duration)];
    if (at.before == nullptr) {
        sum += genre.after_rest.back();
    } else if (at.before->is_rest()) {
        sum += genre.after_rest[duration_class(at.before->duration)];
    } else {
        sum += genre.after_note[duration_class(at.before->duration)];
        sum += genre.by_interval[interval_class(*at.before->pitch, *at.note.pitch)];
    }
    const int height = std::clamp(at.note.pitch->count() - genre.mean_pitch.count(),
                                  -kFarthestPitch, kFarthestPitch);
    return (static_cast<float>(sum) + static_cast<float>(genre.by_octave * height) / 12.0F) /
           kThousand;
}

Velocity velocity_of(const AccentModel& model, const AccentContext& at, const Blend& blend) {
    if (at.note.is_rest()) return kLevelVelocity;
    float accent = 0.0F;
    for (std::size_t g = 0; g < std::min(model.genres.size(), kMaxGenres); ++g)
        if (blend.share[g] != 0.0F) accent += blend.share[g] * accent_of(model.genres[g], at);
    const auto level = static_cast<float>(kLevelVelocity.count());
    return Velocity{static_cast<std::uint8_t>(
        std::clamp(std::round(level * (1.0F + accent)), static_cast<float>(kSoftestAccent.count()),
                   static_cast<float>(kLoudestAccent.count())))};
}

Velocity velocity_of(const AccentModel& model, const Vocabulary& vocabulary, EventId event,
                     EventId before, const StepRequest& request) {
    return velocity_of(
        model,
        {vocabulary[event], before < vocabulary.size() ? &vocabulary[before] : nullptr,
         request.position, request.meter},
        request.blend);
}

void serialise_accents(const AccentModel& model, std::vector<std::uint8_t>& out) {
    put_varint(out, model.genres.size());
    for (const auto& genre : model.genres) {
        out.push_back(genre.mean_pitch.count());
        for_each_table(genre, [&](std::span<const Thousandths> table) {
            for (const Thousandths value : table) put(out, value);
        });
    }
}

Result<AccentModel> parse_accents(std::span<const std::uint8_t> bytes) {
    ByteReader in{bytes};
    const auto count = in.varint();
    if (in.failed() || count > kMaxGenres)
        return fail(Error::Code::malformed, "accents of too many genres");
    AccentModel model;
    for (std::uint64_t g = 0; g < count; ++g) {
        GenreAccents genre;
        genre.mean_pitch = Pitch{in.read<std::uint8_t>()};
        bool fits = genre.mean_pitch.count() <= 127;
        for_each_table(genre, [&](std::span<Thousandths> table) {
            for (Thousandths& value : table) {
                value = in.read<Thousandths>();
                fits = fits && value >= -kLargestAccent && value <= kLargestAccent;
            }
        });
        if (in.failed())
            return fail(Error::Code::malformed,
                        fmt::format("the accents of genre {} are cut short", g));
        if (!fits)
            return fail(Error::Code::malformed,
                        fmt::format("the accents of genre {} are beyond what can be", g));
        model.genres.push_back(genre);
    }
    if (in.left() > 0) return fail(Error::Code::malformed, "the accents have bytes too many");
    return model;
}

}  // namespace fusion
