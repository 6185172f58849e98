// toml++ for every source file that reads or writes TOML; none includes it otherwise, so that all
// see the same.
//
// toml++ 3.3 asserts, and in a release build lets clang assume, that a table's head begins with a
// key. A file from outside that says "[=]" would end the daemon, or worse. Without the assertion
// the parser finds the error by itself, a line further on.
#pragma once

#include <toml++/impl/preprocessor.h>

#undef TOML_ASSERT
#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT(expr) static_assert(true)
#define TOML_ASSERT_ASSUME(expr) static_assert(true)

#include <toml++/toml.h>
