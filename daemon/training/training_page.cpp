#include "daemon/training/training_page.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include <boost/asio/io_context.hpp>

#include "daemon/panel/panel.hpp"
#include "daemon/training/line_maker.hpp"
#include "daemon/training/training_files.hpp"
#include "engine/base/realtime_contract.hpp"
#include "engine/base/semaphore.hpp"
#include "osc/web/http_server.hpp"

namespace fusion {

using namespace std::chrono_literals;

namespace {

std::int64_t steady_ns() {
    return std::chrono::nanoseconds{std::chrono::steady_clock::now().time_since_epoch()}.count();
}

}  // namespace

struct TrainingPage::Parts {
    TrainingAccount account;
    boost::asio::io_context io{1};
    std::uint16_t port = 0;
    std::atomic<bool> ends{false};
    mutable std::atomic<std::int64_t> asked_at{0};  // steady, ns: when a page asked last
    Semaphore wake;                                 // of the one who composes
    std::thread server, composer;

    [[nodiscard]] HttpAnswer answer(const HttpRequest& request) const;
    void serve(std::uint16_t wanted, std::promise<Status> opened);
    void compose();
};

HttpAnswer TrainingPage::Parts::answer(const HttpRequest& request) const {
    if (request.path == "/training.json") {
        asked_at.store(steady_ns(), std::memory_order_relaxed);  // a time: no partner
        HttpAnswer answer{200, "application/json", account.as_json()};
        answer.fields.emplace_back("Cache-Control", "no-store");
        return answer;
    }
    return file_answer(request.path == "/" ? "training.html" : request.path.substr(1),
                       training_files(), request);
}

// The server is the control thread of this program: it is made, asked and taken down there.
void TrainingPage::Parts::serve(std::uint16_t wanted, std::promise<Status> opened) {
    set_thread_role(ThreadRole::control);
    auto made = HttpServer::open(io, "127.0.0.1", wanted, "fusion-train");
    if (!made) return opened.set_value(tl::unexpected{made.error()});
    auto& http = **made;
    port = http.port();
    http.add({"/", [this](const HttpRequest& request) { return answer(request); }});
    http.add({"/panel", [](const HttpRequest& request) {
                  const auto name = request.path.substr(std::min<std::size_t>(
                      request.path.size(), std::string_view{"/panel/"}.size()));
                  return file_answer(name, panel_files(), request);
              }});
    opened.set_value({});
    io.run();
}

void TrainingPage::Parts::compose() {
    // A thread of its own in Linux' eyes; what trains has the cores.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
    for (std::uint64_t seed = 1;;) {
        const bool is_last = ends.load(std::memory_order_relaxed);
        const auto bundle = account.take_written();
        if (bundle.empty()) {
            if (is_last) return;
            wake.wait_for(500ms);
            continue;
        }
        if (auto line = compose_with(bundle, seed++))
            account.line(std::move(*line));
        else
            account.says("no line was composed: " + line.error().message);
    }
}

Result<std::unique_ptr<TrainingPage>> TrainingPage::open(std::uint16_t port) {
    auto parts = std::make_unique<Parts>();
    std::promise<Status> promise;
    auto opened = promise.get_future();
    parts->server = std::thread{[&parts = *parts, port, promise = std::move(promise)]() mutable {
        parts.serve(port, std::move(promise));
    }};
    if (auto open = opened.get(); !open) {
        parts->server.join();
        return tl::unexpected{open.error()};
    }
    parts->composer = std::thread{[&parts = *parts] { parts.compose(); }};
    return std::unique_ptr<TrainingPage>{new TrainingPage{std::move(parts)}};
}

TrainingPage::TrainingPage(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

TrainingPage::~TrainingPage() {
    parts_->ends.store(true, std::memory_order_relaxed);
    parts_->wake.post();
    parts_->composer.join();
    // Who looks on shall see how it ended.
    const std::chrono::nanoseconds ago{steady_ns() -
                                       parts_->asked_at.load(std::memory_order_relaxed)};
    if (ago < 3s) std::this_thread::sleep_for(1500ms);
    parts_->io.stop();
    parts_->server.join();
}

TrainingAccount& TrainingPage::account() { return parts_->account; }
std::uint16_t TrainingPage::port() const { return parts_->port; }

}  // namespace fusion
