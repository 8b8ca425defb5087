// SPDX-License-Identifier: MIT
/// Programs of random operations, most of which make sense: clients that call, servers that answer.
#pragma once

#include "hash.hpp"
#include "world.hpp"

namespace differential {

/// Fills a worker's page. Pre: the worker waits at its gate, or will be started anew.
void write_program(Random& random, Mood mood, Worker const& worker);

} // namespace differential
