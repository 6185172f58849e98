// Who looks on while something is trained, beside the terminal: a page, say. It is told what the
// terminal is, and the losses as numbers. What it does with it is its own, and must not take long.
// Thread: the one that trains. Errors: none.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace fusion::train {

struct EpochNews {
    std::string work;  // "phase 1, jazz"
    int epoch = 0;     // from 1
    int epochs = 0;    // at the most
    double training = 0.0;
    double validation = 0.0;  // nats an event, both
};

class Onlooker {
public:
    virtual ~Onlooker() = default;
    virtual void shows(const std::string& work, double share, std::chrono::seconds left,
                       const std::string& note) = 0;
    virtual void says(const std::string& line) = 0;
    virtual void epoch(const EpochNews& news) = 0;
    // A bundle that is whole, to be played.
    virtual void wrote(const std::filesystem::path& bundle) = 0;
    // "done", "stopped", or why not.
    virtual void ended(const std::string& how) = 0;
};

}  // namespace fusion::train
