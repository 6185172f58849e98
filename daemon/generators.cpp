#include "daemon/generators.hpp"

#include <fmt/format.h>

#include "daemon/bundle_place.hpp"
#include "engine/base/log.hpp"
#include "engine/model/ngram_generator.hpp"
#ifdef FUSION_WITH_TORCH
#include "engine/nn/networks.hpp"
#include "engine/nn/torch_generator.hpp"
#endif

namespace fusion {
namespace {

#ifdef FUSION_WITH_TORCH
Started<std::unique_ptr<Generator>> make_neural(const Bundle& bundle, DeviceKind device) {
    if (bundle.tensors.empty()) {
        log::warning("this bundle has no networks: its n-gram tables play alone");
        return nullptr;
    }
    const auto choice = device == DeviceKind::cpu    ? DeviceChoice::cpu
                        : device == DeviceKind::cuda ? DeviceChoice::cuda
                                                     : DeviceChoice::automatic;
    auto made = make_torch_generator(bundle, choice);
    if (made) return std::move(*made);
    const auto code = made.error().code == Error::Code::malformed ? ExitCode::bundle
                      : device == DeviceKind::cuda                ? ExitCode::unavailable
                                                                  : ExitCode::failed;
    return refuse(code, made.error().message);
}
#else
Started<std::unique_ptr<Generator>> make_neural(const Bundle&, DeviceKind device) {
    if (device == DeviceKind::cuda)
        return refuse(ExitCode::unavailable,
                      "--device cuda: this build has no LibTorch; build with "
                      "-DFUSION_WITH_TORCH=ON against a CUDA LibTorch, or use --device auto");
    log::warning("this build has no LibTorch: the bundle's n-gram tables play alone");
    return nullptr;
}
#endif

}  // namespace

Started<Bundle> open_bundle(const Config& config) {
    const auto place = bundle_place(config.bundle_path);
    auto bundle = load_bundle(place);
    if (!bundle) {
        const auto code =
            bundle.error().code == Error::Code::malformed ? ExitCode::bundle : ExitCode::not_found;
        return refuse(code, bundle.error().message);
    }
    if (bundle->genres.empty())
        return refuse(ExitCode::bundle,
                      fmt::format("bundle {}: it has no genres; train one with fusion-train",
                                  place.string()));
#ifdef FUSION_WITH_TORCH
    complete_older(*bundle);
#endif
    return std::move(*bundle);
}

Started<Generators> make_generators(const Bundle& bundle, DeviceKind device) {
    if (bundle.band.empty())
        log::info("this bundle has no band: the line plays alone; fusion-train band gives it one");
    auto neural = make_neural(bundle, device);
    if (!neural) return tl::unexpected{neural.error()};
    return Generators{std::move(*neural), make_ngram_generator(bundle),
                      make_ngram_generator(bundle)};
}

}  // namespace fusion
