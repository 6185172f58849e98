# Every third-party package, found once. Debian 12's versions are the floor. Imported targets are
# system includes, so their headers do not warn.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
pkg_check_modules(NCURSES REQUIRED IMPORTED_TARGET ncursesw)
pkg_check_modules(ALSA REQUIRED IMPORTED_TARGET alsa)
pkg_check_modules(RTMIDI REQUIRED IMPORTED_TARGET rtmidi)
pkg_check_modules(LIBLO REQUIRED IMPORTED_TARGET liblo)
pkg_check_modules(JACK REQUIRED IMPORTED_TARGET jack)
pkg_check_modules(SNDFILE REQUIRED IMPORTED_TARGET sndfile)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)

# toml++ compiled by engine/base/toml_library.cpp, which says why, instead of Debian's library.
find_path(TOML_INCLUDE_DIR toml++/toml.h REQUIRED)
add_library(fusion_toml INTERFACE)
target_include_directories(fusion_toml SYSTEM INTERFACE "${TOML_INCLUDE_DIR}")

# By hand: fluidsynth.pc asks for all that the library itself was built with, SDL and GLib among it, and
# for their flags.
find_path(FLUIDSYNTH_INCLUDE_DIR fluidsynth.h REQUIRED)
find_library(FLUIDSYNTH_LIBRARY fluidsynth REQUIRED)
add_library(fusion_fluid INTERFACE)
target_include_directories(fusion_fluid SYSTEM INTERFACE "${FLUIDSYNTH_INCLUDE_DIR}")
target_link_libraries(fusion_fluid INTERFACE "${FLUIDSYNTH_LIBRARY}")

# Ableton Link is headers alone. Debian's own target adds a source to whoever links it and its
# includes warn, so this one is made by hand from what it defines on Linux.
find_path(LINK_INCLUDE_DIR ableton/Link.hpp REQUIRED)
find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
add_library(fusion_link INTERFACE)
target_include_directories(fusion_link SYSTEM INTERFACE "${LINK_INCLUDE_DIR}" "${ASIO_INCLUDE_DIR}")
target_compile_definitions(fusion_link INTERFACE LINK_PLATFORM_UNIX=1 LINK_PLATFORM_LINUX=1)
# Clang asks libatomic whether 16 bytes are lock-free.
target_link_libraries(fusion_link INTERFACE Threads::Threads atomic)

if(FUSION_WITH_TORCH)
    find_package(Torch REQUIRED)
    # Torch's own target as a system include, without its flags for our warnings.
    add_library(fusion_torch INTERFACE)
    target_link_libraries(fusion_torch INTERFACE ${TORCH_LIBRARIES})
    target_include_directories(fusion_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
endif()

if(FUSION_BUILD_TESTS)
    find_package(GTest REQUIRED)
    include(GoogleTest)
endif()
