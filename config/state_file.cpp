#include "config/state_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "engine/base/whole_file.hpp"

namespace fusion {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargest = 16U << 20U;  // 256 scenes are some 400 kB

std::string reason() { return std::generic_category().message(errno); }

// The text, or none where there is no file.
Result<std::optional<std::string>> text_of(const fs::path& file) {
    std::error_code error;
    const auto about = fs::status(file, error);
    if (about.type() == fs::file_type::not_found) return std::nullopt;
    // A pipe would be waited for.
    if (!error && !fs::is_regular_file(about))
        return fail(Error::Code::malformed, fmt::format("{}: no file of fusiond's", file.string()));
    const auto bytes = read_file(file, kLargest);
    if (!bytes) return tl::unexpected{bytes.error()};
    return std::string{bytes->begin(), bytes->end()};
}

fs::path beside(const fs::path& file, std::string_view ending) {
    return fs::path{file.string() + std::string{ending}};
}

Status replace(const fs::path& file, const std::string& text) {
    return write_file(file, text, FileFor::owner).map_error([](Error error) {
        error.message = "cannot save the state: " + error.message;
        return error;
    });
}

}  // namespace

std::optional<fs::path> default_state_file() {
    const auto from = [](const char* variable) -> std::string {
        const char* value = std::getenv(variable);
        return value == nullptr ? std::string{} : std::string{value};
    };
    constexpr std::string_view kName = "state.toml";
    // systemd may name several, with colons between.
    if (auto given = from("STATE_DIRECTORY"); !given.empty())
        return fs::path{given.substr(0, given.find(':'))} / kName;
    // The standard has relative paths ignored.
    if (const fs::path given{from("XDG_STATE_HOME")}; given.is_absolute())
        return given / "fusiond" / kName;
    if (const fs::path home{from("HOME")}; home.is_absolute())
        return home / ".local" / "state" / "fusiond" / kName;
    return {};
}

fs::path state_place(const std::string& named) {
    if (named == "off") return {};
    return named.empty() ? default_state_file().value_or(fs::path{}) : fs::path{named};
}

Result<SavedState> read_state(const fs::path& file) {
    if (file.empty()) return SavedState{};
    const auto text = text_of(file);
    if (!text) return tl::unexpected{text.error()};
    return *text ? parse_state(**text, file.string()) : SavedState{};
}

StateFile::StateFile(fs::path file, Tell tell) : file_{std::move(file)}, tell_{std::move(tell)} {
    if (file_.empty()) return;
    std::error_code error;
    // A link to a file elsewhere stays a link: that file is replaced.
    if (auto real = fs::weakly_canonical(file_, error); !error) file_ = std::move(real);
    take_lock();
}

StateFile::~StateFile() {
    if (lock_ >= 0) ::close(lock_);
}

void StateFile::take_lock() {
    std::error_code error;
    fs::create_directories(file_.parent_path(), error);
    const auto path = beside(file_, ".lock");
    const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0)
        return tell_once(
            fmt::format("{}: {}; scenes and what is learned are not saved. The folder "
                        "must be there and this user must be allowed to write",
                        path.string(), reason()));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        const bool taken = errno == EWOULDBLOCK;
        tell_once(fmt::format("{}: {}; scenes and what is learned are not saved by this one",
                              file_.string(),
                              taken ? "another fusiond keeps its state there" : reason()));
        ::close(lock);
        return;
    }
    lock_ = lock;
}

SavedState StateFile::read() {
    if (file_.empty()) return {};
    const auto text = text_of(file_);
    if (text && !*text) return {};
    auto state = text ? parse_state(**text, file_.string())
                      : Result<SavedState>{tl::unexpected{text.error()}};
    if (state) {
        written_ = **text;
        return std::move(*state);
    }
    tell_(state.error().message);
    put_aside();
    return {};
}

void StateFile::put_aside() {
    constexpr int kMost = 1000;
    for (int n = 1; saves() && n <= kMost; ++n) {
        const auto aside = beside(file_, fmt::format(".bad-{}", n));
        if (::renameat2(AT_FDCWD, file_.c_str(), AT_FDCWD, aside.c_str(), RENAME_NOREPLACE) == 0)
            return tell_(fmt::format("kept as {}; starting without a saved state", aside.string()));
        struct stat about {};
        // Not every file system knows RENAME_NOREPLACE. With the lock nobody comes in between.
        if (errno == EINVAL && ::lstat(aside.c_str(), &about) != 0 && errno == ENOENT &&
            ::rename(file_.c_str(), aside.c_str()) == 0)
            return tell_(fmt::format("kept as {}; starting without a saved state", aside.string()));
        if (errno != EEXIST && errno != EINVAL && errno != 0) break;
    }
    kept_out_ = true;
    tell_(fmt::format("{} is left as it is; starting without a saved state, and nothing is saved",
                      file_.string()));
}

void StateFile::changed(TimePoint now) {
    if (!changed_at_) changed_at_ = now;
}

void StateFile::turn(TimePoint now, const Make& make) {
    if (written_well_.valid()) {
        if (written_well_.wait_for(std::chrono::seconds{0}) == std::future_status::timeout) return;
        end_write();
        // Tried again: a full disk may have room one day.
        if (!told_.empty()) changed(now);
    }
    if (!changed_at_ || now - *changed_at_ < kRest) return;
    changed_at_.reset();
    if (saves()) begin_write(make());
}

void StateFile::finish(const Make& make) {
    if (written_well_.valid()) end_write();
    if ((!changed_at_ && told_.empty()) || !saves()) return;
    changed_at_.reset();
    begin_write(make());
    if (written_well_.valid()) end_write();
}

void StateFile::begin_write(const SavedState& state) {
    writing_ = format_state(state);
    if (writing_ == written_) return;
    try {
        written_well_ = std::async(std::launch::async, replace, file_, writing_);
    } catch (const std::system_error&) {  // no thread to be had
        written_well_ = std::async(std::launch::deferred, replace, file_, writing_);
    }
}

void StateFile::end_write() {
    if (const auto done = written_well_.get(); !done)
        return tell_once(done.error().message + "; the music goes on and it is tried again");
    if (!told_.empty()) tell_(fmt::format("the state is saved again into {}", file_.string()));
    told_.clear();
    written_ = std::move(writing_);
}

void StateFile::tell_once(const std::string& what) {
    if (told_ != what) tell_(what);
    told_ = what;
}

}  // namespace fusion
