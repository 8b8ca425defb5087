// SPDX-License-Identifier: MIT
#include "kernel/sched/lending.hpp"

#include "kernel/object/wait_queue.hpp"

namespace kernel::lending {
namespace {

/// The thread has nothing borrowed any more.
void return_to_own(Tcb& thread) {
    thread.lender = nullptr;
    thread.borrower = nullptr;
    thread.context = thread.own;
}

/// The thread, and all to whom it has lent, go on with its own context.
void go_on_with_own(Tcb& thread) {
    auto& own = *thread.own;
    thread.lender = nullptr;
    for (auto* user = &thread; user != nullptr; user = user->borrower) {
        user->context = &own;
        own.runner = user;
        wait_queue::reorder(*user);
    }
    Core::update(own);
}

} // namespace

void lend(Tcb& from, Tcb& to) {
    auto* const own = to.own;
    from.borrower = &to;
    to.lender = &from;
    to.context = from.context;
    from.context->runner = &to;
    if (own != nullptr && own->state == SchedContext::State::Ready) {
        Core::update(*own);
    }
    Core::update(*from.context);
}

void give_back(Tcb& borrower) {
    auto& lender = *borrower.lender;
    auto& context = *borrower.context;
    lender.borrower = nullptr;
    context.runner = &lender;
    return_to_own(borrower);
    Core::update(context);
}

void take_back(Tcb& lender) {
    auto& context = *lender.context;
    Core::hold(*context.runner);
    auto* borrower = lender.borrower;
    lender.borrower = nullptr;
    context.runner = &lender;
    while (borrower != nullptr && borrower->own == nullptr) {
        auto* const next = borrower->borrower;
        return_to_own(*borrower);
        wait_queue::reorder(*borrower);
        borrower = next;
    }
    if (borrower != nullptr) {
        go_on_with_own(*borrower);
    }
    Core::update(context);
}

void leave(Tcb& thread) {
    if (thread.borrower != nullptr) {
        take_back(thread);
    }
    if (thread.lender != nullptr) {
        give_back(thread);
        update(thread);
    }
}

void bind(SchedContext& context, Tcb& thread) {
    context.owner = &thread;
    context.runner = &thread;
    thread.own = &context;
    if (thread.context == nullptr) {
        thread.context = &context;
        wait_queue::reorder(thread);
        Core::update(context);
    }
}

void unbind(SchedContext& context) {
    auto& thread = *context.owner;
    if (thread.context == &context) {
        Core::hold(thread);
        if (thread.borrower != nullptr) {
            take_back(thread);
        }
        thread.context = nullptr;
        wait_queue::reorder(thread);
    }
    thread.own = nullptr;
    context.owner = nullptr;
    context.runner = nullptr;
    Core::update(context);
}

} // namespace kernel::lending
