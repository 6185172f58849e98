#include "engine/train/windows.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "engine/train/chords_along.hpp"

namespace fusion::train {

Blend alone(std::size_t genre) {
    Blend blend;
    blend.share[genre] = 1.0F;
    return blend;
}

RecalledLine::RecalledLine(const EventSequence& of, const Vocabulary& vocabulary)
    : line{&of},
      recall{recall_along(of.events, of.positions, of.meters, vocabulary)},
      chords(of.size()),
      beginning{static_cast<EventId>(vocabulary.size())} {}

RecalledLine::RecalledLine(const Piece& piece, const Vocabulary& vocabulary)
    : RecalledLine{piece.line, vocabulary} {
    chords = chords_along(piece);
}

Window cut(const RecalledLine& line, std::size_t first, std::size_t last) {
    const EventSequence& events = *line.line;
    last = std::min(last, line.size());
    Window window;
    for (std::size_t i = first; i < last; ++i) {
        window.last.push_back(i == 0 ? line.beginning : events.events[i - 1]);
        window.target.push_back(events.events[i]);
        window.position.push_back(events.positions[i]);
        window.meter.push_back(events.meters[i]);
        window.recall.push_back(line.recall[i]);
        window.chords.push_back(line.chords[i]);
    }
    const std::size_t known = first - std::min(first, LineMemory::kReach);
    for (std::size_t i = known; i < std::min(first, last); ++i) {
        window.past.push_back(events.events[i]);
        window.past_position.push_back(events.positions[i]);
    }
    return window;
}

LineMemory memory_before(const Window& window, const Vocabulary& vocabulary) {
    LineMemory memory{vocabulary};
    for (std::size_t i = 0; i < window.past.size(); ++i)
        memory.push(window.past[i], window.past_position[i], window.blend_at(0));
    return memory;
}

void recall_again(Window& window, const Vocabulary& vocabulary) {
    LineMemory memory = memory_before(window, vocabulary);
    for (std::size_t i = 0; i < window.size(); ++i) {
        window.recall[i] =
            memory.recall(window.position[i], static_cast<MeterClass>(window.meter[i]));
        memory.push(window.heard_at(i), window.position[i], window.blend_at(i));
    }
}

void tell_no_chords(Window& window) {
    for (ToldChords& told : window.chords) told = {.bar = told.bar};
}

std::vector<Window> cut_all(const std::vector<RecalledLine>& lines, std::size_t length,
                            std::size_t bucket, Random& random) {
    std::vector<Window> windows;
    for (const RecalledLine& line : lines) {
        std::size_t first = 0;
        std::size_t next = 1 + random.below(length);
        while (first < line.size()) {
            windows.push_back(cut(line, first, next));
            first = next;
            next += length;
        }
    }
    random.shuffle(windows);
    for (std::size_t first = 0; first < windows.size(); first += bucket) {
        const auto begin = windows.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end =
            begin + static_cast<std::ptrdiff_t>(std::min(bucket, windows.size() - first));
        std::stable_sort(begin, end,
                         [](const Window& a, const Window& b) { return a.size() < b.size(); });
    }
    return windows;
}

Splicer::Splicer(const DataSet& data) : data_{&data}, genres_(data.genres.size()) {
    std::vector<double> events(genres_.size(), 0.0);
    for (std::size_t p = 0; p < data.pieces.size(); ++p) {
        const Piece& piece = data.pieces[p];
        lines_.emplace_back();
        if (piece.split != Split::training || piece.line.size() == 0) continue;
        lines_.back().emplace(piece, data.vocabulary);
        Genre& genre = genres_[piece.genre];
        const auto number = static_cast<std::uint32_t>(p);
        genre.pieces.push_back(number);
        genre.lengths.push_back(static_cast<double>(piece.line.size()));
        events[piece.genre] += static_cast<double>(piece.line.size());
        training_events_ += piece.line.size();
        // A phrase needs room for its shortest length.
        for (std::size_t i = 0; i + kMinPhrase <= piece.line.size(); ++i)
            genre.places[piece.line.meters[i]][piece.line.positions[i]].push_back(
                {number, static_cast<std::uint32_t>(i)});
    }
    // Small genres are heard more often than their share, but not so often that they are learned
    // by heart.
    for (const double count : events) genre_shares_.push_back(std::pow(count, 0.65));
}

Splicer::Place Splicer::anywhere(const Genre& genre, Random& random) const {
    const std::uint32_t piece = genre.pieces[random.pick(std::span<const double>(genre.lengths))];
    const std::size_t size = data_->pieces[piece].line.size();
    // The start of a line is as important as any other place and would be met far too seldom.
    if (random.uniform() < 0.15) return {piece, 0};
    return {piece, static_cast<std::uint32_t>(random.below(size))};
}

Splicer::Place Splicer::joining(const Genre& genre, std::uint8_t position, std::uint8_t meter,
                                Random& random) const {
    const auto& exact = genre.places[meter][position];
    if (!exact.empty()) return exact[random.below(exact.size())];
    // No such meter in this genre: the same place in a bar of another one.
    std::size_t count = 0;
    for (const auto& by_position : genre.places) count += by_position[position].size();
    if (count == 0) return anywhere(genre, random);
    std::size_t n = random.below(count);
    for (const auto& by_position : genre.places) {
        if (n < by_position[position].size()) return by_position[position][n];
        n -= by_position[position].size();
    }
    return anywhere(genre, random);
}

std::vector<std::size_t> Splicer::draw_genres(std::size_t count, Random& random) const {
    std::vector<double> shares = genre_shares_;
    std::vector<std::size_t> drawn;
    while (drawn.size() < count &&
           std::any_of(shares.begin(), shares.end(), [](double s) { return s > 0.0; })) {
        drawn.push_back(random.pick(std::span<const double>(shares)));
        shares[drawn.back()] = 0.0;
    }
    return drawn;
}

Blend Splicer::draw_blend(const std::vector<std::size_t>& genres, Random& random) const {
    if (random.uniform() < 0.5) return alone(genres[random.below(genres.size())]);
    std::vector<double> parts;
    for (std::size_t i = 0; i < genres.size(); ++i) parts.push_back(random.exponential());
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
    Blend blend;
    for (std::size_t i = 0; i < genres.size(); ++i)
        blend.share[genres[i]] = static_cast<float>(parts[i] / sum);
    return blend;
}

Window Splicer::draw(std::size_t length, Random& random) const {
    assert(training_events_ > 0);
    const bool steady = random.uniform() < 0.5;
    const std::vector<std::size_t> genres = draw_genres(steady ? 1 : 2 + random.below(2), random);
    Blend blend = steady ? alone(genres[0]) : draw_blend(genres, random);

    Window window;
    Place place{};
    bool joined = false;
    // Where the line stands: the place the last phrase would have gone on to.
    std::uint8_t position = 0, meter = 0;
    while (window.size() < length) {
        const bool first = window.size() == 0;
        if (!first && !steady && random.uniform() < 0.5) blend = draw_blend(genres, random);
        const std::size_t source =
            random.pick(std::span<const float>(blend.share.data(), genres_.size()));
        const Genre& genre = genres_[source];
        place = first ? anywhere(genre, random) : joining(genre, position, meter, random);
        const EventSequence& line = data_->pieces[place.piece].line;

        const std::size_t phrase =
            steady ? length : kMinPhrase + random.below(kMaxPhrase - kMinPhrase + 1);
        const std::size_t end =
            std::min({line.size(), place.event + phrase, place.event + length - window.size()});
        Window part = cut(*lines_[place.piece], place.event, end);
        // A joined phrase goes on from what was really heard.
        if (!first) part.last.front() = window.target.back();
        const auto append = [](auto& to, const auto& from) {
            to.insert(to.end(), from.begin(), from.end());
        };
        append(window.last, part.last);
        append(window.target, part.target);
        append(window.position, part.position);
        append(window.meter, part.meter);
        append(window.recall, part.recall);
        append(window.chords, part.chords);
        // A line that keeps its genre goes on with what it remembers; a spliced one begins.
        if (first && steady) {
            window.past = std::move(part.past);
            window.past_position = std::move(part.past_position);
        }
        joined = joined || !first || !steady;
        window.blend.insert(window.blend.end(), part.size(), blend);
        window.sources.insert(window.sources.end(), part.size(), static_cast<std::uint8_t>(source));
        // At the end of a piece its first bar may follow.
        position = end < line.size() ? line.positions[end] : line.positions[0];
        meter = line.meters[std::min(end, line.size() - 1)];
    }
    // A spliced line recalls its own past, not that of the pieces it is made from.
    if (joined) recall_again(window, data_->vocabulary);
    return window;
}

}  // namespace fusion::train
