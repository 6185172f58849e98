#include "daemon/tape/tape_shelf.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "config/nearest.hpp"
#include "daemon/tape/tape.hpp"
#include "engine/base/descriptor.hpp"

namespace fusion {
namespace {

namespace fs = std::filesystem;

bool is_midi_file(std::string_view name) {
    const auto dot = name.rfind('.');
    if (name.empty() || name.front() == '.' || dot == std::string_view::npos) return false;
    std::string ending{name.substr(dot)};
    std::ranges::transform(ending, ending.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::array<std::string_view, 4> kEndings{".mid", ".midi", ".smf", ".kar"};
    return std::ranges::find(kEndings, ending) != kEndings.end();
}

bool is_a_name(std::string_view name) {
    return is_midi_file(name) && name.size() <= 255 &&
           std::ranges::none_of(name, [](unsigned char c) { return c == '/' || c < 0x20U; });
}

fs::path here_if_empty(const fs::path& folder) { return folder.empty() ? fs::path{"."} : folder; }

}  // namespace

std::vector<std::string> tapes_in(const fs::path& folder) {
    std::vector<std::pair<fs::file_time_type, std::string>> found;
    std::error_code error;
    for (fs::directory_iterator at{here_if_empty(folder), error}, end; !error && at != end;
         at.increment(error)) {
        auto name = at->path().filename().string();
        std::error_code gone;
        if (!is_a_name(name) || !at->is_regular_file(gone) || at->is_symlink(gone)) continue;
        const auto when = at->last_write_time(gone);
        if (!gone) found.emplace_back(when, std::move(name));
    }
    std::ranges::sort(found, std::greater{});
    if (found.size() > kMostTapesListed) found.resize(kMostTapesListed);
    std::vector<std::string> names;
    for (auto& one : found) names.push_back(std::move(one.second));
    return names;
}

Result<std::vector<std::uint8_t>> read_from_shelf(const fs::path& folder, std::string_view name) {
    if (!is_a_name(name))
        return fail(Error::Code::malformed,
                    "a tape is named as its file is, in the folder of recordings and without a "
                    "folder's name: session.mid");
    const auto file = here_if_empty(folder) / name;
    const Descriptor in{::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    const int why = errno;
    if (!in.open() && (why == ENOENT || why == ELOOP))
        return fail(Error::Code::not_found,
                    fmt::format("there is no file {} in the folder of recordings{}", name,
                                did_you_mean(name, tapes_in(folder))));
    const auto refuse = [&](int number) {
        return fail(Error::Code::io, fmt::format("cannot read {}: {}", name,
                                                 std::generic_category().message(number)));
    };
    struct stat about {};
    if (!in.open() || ::fstat(in.number(), &about) != 0) return refuse(in.open() ? errno : why);
    if (!S_ISREG(about.st_mode))
        return fail(Error::Code::malformed, fmt::format("{} is no file", name));
    if (static_cast<std::uint64_t>(about.st_size) > kMostTapeBytes)
        return fail(Error::Code::unsupported,
                    fmt::format("{} has {} MB; a tape has {} at most", name,
                                (about.st_size + (1 << 20) - 1) >> 20, kMostTapeBytes >> 20));
    // One that grows meanwhile, a recording, is read as it was.
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(about.st_size));
    std::size_t have = 0;
    while (have < bytes.size()) {
        const auto came = ::read(in.number(), bytes.data() + have, bytes.size() - have);
        if (came < 0 && errno == EINTR) continue;
        if (came < 0) return refuse(errno);
        if (came == 0) break;
        have += static_cast<std::size_t>(came);
    }
    bytes.resize(have);
    return bytes;
}

}  // namespace fusion
