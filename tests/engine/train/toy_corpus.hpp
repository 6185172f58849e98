// Two genres that differ in one thing: "down" walks down a scale of quavers, "up" walks up, both
// for ever round and round. From the last event alone nobody can say what comes next.
#pragma once

#include <vector>

#include "engine/corpus/data_set.hpp"

namespace fusion::train {

inline constexpr std::size_t kToyNotes = 8;

inline DataSet toy_corpus(std::size_t pieces_per_genre = 10, std::size_t events = 96) {
    DataSet data;
    data.genres = {"down", "up"};
    std::vector<Event> vocabulary;
    for (const Cells duration : duration_classes()) vocabulary.push_back({std::nullopt, duration});
    const std::size_t first_note = vocabulary.size();
    for (std::size_t i = 0; i < kToyNotes; ++i)
        vocabulary.push_back({Pitch{static_cast<std::uint8_t>(60 + i)}, Cells{6}});
    data.vocabulary = *Vocabulary::make(vocabulary);
    for (std::size_t genre = 0; genre < 2; ++genre) {
        for (std::size_t p = 0; p < pieces_per_genre; ++p) {
            Piece piece;
            piece.name = data.genres[genre] + "/" + std::to_string(p) + ".mid";
            piece.genre = genre;
            piece.cluster = piece.name;
            piece.split = p == 0 ? Split::test : p == 1 ? Split::validation : Split::training;
            for (std::size_t i = 0; i < events; ++i) {
                const std::size_t step = genre == 1 ? i : kToyNotes * events - i;
                piece.line.events.push_back(
                    static_cast<EventId>(first_note + (p + step) % kToyNotes));
                piece.line.positions.push_back(static_cast<std::uint8_t>(i * 6 % kBarPositions));
                piece.line.meters.push_back(0);
                piece.line.velocities.push_back(80);
            }
            data.pieces.push_back(std::move(piece));
        }
    }
    data.split_seed = 1;
    data.digest = "toy";
    data.coverage = {1.0, 1.0};
    return data;
}

}  // namespace fusion::train
