// Links LibTorch as fusiond does and does nothing: what a process takes that only has it. Says when
// it is there, and waits to be ended.
#include <unistd.h>

#include <cstdio>

int main() {
    std::puts("ready");
    std::fflush(stdout);
    ::pause();
}
