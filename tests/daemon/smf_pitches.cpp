// Prints the pitches of a Standard MIDI File's first track that has notes, one a line, in the order
// they begin: for scripts that compare lines of music.
#include <cstdio>

#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: smf_pitches FILE\n", stderr);
        return 64;
    }
    const auto bytes = fusion::read_file(argv[1], fusion::kMaxSmfBytes);
    const auto smf =
        bytes
            ? fusion::read_smf(*bytes, argv[1])
            : fusion::Result<fusion::Smf>{fusion::fail(bytes.error().code, bytes.error().message)};
    if (!smf) {
        std::fprintf(stderr, "%s\n", smf.error().message.c_str());
        return 1;
    }
    for (const auto& track : smf->tracks) {
        const auto notes = fusion::notes_of(track);
        for (const auto& note : notes) std::printf("%d\n", note.pitch.count());
        if (!notes.empty()) break;
    }
    return 0;
}
