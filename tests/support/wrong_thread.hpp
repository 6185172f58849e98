// A thread that comes in where the header names another: debug builds stop there.
#pragma once

#include <gtest/gtest.h>

#include "engine/base/realtime_contract.hpp"

namespace fusion::test {

template <class Call>
void expect_not_for(ThreadRole role, Call&& call) {
    const auto on_that_thread = [&] {
        set_thread_role(role);
        call();
    };
    // Release builds run it here.
    EXPECT_DEBUG_DEATH(on_that_thread(), "thread_role");
    set_thread_role(ThreadRole::none);
}

}  // namespace fusion::test
