// SPDX-License-Identifier: MIT
/// Makes operations up: invocations whose arguments mostly mean something, messages, and plain noise.
#pragma once

#include "coverage.hpp"
#include "methods.hpp"
#include "model.hpp"
#include "page.hpp"
#include "tests/support/random.hpp"

namespace fuzz {

/// An operation, and what it counts as.
struct Made {
    Operation operation;
    Kind counts_as;
};

class Generator {
public:
    explicit Generator(Random& random) : random_{random} {}

    /// An operation for a worker whose CSpace is as `model` has it.
    [[nodiscard]] auto make(Model const& model) -> Made;
    /// A word: a slot, a small number, a special one, or anything.
    [[nodiscard]] auto word() -> std::uint64_t;
    /// Where a thread can be started.
    [[nodiscard]] auto loop() -> std::uint64_t;

private:
    /// The CNodes that an operation has in mind, and the type it makes.
    struct Context {
        Model const& model;
        Node const& to;
        Node const& from;
        Node const& pivot;
        ObjectType made;
        bool exact; ///< no argument is to be wrong: the report is made with these, too
    };

    [[nodiscard]] auto invocation(Model const& model) -> Made;
    [[nodiscard]] auto message(Model const& model) -> Made;
    [[nodiscard]] auto noise() -> Made;
    [[nodiscard]] auto argument(Context const& context, Parameter const& parameter) -> std::uint64_t;
    [[nodiscard]] auto place(Context const& context, Meaning meaning) -> std::uint64_t;
    [[nodiscard]] auto number(Meaning meaning) -> std::uint64_t;
    [[nodiscard]] auto object_size(ObjectType type) -> std::uint64_t;
    [[nodiscard]] auto address() -> std::uint64_t;

    Random& random_;
};

} // namespace fuzz
