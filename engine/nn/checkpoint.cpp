#include "engine/nn/internal/checkpoint.hpp"

#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <torch/serialize/archive.h>

#include "engine/base/whole_file.hpp"

namespace fusion::nn {

namespace {

std::string best_name(std::size_t i) { return fmt::format("best.{}", i); }

}  // namespace

Status save_checkpoint(const Checkpoint& checkpoint, const std::filesystem::path& file) {
    std::vector<std::uint8_t> bytes;
    try {
        torch::serialize::OutputArchive archive, network, optimiser;
        checkpoint.network.save(network);
        checkpoint.optimiser.save(optimiser);
        archive.write("network", network);
        archive.write("optimiser", optimiser);
        archive.write("progress", c10::IValue(checkpoint.progress));
        for (std::size_t i = 0; i < checkpoint.best.size(); ++i)
            archive.write(best_name(i), checkpoint.best[i], /*is_buffer=*/true);
        archive.save_to([&bytes](const void* piece, std::size_t size) {
            const auto* first = static_cast<const std::uint8_t*>(piece);
            bytes.insert(bytes.end(), first, first + size);
            return size;
        });
    } catch (const std::exception& error) {
        return fail(Error::Code::io, fmt::format("cannot make the checkpoint {}: {}; train with a "
                                                 "smaller network, or on a machine of more memory",
                                                 file.string(), error.what()));
    }
    return write_file(file, bytes);
}

Status load_checkpoint(Checkpoint checkpoint, const std::filesystem::path& file) {
    if (!std::filesystem::exists(file))
        return fail(Error::Code::not_found, fmt::format("there is no {}", file.string()));
    try {
        torch::serialize::InputArchive archive, network, optimiser;
        archive.load_from(file.string());
        archive.read("network", network);
        archive.read("optimiser", optimiser);
        checkpoint.network.load(network);
        checkpoint.optimiser.load(optimiser);
        c10::IValue progress;
        archive.read("progress", progress);
        checkpoint.progress = progress.toStringRef();
        std::vector<torch::Tensor> best(checkpoint.network.parameters().size());
        for (std::size_t i = 0; i < best.size(); ++i)
            archive.read(best_name(i), best[i], /*is_buffer=*/true);
        checkpoint.best = std::move(best);
    } catch (const std::exception& error) {
        return fail(Error::Code::malformed,
                    fmt::format("{} is no checkpoint of this network ({}): delete it, or choose "
                                "another --work folder",
                                file.string(), error.what()));
    }
    return {};
}

}  // namespace fusion::nn
