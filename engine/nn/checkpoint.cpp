#include "engine/nn/internal/checkpoint.hpp"

#include <system_error>

#include <fmt/format.h>

namespace fusion::nn {

namespace {

std::string best_name(std::size_t i) { return fmt::format("best.{}", i); }

}  // namespace

Status save_checkpoint(const Checkpoint& checkpoint, const std::filesystem::path& file) {
    const std::filesystem::path beside = file.string() + ".part";
    try {
        torch::serialize::OutputArchive archive, network, optimiser;
        checkpoint.network.save(network);
        checkpoint.optimiser.save(optimiser);
        archive.write("network", network);
        archive.write("optimiser", optimiser);
        archive.write("progress", c10::IValue(checkpoint.progress));
        for (std::size_t i = 0; i < checkpoint.best.size(); ++i)
            archive.write(best_name(i), checkpoint.best[i], /*is_buffer=*/true);
        archive.save_to(beside.string());
    } catch (const std::exception& error) {
        return fail(Error::Code::io,
                    fmt::format("cannot write the checkpoint {}: {}; is the disk full, or the "
                                "folder not yours?",
                                beside.string(), error.what()));
    }
    std::error_code problem;
    std::filesystem::rename(beside, file, problem);
    if (problem)
        return fail(Error::Code::io, fmt::format("cannot rename {} to {}: {}", beside.string(),
                                                 file.string(), problem.message()));
    return {};
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
