// SPDX-License-Identifier: MIT
/// What the C++ library calls where it would throw. There are no exceptions: each is the end of the
/// component, with the library's own words. With these defined, neither the library's support for exceptions
/// nor the unwinder is linked.
#include "report.hpp"

#include "base/text.hpp"

#include <bits/functexcept.h>
#include <exception>

namespace {

[[noreturn]] void fail(char const* kind, char const* what = "") {
    os::fail_component(base::Text<200>{kind, " ", what}.view());
}

} // namespace

namespace std {

void __throw_bad_exception() { fail("bad exception"); }
void __throw_bad_alloc() { fail("the heap is full: raise it in component.yaml"); }
void __throw_bad_array_new_length() { fail("bad array length"); }
void __throw_bad_cast() { fail("bad cast"); }
void __throw_bad_typeid() { fail("bad typeid"); }
void __throw_logic_error(char const* what) { fail("logic error:", what); }
void __throw_domain_error(char const* what) { fail("domain error:", what); }
void __throw_invalid_argument(char const* what) { fail("invalid argument:", what); }
void __throw_length_error(char const* what) { fail("length error:", what); }
void __throw_out_of_range(char const* what) { fail("out of range:", what); }
void __throw_out_of_range_fmt(char const* format, ...) { fail("out of range:", format); }
void __throw_runtime_error(char const* what) { fail("runtime error:", what); }
void __throw_range_error(char const* what) { fail("range error:", what); }
void __throw_overflow_error(char const* what) { fail("overflow error:", what); }
void __throw_underflow_error(char const* what) { fail("underflow error:", what); }
void __throw_ios_failure(char const* what) { fail("stream failure:", what); }
void __throw_ios_failure(char const* what, int /*error*/) { fail("stream failure:", what); }
void __throw_system_error(int /*error*/) { fail("system error"); }
void __throw_future_error(int /*error*/) { fail("future error"); }
void __throw_bad_function_call() { fail("an empty std::function was called"); }

void terminate() noexcept { fail("std::terminate was called"); }

} // namespace std

// What parts of the library that were compiled with exceptions refer to. Nothing throws, so none is ever
// called. NOLINTBEGIN(readability-identifier-naming, bugprone-reserved-identifier): the ABI's names.
extern "C" {

[[noreturn]] void no_exceptions() { fail("an exception was thrown"); }

[[noreturn, gnu::alias("no_exceptions")]] void __gxx_personality_v0();
[[noreturn, gnu::alias("no_exceptions")]] void __cxa_throw();
[[noreturn, gnu::alias("no_exceptions")]] void __cxa_rethrow();
[[noreturn, gnu::alias("no_exceptions")]] void __cxa_begin_catch();
[[noreturn, gnu::alias("no_exceptions")]] void __cxa_end_catch();
[[noreturn, gnu::alias("no_exceptions")]] void __cxa_get_exception_ptr();
[[noreturn, gnu::alias("no_exceptions")]] void __cxa_call_unexpected();
[[noreturn, gnu::alias("no_exceptions")]] void _Unwind_Resume();

} // extern "C"
// NOLINTEND(readability-identifier-naming, bugprone-reserved-identifier)
