# One way to declare a folder's library, so that standard, warnings and include root are the same
# everywhere.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
    set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

add_library(fusion_options INTERFACE)
target_include_directories(fusion_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(fusion_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
    -Wconversion -Wno-sign-conversion -Wcast-align -Wformat=2
    $<$<BOOL:${FUSION_WARNINGS_AS_ERRORS}>:-Werror>)

# fusion_library(NAME SOURCES... [LINK targets...])
function(fusion_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC fusion_options ${arg_LINK})
endfunction()

# fusion_test(NAME SOURCES... [LINK targets...] [ALONE]): one GoogleTest program, one ctest entry per
# test. ALONE: nothing else runs beside it, since others' real-time threads are part of what it tests.
# RT: it runs what FUSION_RT marks; `rt_tests` builds all that do.
add_custom_target(rt_tests)
function(fusion_test name)
    cmake_parse_arguments(arg "ALONE;RT" "" "SOURCES;LINK;LABELS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
    # The code under test is optimised as a performer runs it; the tests themselves need not be, and at
    # -O3, or rewritten by a sanitizer, GCC 12 sees overruns in std::vector and std::string that are not
    # there (GCC bug 105329).
    target_compile_options(${name} PRIVATE
        -O1 $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>)
    set(properties TIMEOUT 300)
    if(arg_LABELS)
        list(APPEND properties LABELS "${arg_LABELS}")
    endif()
    if(arg_ALONE)
        list(APPEND properties RUN_SERIAL ON)
    endif()
    if(arg_RT)
        add_dependencies(rt_tests ${name})
    endif()
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 300 PROPERTIES ${properties})
endfunction()
