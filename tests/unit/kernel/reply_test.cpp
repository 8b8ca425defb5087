// SPDX-License-Identifier: MIT
/// Reply objects: callers that are answered later.
#include "kernel_test.hpp"

#include "kernel/object/reply.hpp"
#include "kernel/object/sched_context.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kEndpoint = kFree;
constexpr CPtr kFirst = kFree + 1;
constexpr CPtr kSecond = kFree + 2;
constexpr CPtr kServer = kFree + 10;
constexpr CPtr kClient = kFree + 20;
constexpr CPtr kOtherClient = kFree + 30;
using os::object::Reply;

class ReplyTest : public KernelTest {
protected:
    ReplyTest() {
        make(ObjectType::Endpoint, kEndpoint);
        make(ObjectType::Reply, kFirst, 0, 2);
        server = &make_thread(kServer, kHigh);
        receive(kEndpoint);
    }
    /// A thread that calls; the server runs then.
    auto make_caller(CPtr at) -> Tcb& {
        auto& client = make_thread(at, kHigh - 1);
        if (current() == &main_thread()) {
            yield();
        }
        EXPECT_EQ(current(), &client);
        call(kEndpoint, 1);
        EXPECT_EQ(current(), server);
        return client;
    }
    auto label(Tcb const& thread) { return received(thread).message.tag.label(); }
    auto refusal_of(Tcb const& thread) { return os::refusal(received(thread).message); }

    Tcb* server;
};

TEST_F(ReplyTest, KeptCallersAreAnsweredInAnyOrder) {
    auto& one = make_caller(kClient);
    EXPECT_EQ(error(Reply{kFirst}.save()), Error::None);
    receive(kEndpoint);
    auto& two = make_caller(kOtherClient);
    EXPECT_EQ(error(Reply{kSecond}.save()), Error::None);
    send(kSecond, 22);
    EXPECT_EQ(two.state, ThreadState::Running);
    EXPECT_EQ(label(two), 22U);
    EXPECT_EQ(one.state, ThreadState::AwaitingReply);
    system_call(abi::Syscall::NBSend, kFirst, {abi::MessageTag{11, 0}, {}});
    EXPECT_EQ(label(one), 11U);
}

TEST_F(ReplyTest, AnswersOnce) {
    auto& client = make_caller(kClient);
    EXPECT_EQ(error(Reply{kFirst}.save()), Error::None);
    send(kFirst, 1);
    send(kFirst, 2);
    EXPECT_EQ(label(client), 1U);
    EXPECT_EQ(object<kernel::Reply>(kFirst).caller, nullptr);
}

TEST_F(ReplyTest, SaveWithoutACallerIsNoError) {
    EXPECT_EQ(error(Reply{kFirst}.save()), Error::None);
    EXPECT_EQ(object<kernel::Reply>(kFirst).caller, nullptr);
}

TEST_F(ReplyTest, OccupiedReplyIsNotOverwritten) {
    make_caller(kClient);
    EXPECT_EQ(error(Reply{kFirst}.save()), Error::None);
    receive(kEndpoint);
    auto& two = make_caller(kOtherClient);
    EXPECT_EQ(error(Reply{kFirst}.save()), Error::DeleteFirst);
    EXPECT_EQ(server->caller, &two);
    EXPECT_EQ(error(Reply{kSecond}.save()), Error::None);
}

TEST_F(ReplyTest, AbortEndsTheCall) {
    auto& client = make_caller(kClient);
    EXPECT_EQ(error(Reply{kFirst}.save()), Error::None);
    EXPECT_EQ(error(Reply{kFirst}.abort()), Error::None);
    EXPECT_EQ(refusal_of(client), Error::Aborted);
    EXPECT_EQ(error(Reply{kFirst}.abort()), Error::None) << "nobody is there";
}

TEST_F(ReplyTest, DeletingTheReplyEndsTheCall) {
    auto& client = make_caller(kClient);
    EXPECT_EQ(error(Reply{kFirst}.save()), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kFirst)), Error::None);
    EXPECT_EQ(refusal_of(client), Error::Aborted);
}

TEST_F(ReplyTest, DeletingTheServerSparesKeptCallers) {
    auto& client = make_caller(kClient);
    EXPECT_EQ(error(Reply{kFirst}.save()), Error::None);
    receive(kEndpoint);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kServer)), Error::None);
    EXPECT_EQ(client.state, ThreadState::AwaitingReply);
    send(kFirst, 3);
    EXPECT_EQ(label(client), 3U);
}

TEST_F(ReplyTest, DeletingTheCallerEmptiesTheReply) {
    make_caller(kClient);
    EXPECT_EQ(error(Reply{kFirst}.save()), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kClient)), Error::None);
    EXPECT_EQ(object<kernel::Reply>(kFirst).caller, nullptr);
    send(kFirst, 3);
}

TEST_F(ReplyTest, LentContextGoesBackWhenTheServerTurnsToSomethingElse) {
    auto& client = make_caller(kClient);
    auto& context = object<SchedContext>(kClient + 1);
    EXPECT_EQ(error(Reply{kFirst}.save()), Error::None);
    EXPECT_EQ(context.runner, server);
    receive(kEndpoint);
    EXPECT_EQ(context.runner, &client);
    EXPECT_EQ(server->context, server->own);
    EXPECT_EQ(current(), &main_thread());
}

} // namespace
} // namespace kernel::test
