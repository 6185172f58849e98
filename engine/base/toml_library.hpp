// toml++ for every source file that reads or writes TOML; none includes it otherwise, so that all
// see the same.
//
// toml++ asserts, and in a release build lets the compiler assume (clang always, GCC from 13 on),
// that a table's head begins with a key. A file from outside that says "[=]" would end the daemon,
// or worse. Without the assertion the parser finds the error by itself, a line further on. Debian's
// libtomlplusplus is built with the assumption, so the parser is compiled here, in
// toml_library.cpp.
#pragma once

#define TOML_HEADER_ONLY 0

// Under NDEBUG toml++ chooses itself; without, it takes the assertion that it is given.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
