#include "engine/corpus/split.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace fusion {
namespace {

// FNV-1a over the name, then SplitMix64's finaliser: the same on every machine, unlike std::hash
// and std::shuffle.
std::uint64_t lot_of(std::string_view name, std::uint64_t seed) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    hash += seed * 0x9E3779B97F4A7C15U;
    hash = (hash ^ (hash >> 30U)) * 0xBF58476D1CE4E5B9U;
    hash = (hash ^ (hash >> 27U)) * 0x94D049BB133111EBU;
    return hash ^ (hash >> 31U);
}

class GenreDraw {
public:
    // The clusters of one genre in the order of their lots, with the places of their pieces.
    void add(const std::string& cluster, std::uint64_t seed, std::size_t piece) {
        clusters_[{lot_of(cluster, seed), cluster}].push_back(piece);
    }

    // Gives `share` of the pieces still in `from` to `to`; `fixed` holds what other genres decided.
    void draw(std::vector<Piece>& pieces, Split from, Split to, double share,
              std::map<std::string, Split>& fixed) {
        std::size_t available = 0;
        std::size_t drawn = 0;
        for (const auto& [key, members] : clusters_) {
            const auto split = pieces[members.front()].split;
            if (split == from) available += members.size();
            if (split == to) drawn += members.size();
        }
        const auto whole = static_cast<double>(available + drawn);
        const auto wanted = static_cast<std::size_t>(std::lround(whole * share));
        for (const auto& [key, members] : clusters_) {
            const auto& cluster = key.second;
            if (pieces[members.front()].split != from || fixed.contains(cluster)) continue;
            const std::size_t with = drawn + members.size();
            // Nearer to the share with it than without it, and never the last to learn from.
            const bool nearer = with <= wanted || with - wanted < wanted - std::min(drawn, wanted);
            if (drawn >= wanted || !nearer || members.size() >= available) continue;
            for (const auto piece : members) pieces[piece].split = to;
            drawn = with;
            available -= members.size();
        }
    }

    void fix(const std::vector<Piece>& pieces, std::map<std::string, Split>& fixed) const {
        for (const auto& [key, members] : clusters_)
            fixed.emplace(key.second, pieces[members.front()].split);
    }

private:
    std::map<std::pair<std::uint64_t, std::string>, std::vector<std::size_t>> clusters_;
};

}  // namespace

void assign_splits(std::vector<Piece>& pieces, std::uint64_t seed, SplitShares shares) {
    std::map<std::size_t, GenreDraw> genres;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        pieces[i].split = Split::training;
        genres[pieces[i].genre].add(pieces[i].cluster, seed, i);
    }
    std::map<std::string, Split> fixed;  // by the genres before
    for (auto& [genre, draw] : genres) {
        for (auto& piece : pieces) {
            const auto decided = fixed.find(piece.cluster);
            if (piece.genre == genre && decided != fixed.end()) piece.split = decided->second;
        }
        draw.draw(pieces, Split::training, Split::test, shares.test, fixed);
        draw.draw(pieces, Split::training, Split::validation, shares.validation, fixed);
        draw.fix(pieces, fixed);
    }
}

}  // namespace fusion
