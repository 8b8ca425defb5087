// SPDX-License-Identifier: MIT
/// Reads a manifest with the code of init and libos: prints each component with what its startup page says,
/// or what they find wrong.
#include "components/init/manifest.hpp"
#include "os/startup.hpp"

#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

namespace {

/// A copy with the alignment that a page has.
auto print_startup(std::string_view name, std::span<std::byte const> bytes) -> bool {
    std::vector<std::uint64_t> page((bytes.size() + 7) / 8);
    std::memcpy(page.data(), bytes.data(), bytes.size());
    auto const view = os::StartupView::create(std::as_bytes(std::span{page}).first(bytes.size()));
    if (!view) {
        std::cout << name << ": wrong startup page\n";
        return false;
    }
    std::cout << name << " " << view->text(view->info().name);
    for (auto const& port : view->used_ports()) {
        std::cout << " uses:" << view->text(port.name);
    }
    for (auto const& session : view->sessions()) {
        std::cout << " serves:" << view->text(session.client);
    }
    for (auto const& device : view->devices()) {
        std::cout << " drives:" << view->text(device.name);
    }
    for (auto const& parameter : view->parameters()) {
        std::cout << " knows:" << view->text(parameter.name);
    }
    for (auto const& argument : view->arguments()) {
        std::cout << " argument:" << view->text(argument);
    }
    std::cout << "\n";
    return true;
}

auto print_component(init::Manifest const& manifest, std::size_t index) -> bool {
    if (!manifest.check(index)) {
        std::cout << index << ": init refuses this component\n";
        return false;
    }
    auto const component = manifest.component(index);
    std::cout << manifest.binary(component) << " ";
    return print_startup(manifest.name(index), manifest.startup(component));
}

} // namespace

auto main(int, char** arguments) -> int {
    std::ifstream stream{arguments[1], std::ios::binary};
    std::vector<char> const file{std::istreambuf_iterator<char>{stream}, {}};
    auto const manifest = init::Manifest::read(std::as_bytes(std::span{file}));
    if (!manifest || !manifest->check_init()) {
        std::cout << "init refuses the manifest\n";
        return 1;
    }
    bool good = print_startup("init", manifest->init_startup());
    for (std::size_t index = 0; index < manifest->component_count(); ++index) {
        good = print_component(*manifest, index) && good;
    }
    return good ? 0 : 1;
}
