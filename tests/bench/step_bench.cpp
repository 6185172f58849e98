// µs per step of the neural generator for several numbers of genres, beside the time to read the
// same weights once from memory in the same run; and where a step's time goes: the streams' half
// (phase 1 and LSTM of every genre), and the head's half, which is all that a turned weight costs.
//
// The weights are random and of the shipped sizes: speed does not depend on their values.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/histogram.hpp"
#include "engine/base/log.hpp"
#include "engine/nn/blas_core.hpp"
#include "engine/nn/torch_generator.hpp"
#include "tests/support/random_bundle.hpp"

namespace fusion {
namespace {

constexpr std::size_t kVocabulary = 500;

template <class Work>
Micros timed(Work&& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::round<Micros>(std::chrono::steady_clock::now() - begin);
}

std::size_t weight_bytes(const Bundle& bundle) {
    std::size_t values = 0;
    for (const auto& [name, tensor] : bundle.tensors) values += tensor.values.size();
    return values * sizeof(float);
}

// Reads `bytes` from memory, not from the cache: the copies together are far larger than any.
Histogram::Summary memory_floor(std::size_t bytes, std::size_t rounds) {
    constexpr std::size_t kAllCopies = 512ULL << 20U;
    const std::size_t copies = std::max<std::size_t>(2, kAllCopies / bytes);
    std::vector<std::vector<std::uint64_t>> blocks(copies,
                                                   std::vector<std::uint64_t>(bytes / 8, 1));
    Histogram times;
    std::uint64_t sum = 0;
    for (std::size_t r = 0; r < rounds; ++r) {
        const auto& block = blocks[r % copies];
        times.record(
            timed([&] { sum += std::accumulate(block.begin(), block.end(), std::uint64_t{0}); }));
    }
    if (sum == 0) std::cerr << "";  // the sum is used, so the reading is not optimised away
    return times.summary();
}

nlohmann::json json_of(const Histogram::Summary& s) {
    return {{"p50_us", s.p50.count()},
            {"p99_us", s.p99.count()},
            {"p999_us", s.p999.count()},
            {"max_us", s.max.count()}};
}

struct Measured {
    Histogram::Summary whole, head, floor;
};

Result<Measured> measure(std::size_t genres, DeviceChoice device, std::uint32_t steps) {
    const auto bundle = random_bundle(genres, 1, kVocabulary);
    auto made = make_torch_generator(bundle, device);
    if (!made) return tl::unexpected{made.error()};
    Generator& generator = **made;
    Histogram whole;
    Histogram head;
    StepRequest request;
    for (std::size_t g = 0; g < genres; ++g)
        request.blend.share[g] = 1.0F / static_cast<float>(genres);
    for (std::uint32_t i = 0; i < steps; ++i) {
        request.index = i;
        request.position = static_cast<std::uint8_t>(std::size_t{i} * 6 % kBarPositions);
        Status failed;
        const auto once = [&] {
            if (auto event = generator.generate(request); !event)
                failed = tl::unexpected{event.error()};
        };
        whole.record(timed(once));
        generator.rollback(i);
        head.record(timed(once));
        if (!failed) return tl::unexpected{failed.error()};
        generator.forget_before(i);
    }
    return Measured{whole.summary(), head.summary(), memory_floor(weight_bytes(bundle), 200)};
}

int run(int argc, char** argv) {
    CLI::App app{"µs per step of the neural generator, beside the time to read its weights once"};
    std::string json_file;
    std::string device_name = "cpu";
    std::uint32_t steps = 1000;
    app.add_option("--json", json_file, "also write the figures here");
    app.add_option("--device", device_name, "cpu or cuda")->check(CLI::IsMember({"cpu", "cuda"}));
    app.add_option("--steps", steps, "steps per number of genres")->check(CLI::PositiveNumber);
    CLI11_PARSE(app, argc, argv);
    const auto device = device_name == "cuda" ? DeviceChoice::cuda : DeviceChoice::cpu;
    log::set_level(log::Level::warning);

    nlohmann::json all;
    fmt::print("one step, vocabulary {}, {}, µs\n", kVocabulary, device_name);
    fmt::print("{:>7} {:>8} {:>8} {:>8} | {:>14} {:>9} | {:>10} {:>7}\n", "genres", "p50", "p99",
               "max", "head alone p50", "p99", "floor p50", "times");
    for (const std::size_t genres : {1, 2, 5, 16}) {
        const auto measured = measure(genres, device, steps);
        if (!measured) {
            fmt::print(stderr, "{}\n", measured.error().message);
            return 1;
        }
        const auto& [whole, head, floor] = *measured;
        fmt::print("{:>7} {:>8} {:>8} {:>8} | {:>14} {:>9} | {:>10} {:>7.2f}\n", genres,
                   whole.p50.count(), whole.p99.count(), whole.max.count(), head.p50.count(),
                   head.p99.count(), floor.p50.count(),
                   static_cast<double>(whole.p50.count()) /
                       static_cast<double>(std::max<std::int64_t>(1, floor.p50.count())));
        auto row = json_of(whole);
        row["head"] = json_of(head);
        row["floor"] = json_of(floor);
        all[std::to_string(genres)] = row;
    }
    if (!json_file.empty() && !(std::ofstream{json_file} << all.dump(2) << '\n')) {
        fmt::print(stderr, "{}: cannot be written\n", json_file);
        return 1;
    }
    return 0;
}

}  // namespace
}  // namespace fusion

int main(int argc, char** argv) {
    fusion::choose_blas_core(argv);
    return fusion::run(argc, argv);
}
