#include "daemon/flight/flight_print.hpp"

#include <link.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <boost/crc.hpp>

namespace fusion {
namespace {

// What the linker calls a program: a digest of all that is in it.
int find_build_note(dl_phdr_info* info, std::size_t, void* found) {
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& header = info->dlpi_phdr[i];
        if (header.p_type != PT_NOTE) continue;
        // The linker tells addresses as numbers. NOLINTNEXTLINE(performance-no-int-to-ptr)
        const auto* at = reinterpret_cast<const char*>(info->dlpi_addr + header.p_vaddr);
        const auto* end = at + header.p_memsz;
        while (at + sizeof(ElfW(Nhdr)) <= end) {
            ElfW(Nhdr) note{};
            std::memcpy(&note, at, sizeof note);
            const auto padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
            const auto* name = at + sizeof note;
            const auto* body = name + padded(note.n_namesz);
            if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
                std::memcmp(name, "GNU", 4) == 0) {
                for (std::size_t b = 0; b < note.n_descsz; ++b)
                    *static_cast<std::string*>(found) +=
                        fmt::format("{:02x}", static_cast<unsigned char>(body[b]));
                return 1;
            }
            at = body + padded(note.n_descsz);
        }
    }
    return 1;  // the first is the program itself; libraries are asked no more
}

}  // namespace

std::string build_print() {
    std::string build;
    ::dl_iterate_phdr(&find_build_note, &build);
    return fmt::format("{} {}", FUSION_VERSION, build.empty() ? "unknown" : build);
}

// From the checksums of its sections (engine/model/bundle.hpp), without their contents.
std::string bundle_print(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    std::array<char, 16> head{};  // magic, version, number of sections
    if (!in.read(head.data(), head.size())) return "unknown";
    std::uint32_t sections = 0;
    std::memcpy(&sections, head.data() + 12, sizeof sections);
    boost::crc_32_type crc;
    crc.process_bytes(head.data(), head.size());
    constexpr std::uint32_t kMostSections = 1024;
    for (std::uint32_t s = 0; s < sections && s < kMostSections; ++s) {
        std::array<char, 16> section{};  // tag, length, checksum
        if (!in.read(section.data(), section.size())) return "unknown";
        crc.process_bytes(section.data(), section.size());
        std::uint64_t length = 0;
        std::memcpy(&length, section.data() + 4, sizeof length);
        in.seekg(static_cast<std::streamoff>(length), std::ios::cur);
    }
    const auto bytes = static_cast<std::int64_t>(in.tellg());
    if (!in || bytes < 0) return "unknown";
    return fmt::format("{}-{:08x}", bytes, crc.checksum());
}

}  // namespace fusion
