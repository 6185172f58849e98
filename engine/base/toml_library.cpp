#define TOML_IMPLEMENTATION
#include "engine/base/toml_library.hpp"
