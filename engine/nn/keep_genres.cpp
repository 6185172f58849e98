#include "engine/nn/keep_genres.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "engine/nn/networks.hpp"

namespace fusion {

namespace {

Result<std::vector<std::size_t>> numbers_of(const Bundle& bundle,
                                            const std::vector<std::string>& genres) {
    if (genres.empty())
        return fail(Error::Code::out_of_range, "no genre to keep: name one or more");
    std::vector<std::size_t> numbers;
    for (const std::string& genre : genres) {
        const auto at = std::find(bundle.genres.begin(), bundle.genres.end(), genre);
        if (at == bundle.genres.end())
            return fail(Error::Code::not_found, fmt::format("the bundle has no genre {}; it has {}",
                                                            genre, fmt::join(bundle.genres, ", ")));
        const auto number = static_cast<std::size_t>(at - bundle.genres.begin());
        if (std::find(numbers.begin(), numbers.end(), number) != numbers.end())
            return fail(Error::Code::out_of_range,
                        fmt::format("the genre {} is named twice", genre));
        numbers.push_back(number);
    }
    return numbers;
}

// Some rows of a table.
BundleTensor rows_of(const BundleTensor& table, const std::vector<std::size_t>& rows) {
    const auto width = static_cast<std::ptrdiff_t>(table.shape[1]);
    BundleTensor part{{static_cast<std::int64_t>(rows.size()), table.shape[1]}, {}};
    for (const std::size_t row : rows) {
        const auto first = table.values.begin() + static_cast<std::ptrdiff_t>(row) * width;
        part.values.insert(part.values.end(), first, first + width);
    }
    return part;
}

}  // namespace

Result<Bundle> keep_genres(const Bundle& bundle, const std::vector<std::string>& genres) {
    const auto numbers = numbers_of(bundle, genres);
    if (!numbers) return tl::unexpected{numbers.error()};
    if (Status fits = check_tensors(bundle); !fits) return tl::unexpected{fits.error()};
    Bundle kept{genres, bundle.vocabulary, {}, {}, {}, {}};
    for (const std::size_t g : *numbers) {
        for (const TensorShape& tensor : phase1_tensors(bundle.genres[g], bundle.vocabulary))
            kept.tensors[tensor.name] = bundle.tensors.at(tensor.name);
        if (!bundle.ngrams.empty()) kept.ngrams.push_back(bundle.ngrams[g]);
        if (!bundle.accents.genres.empty()) kept.accents.genres.push_back(bundle.accents.genres[g]);
        if (!bundle.start.empty()) kept.start.push_back(bundle.start[g]);
        if (!bundle.forms.empty()) kept.forms.push_back(bundle.forms[g]);
        if (!bundle.chords.empty()) kept.chords.push_back(bundle.chords[g]);
        if (!bundle.manners.empty()) kept.manners.push_back(bundle.manners[g]);
        if (!bundle.band.empty()) kept.band.push_back(bundle.band[g]);
        if (!bundle.dice.empty()) kept.dice.push_back(bundle.dice[g]);
    }
    // None of the genres that it started with is left.
    if (std::all_of(kept.start.begin(), kept.start.end(), [](float w) { return w <= 0.0F; }))
        kept.start.clear();
    for (const TensorShape& tensor : phase2_tensors(bundle.genres.size(), bundle.vocabulary))
        kept.tensors[tensor.name] = bundle.tensors.at(tensor.name);
    // The one tensor of phase 2 with a row for each genre.
    BundleTensor& by_genre = kept.tensors.at(phase2_prefix() + "in.genre");
    by_genre = rows_of(by_genre, *numbers);

    auto record = nlohmann::ordered_json::parse(bundle.record, nullptr, false);
    if (!record.is_object()) record = nlohmann::ordered_json::object();
    record["kept"] = genres;
    kept.record = record.dump(2);
    return kept;
}

}  // namespace fusion
