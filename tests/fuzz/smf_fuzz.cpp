// Any bytes as a MIDI file, all the way to a melody, as `fusion-train prepare` reads a stranger's
// folder. What the reader keeps must make sense.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "engine/corpus/extract.hpp"
#include "engine/corpus/smf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::span<const std::uint8_t> input{bytes, size};
    const auto file = fusion::read_smf(input, "fuzzed.mid");
    if (!file) return 0;
    if (file->ticks_per_beat == 0 || file->tracks.empty()) std::abort();
    for (const auto& track : file->tracks) {
        fusion::SmfTime before = 0;
        for (const auto& [at, message] : track.messages) {
            if (at < before || at > track.end || !message.is_of_a_channel()) std::abort();
            if (message.pitch().count() > 0x7F || message.velocity().count() > 0x7F) std::abort();
            before = at;
        }
        for (const auto& note : fusion::notes_of(track))
            if (note.end <= note.onset) std::abort();
    }
    for (std::size_t i = 0; i < file->mends.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (file->mends[i].kind == file->mends[j].kind) std::abort();
    (void)fusion::extract_lines(*file, nullptr, fusion::FurtherLines::take);
    return 0;
}
