// SPDX-License-Identifier: MIT
/// The program's one copy of what its parts share.
#include "runtime.hpp"

#include "heap_region.hpp"

namespace os {

constinit Runtime runtime;
constinit HeapRegion heap_region;

} // namespace os
