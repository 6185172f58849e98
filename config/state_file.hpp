// What outlives the daemon: the scenes, the learned controllers, and the values of all parameters
// when the file was last written. TOML, to be read and edited by people while no fusiond runs:
//
//   version = 1
//   [now]                 values of all parameters, as in scenes.hpp
//   [[scene]]             as in scenes.hpp
//   [[controller]]        as in midi_binding.hpp; text to this file
//
// It is written as every file here (engine/base/whole_file.hpp), so that a crash or a full disk
// leaves the old one. One that makes no sense is kept as FILE.bad-1, -2, ...
// Only who holds the lock (flock on FILE.lock) writes. What goes wrong is told, once until it goes
// well again, and the music goes on without saving.
//
// The writing itself is done by a thread of its own: to sync an SD card may take a second, and the
// knobs are turned by the control thread meanwhile.
// Thread: control. Errors: parse_state() says malformed, with file:line; the rest tells.
#pragma once

#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <string_view>

#include "config/scenes.hpp"
#include "engine/base/units.hpp"

namespace fusion {

struct SavedState {
    SceneValues now;
    std::vector<Scene> scenes;
    std::string controllers;  // [[controller]] tables as TOML, or empty
    friend bool operator==(const SavedState&, const SavedState&) = default;
};

// `name` stands for the file in messages.
[[nodiscard]] Result<SavedState> parse_state(std::string_view text, std::string_view name);
[[nodiscard]] std::string format_state(const SavedState& state);

// $STATE_DIRECTORY (systemd's), else $XDG_STATE_HOME/fusiond, else ~/.local/state/fusiond; in it
// state.toml. None where not even a home is known.
[[nodiscard]] std::optional<std::filesystem::path> default_state_file();

// Where the state is, `named` as [state] path has it. Empty: nowhere.
[[nodiscard]] std::filesystem::path state_place(const std::string& named);

// For who keeps nothing: without the lock, and what makes no sense stays where it is. Empty where
// there is no file.
[[nodiscard]] Result<SavedState> read_state(const std::filesystem::path& file);

class StateFile {
public:
    using Tell = std::function<void(const std::string&)>;
    using Make = std::function<SavedState()>;
    static constexpr std::chrono::seconds kRest{2};  // from a change to its writing

    // Makes the folder, takes the lock. An empty `file` saves nothing.
    StateFile(std::filesystem::path file, Tell tell);
    ~StateFile();
    StateFile(const StateFile&) = delete;
    StateFile& operator=(const StateFile&) = delete;

    // What was saved; empty where there is nothing, or nothing that makes sense.
    [[nodiscard]] SavedState read();

    void changed(TimePoint now);
    // Writes when something changed kRest ago; `make` says what. Each 100 ms or more often.
    void turn(TimePoint now, const Make& make);
    // At the end: writes what has changed and is not written, and waits for that.
    void finish(const Make& make);

    [[nodiscard]] bool saves() const { return lock_ >= 0 && !kept_out_; }
    [[nodiscard]] const std::filesystem::path& path() const { return file_; }

private:
    void take_lock();
    void put_aside();
    void begin_write(const SavedState& state);
    void end_write();
    void tell_once(const std::string& what);

    std::filesystem::path file_;
    Tell tell_;
    int lock_ = -1;
    bool kept_out_ = false;  // a file is there that must not be written over
    std::optional<TimePoint> changed_at_;
    std::string written_;
    std::string writing_;
    std::future<Status> written_well_;  // valid while a write goes on
    std::string told_;
};

}  // namespace fusion
