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
    if (const auto file = fusion::read_smf(input, "fuzzed.mid")) {
        if (file->ticks_per_beat == 0) std::abort();
        for (const auto& track : file->tracks)
            for (const auto& note : fusion::notes_of(track))
                if (note.end <= note.onset) std::abort();
    }
    (void)fusion::extract_lines(input, nullptr, fusion::FurtherLines::take);
    return 0;
}
