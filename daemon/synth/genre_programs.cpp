#include "daemon/synth/genre_programs.hpp"

#include <array>
#include <utility>

#include "engine/params/names.hpp"

namespace fusion {
namespace {

// Far enough from one another that a layer can be told from the next.
constexpr std::array<std::pair<std::string_view, GmProgram>, 9> kPrograms{{
    {"classical", GmProgram{1}},    // acoustic grand piano
    {"jazz", GmProgram{67}},        // tenor sax
    {"pop", GmProgram{5}},          // electric piano
    {"folk", GmProgram{22}},        // accordion
    {"rock", GmProgram{30}},        // overdriven guitar
    {"electronic", GmProgram{82}},  // saw lead
    {"game", GmProgram{81}},        // square lead
    {"cinematic", GmProgram{49}},   // strings
    {"ragtime", GmProgram{4}},      // honky-tonk piano
}};
constexpr GmProgram kOfOthers{1};

}  // namespace

GmProgram program_of_genre(std::string_view genre) {
    for (const auto& [name, program] : kPrograms)
        if (same_but_for_case(name, genre)) return program;
    return kOfOthers;
}

}  // namespace fusion
