// Prints the pitches (with --all: channel, pitch and velocity) of a Standard MIDI File's first
// track that has notes, one a line, in the order they begin: for scripts that compare lines of
// music.
#include <cstdio>
#include <string_view>

#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"

int main(int argc, char** argv) {
    const bool all = argc == 3 && std::string_view{argv[1]} == "--all";
    if (argc != 2 && !all) {
        std::fputs("usage: smf_pitches [--all] FILE\n", stderr);
        return 64;
    }
    const char* file = argv[argc - 1];
    const auto bytes = fusion::read_file(file, fusion::kMaxSmfBytes);
    const auto smf =
        bytes
            ? fusion::read_smf(*bytes, file)
            : fusion::Result<fusion::Smf>{fusion::fail(bytes.error().code, bytes.error().message)};
    if (!smf) {
        std::fprintf(stderr, "%s\n", smf.error().message.c_str());
        return 1;
    }
    for (const auto& track : smf->tracks) {
        const auto notes = fusion::notes_of(track);
        for (const auto& note : notes)
            if (all)
                std::printf("%d %d %d\n", note.channel.count() + 1, note.pitch.count(),
                            note.velocity.count());
            else
                std::printf("%d\n", note.pitch.count());
        if (!notes.empty()) break;
    }
    return 0;
}
