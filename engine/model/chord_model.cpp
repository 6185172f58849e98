#include "engine/model/chord_model.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/model/bytes.hpp"
#include "engine/music/genre_weights.hpp"

namespace fusion {
namespace {

// So many sightings weigh as much as what the shorter context says.
constexpr float kDoubtOfPairs = 4.0F;
constexpr float kDoubtOfTriples = 3.0F;
constexpr std::size_t kMostFollows = 100'000;

// All that came after these two.
std::span<const ChordFollow> after(const ModeChords& mode, ChordCode before, ChordCode last) {
    const auto begin = std::ranges::lower_bound(mode.follows, std::pair{before, last}, {},
                                                [](const ChordFollow& follow) {
                                                    return std::pair{follow.before, follow.last};
                                                });
    auto end = begin;
    while (end != mode.follows.end() && end->before == before && end->last == last) ++end;
    return {begin, end};
}

// What these two say, and with the weight of `doubt` what `chances` says already.
void refine(ChordChances& chances, std::span<const ChordFollow> follows, float doubt) {
    float all = doubt;
    for (const auto& follow : follows) all += static_cast<float>(follow.count);
    if (all <= 0.0F) return;
    for (auto& chance : chances) chance *= doubt / all;
    for (const auto& follow : follows)
        chances[follow.now.count()] += static_cast<float>(follow.count) / all;
}

template <class Model, class Visit>
void each_number(Model& mode, Visit visit) {
    for (auto& place : mode.changes)
        for (auto& value : place) visit(value);
    for (auto& place : mode.places)
        for (auto& value : place) visit(value);
}

constexpr float kMostFactor = 16.0F;  // of a place

bool is_known(ChordCode code) { return code.count() < kChordCodes; }
bool is_known_or_none(ChordCode code) {
    return is_known(code) || code == kNoChordCode || code == kBeginCode;
}

bool read_mode(ByteReader& in, ModeChords& mode) {
    bool good = true;
    each_number(mode, [&](float& value) {
        value = in.read<float>();
        good = good && value >= 0.0F && value <= kMostFactor;  // false for what is no number
    });
    const auto count = in.varint();
    if (in.failed() || count > kMostFollows) return false;
    mode.follows.resize(count);
    for (auto& follow : mode.follows) {
        follow.before = ChordCode{in.read<std::uint8_t>()};
        follow.last = ChordCode{in.read<std::uint8_t>()};
        follow.now = ChordCode{in.read<std::uint8_t>()};
        follow.count = in.read<std::uint16_t>();
        good = good && is_known_or_none(follow.before) && is_known_or_none(follow.last) &&
               is_known(follow.now);
    }
    return good && !in.failed() && std::ranges::is_sorted(mode.follows);
}

}  // namespace

ChordChances chances_of(const ModeChords& mode, ChordCode before, ChordCode last,
                        std::size_t place) {
    ChordChances chances{};
    refine(chances, after(mode, kNoChordCode, kNoChordCode), 0.0F);
    if (last != kNoChordCode) {
        refine(chances, after(mode, kNoChordCode, last), kDoubtOfPairs);
        if (before != kNoChordCode) refine(chances, after(mode, before, last), kDoubtOfTriples);
        if (is_known(last)) chances[last.count()] = 0.0F;
    }
    float sum = 0.0F;
    for (std::size_t c = 0; c < kChordCodes; ++c) {
        if (chances[c] > 0.0F)
            chances[c] *= mode.places[place][function_of(ChordCode{static_cast<std::uint8_t>(c)})];
        sum += chances[c];
    }
    if (sum > 0.0F)
        for (auto& chance : chances) chance /= sum;
    return chances;
}

void serialise_chord_models(const std::vector<ChordModel>& models, std::vector<std::uint8_t>& out) {
    put_varint(out, models.size());
    for (const auto& model : models) {
        put(out, model.pull);
        put(out, model.minor);
        each_value(model.form, [&](float value) { put(out, value); });
        for (const auto& mode : model.modes) {
            each_number(mode, [&](float value) { put(out, value); });
            put_varint(out, mode.follows.size());
            for (const auto& follow : mode.follows) {
                put(out, follow.before.count());
                put(out, follow.last.count());
                put(out, follow.now.count());
                put(out, follow.count);
            }
        }
    }
}

Result<std::vector<ChordModel>> parse_chord_models(std::span<const std::uint8_t> payload) {
    ByteReader in{payload};
    const auto count = in.varint();
    if (in.failed() || count > kMaxGenres)
        return fail(Error::Code::malformed, "chords for too many genres");
    std::vector<ChordModel> models(count);
    for (std::size_t g = 0; g < models.size(); ++g) {
        auto& model = models[g];
        bool good = true;
        const auto share = [&](float& value) {
            value = in.read<float>();
            good = good && value >= 0.0F && value <= 1.0F;
        };
        share(model.pull);
        share(model.minor);
        each_value(model.form, share);
        for (auto& mode : model.modes) good = read_mode(in, mode) && good;
        if (in.failed() || !good)
            return fail(Error::Code::malformed,
                        fmt::format("the chords of genre {} are out of range, or cut short", g));
    }
    if (in.left() > 0) return fail(Error::Code::malformed, "the chords have the wrong length");
    return models;
}

}  // namespace fusion
