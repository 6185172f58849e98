#include "daemon/midi/recording_place.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "daemon/midi/recording_segment.hpp"
#include "engine/base/whole_file.hpp"

namespace fusion {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& file) {
    return file.parent_path().empty() ? fs::path{"."} : file.parent_path();
}

// N of "stem-N.ext", 1 of "stem.ext".
std::optional<std::uint64_t> number_of(const fs::path& file, const fs::path& wanted) {
    if (file.extension() != wanted.extension()) return {};
    const auto stem = file.stem().string(), ours = wanted.stem().string();
    if (!stem.starts_with(ours)) return {};
    if (stem.size() == ours.size()) return 1;
    if (stem[ours.size()] != '-') return {};
    std::uint64_t number = 0;
    const auto* end = stem.data() + stem.size();
    const auto [at, error] = std::from_chars(stem.data() + ours.size() + 1, end, number);
    if (error != std::errc{} || at != end) return {};
    return number;
}

std::uint64_t highest_number(const fs::path& wanted) {
    std::uint64_t highest = 0;
    std::error_code error;
    for (fs::directory_iterator at{folder_of(wanted), error}, end; !error && at != end;
         at.increment(error))
        highest = std::max(highest, number_of(at->path(), wanted).value_or(0));
    return highest;
}

// Empty and nobody else's; a file of another's comes back closed.
Descriptor claim(const fs::path& file, int& error) {
    Descriptor out{::open(file.c_str(), O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0640)};
    error = out.open() ? 0 : errno;
    if (error != 0) return out;
    struct stat about {};
    // Where the file system knows no locks, it goes without.
    const bool locked = ::flock(out.number(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
    if (locked && ::fstat(out.number(), &about) == 0 && S_ISREG(about.st_mode) &&
        about.st_size == 0)
        return out;
    return Descriptor{};
}

bool is_something_else(const fs::path& wanted) {
    struct stat about {};
    return ::stat(wanted.c_str(), &about) == 0 && !S_ISREG(about.st_mode) &&
           !S_ISDIR(about.st_mode);
}

// "fusiond" of "fusiond-20260131-235959-2".
std::string name_without_numbers(const fs::path& file) {
    auto stem = file.stem().string();
    for (;;) {
        const auto dash = stem.rfind('-');
        if (dash == std::string::npos || dash == 0 || dash + 1 == stem.size()) return stem;
        const auto number = std::string_view{stem}.substr(dash + 1);
        if (!std::ranges::all_of(number, [](unsigned char c) { return std::isdigit(c) != 0; }))
            return stem;
        stem.resize(dash);
    }
}

}  // namespace

Result<ClaimedFile> claim_recording(const fs::path& wanted) {
    if (is_something_else(wanted)) {
        Descriptor out{::open(wanted.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC)};
        if (!out.open()) return write_failure(wanted, errno);
        return ClaimedFile{wanted, std::move(out), false};
    }
    int error = 0;
    if (auto out = claim(wanted, error); out.open()) return ClaimedFile{wanted, std::move(out)};
    if (error != 0 && error != EACCES && error != EISDIR) return write_failure(wanted, error);
    constexpr int kMostRivals = 64;
    auto number = highest_number(wanted);
    auto place = wanted;
    for (int attempt = 0; attempt < kMostRivals; ++attempt) {
        place.replace_filename(
            fmt::format("{}-{}{}", wanted.stem().string(), ++number, wanted.extension().string()));
        if (auto out = claim(place, error); out.open()) return ClaimedFile{place, std::move(out)};
        if (error != 0) break;
    }
    return write_failure(wanted, error == 0 ? EWOULDBLOCK : error);
}

Status can_record_to(const fs::path& wanted) {
    if (is_something_else(wanted)) {
        if (::access(wanted.c_str(), W_OK) != 0) return write_failure(wanted, errno);
        return {};
    }
    if (::access(folder_of(wanted).c_str(), W_OK | X_OK) != 0) return write_failure(wanted, errno);
    return {};
}

std::vector<fs::path> recordings_like(const fs::path& latest) {
    const auto name = name_without_numbers(latest);
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    std::error_code error;
    for (fs::directory_iterator at{folder_of(latest), error}, end; !error && at != end;
         at.increment(error)) {
        const auto& file = at->path();
        if (file.extension() != latest.extension() || name_without_numbers(file) != name ||
            !is_whole_recording(file))
            continue;
        std::error_code gone;
        const auto when = at->last_write_time(gone);
        if (!gone) found.emplace_back(when, file);
    }
    std::ranges::sort(found);
    std::vector<fs::path> files;
    files.reserve(found.size());
    for (auto& one : found) files.push_back(std::move(one.second));
    return files;
}

std::size_t keep_recordings(const fs::path& latest, const RecordingKept& kept,
                            fs::file_time_type now) {
    if (kept == RecordingKept{}) return 0;
    auto files = recordings_like(latest);
    std::erase_if(files, [&](const auto& file) { return file.filename() == latest.filename(); });
    std::error_code error;
    std::uint64_t all = fs::file_size(latest, error);
    if (error) all = 0;
    const auto size_of = [&](const fs::path& file) {
        const auto size = fs::file_size(file, error);
        return error ? std::uint64_t{0} : std::uint64_t{size};
    };
    for (const auto& file : files) all += size_of(file);
    std::size_t gone = 0;
    for (const auto& file : files) {
        const auto size = size_of(file);
        const auto when = fs::last_write_time(file, error);
        // Where the clock has no battery, what is recorded may lie in the future; that is not old.
        const bool old = kept.age.count() > 0 && !error && now - when > kept.age;
        const bool too_much = kept.bytes > 0 && all > kept.bytes;
        if (!old && !too_much) continue;
        if (!fs::remove(file, error)) continue;
        all -= std::min(all, size);
        ++gone;
    }
    return gone;
}

}  // namespace fusion
