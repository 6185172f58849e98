// What can be expected to fail (files, ports, input from outside) returns Result<T>.
// Bugs assert; exceptions of a library are caught in the one .cpp that wraps the library.
// An error's message says what failed, where, and what to do about it.
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace fusion {

struct Error {
    enum class Code {
        not_found,     // a file, a port, a device that is not there
        malformed,     // bytes or text that are not what they should be
        out_of_range,  // a value outside what its table entry allows
        io,            // the system refused to read or write
        unavailable,   // a service, a device or a driver that this machine does not have
        unsupported,   // understood, but not by this build
    };
    Code code;
    std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = tl::expected<void, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Error::Code code, std::string message) {
    return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace fusion
