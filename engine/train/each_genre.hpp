// What is found for each genre of a bundle by itself, several genres at once.
// Thread: one (starts its own). Errors: the first of the work's, and those of keep_genres().
#pragma once

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/nn/keep_genres.hpp"
#include "engine/train/parallel.hpp"

namespace fusion::train {

// By genre what find(genre, bundle of it alone) returns, a Result<Found>; tell(genre, found) comes
// after each, one at a time.
template <class Found, class Find, class Tell>
[[nodiscard]] Result<std::vector<Found>> for_each_genre(const Bundle& bundle, std::size_t threads,
                                                        Find find, Tell tell) {
    std::vector<Found> all(bundle.genres.size());
    std::optional<Error> failure;
    std::mutex guard;
    for_each_index(all.size(), threads, [&](std::size_t g) {
        auto alone = keep_genres(bundle, {bundle.genres[g]});
        Result<Found> found =
            alone ? find(g, std::move(*alone)) : Result<Found>{tl::unexpected{alone.error()}};
        const std::lock_guard lock{guard};
        if (!found) {
            if (!failure) failure = found.error();
            return;
        }
        all[g] = std::move(*found);
        tell(g, all[g]);
    });
    if (failure) return tl::unexpected{*failure};
    return all;
}

}  // namespace fusion::train
