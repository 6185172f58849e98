// fusion-train: the command line, and the page that shows a training.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "daemon/training/training_page.hpp"
#include "engine/nn/blas_core.hpp"
#include "engine/train/command_line.hpp"

namespace fusion {
namespace {

// The page with the account that it shows, as who trains sees it.
class ServedPage final : public train::Onlooker {
public:
    explicit ServedPage(std::unique_ptr<TrainingPage> page) : page_{std::move(page)} {}

    void shows(const std::string& work, double share, std::chrono::seconds left,
               const std::string& note) override {
        page_->account().shows(work, share, left, note);
    }
    void says(const std::string& line) override { page_->account().says(line); }
    void epoch(const train::EpochNews& news) override { page_->account().epoch(news); }
    void wrote(const std::filesystem::path& bundle) override { page_->account().wrote(bundle); }
    void ended(const std::string& how) override { page_->account().ended(how); }

private:
    std::unique_ptr<TrainingPage> page_;
};

Result<train::Served> serve(std::uint16_t port) {
    auto page = TrainingPage::open(port);
    if (!page) return tl::unexpected{page.error()};
    auto address = fmt::format("http://127.0.0.1:{}/", (*page)->port());
    return train::Served{std::make_unique<ServedPage>(std::move(*page)), std::move(address)};
}

}  // namespace
}  // namespace fusion

int main(int argc, char** argv) {
    fusion::choose_blas_core(argv);
    try {
        return fusion::train::command_line(argc, argv, fusion::serve);
    } catch (const std::exception& error) {
        fmt::print(stderr, "fusion-train: {}\n", error.what());
        return EXIT_FAILURE;
    }
}
