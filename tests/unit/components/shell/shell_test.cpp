// SPDX-License-Identifier: MIT
/// Every command, typed and read as a person would; every message for what cannot be done.
#include "components/shell/shell.hpp"

#include "tests/unit/components/shell/fake_system.hpp"

#include <gtest/gtest.h>

#include <random>

namespace {

constexpr unsigned kTriesOfALostConsole = 20; ///< what `FakeTerminal` without lines is

class ShellTest : public testing::Test {
protected:
    /// What the terminal shows after a line.
    auto type(std::string_view line) -> std::string {
        terminal.shown.clear();
        shell.execute(line);
        return terminal.shown;
    }

    shell_test::FakeTerminal terminal{};
    shell_test::FakeFiles files{};
    shell_test::FakeClock clock{};
    shell_test::FakeMachine machine{};
    shell::Shell shell{{.terminal = terminal, .files = files, .clock = clock, .machine = machine}, "tarn"};
};

TEST_F(ShellTest, GreetsPromptsAndGoesOn) {
    terminal.lines = {"cd tmp", std::unexpected(shell::NoLine::Interrupted), "nope",
                      std::unexpected(shell::NoLine::Busy), std::unexpected(shell::NoLine::EndOfInput)};
    shell.run();
    EXPECT_EQ(terminal.prompts.front(), "tarn:/$ ");
    EXPECT_EQ(terminal.prompts.back(), "tarn:/tmp$ ");
    EXPECT_EQ(terminal.prompts.size(), 5U + kTriesOfALostConsole);
    EXPECT_EQ(terminal.shown, "Tarn on desk. Type help for the commands, exit to turn the machine off.\n"
                              "nope: there is no such command; help lists them all\n"
                              "exit turns the machine off\n");
}

TEST_F(ShellTest, WaitsForAConsoleThatComesBack) {
    terminal.lines = {std::unexpected(shell::NoLine::Gone), std::unexpected(shell::NoLine::Gone),
                      "echo back"};
    auto const before = clock.time;
    shell.run();
    EXPECT_TRUE(terminal.shown.ends_with("back\n"));
    EXPECT_EQ(terminal.prompts.size(), 3U + kTriesOfALostConsole);
    EXPECT_EQ(clock.time - before, (2 + kTriesOfALostConsole) * 500'000'000ULL);
}

TEST_F(ShellTest, EmptyLinesDoNothing) {
    EXPECT_EQ(type(""), "");
    EXPECT_EQ(type("   # a remark"), "");
}

TEST_F(ShellTest, HelpListsEveryCommand) {
    auto const text = type("help");
    for (auto const* const name :
         {"help", "echo",  "ls",     "cd",  "pwd", "cat",   "mkdir",   "rm",    "cp",   "mv",
          "stat", "sleep", "uptime", "mem", "ps",  "hello", "history", "clear", "exit", "poweroff"}) {
        EXPECT_NE(text.find("\n" + std::string{name}), text.starts_with(name) ? 0 : std::string::npos)
            << name;
    }
    EXPECT_EQ(type("help pwd"), "pwd  prints where you are\n");
    EXPECT_EQ(type("help nope"), "help: nope: there is no such command\n");
}

TEST_F(ShellTest, Echo) {
    EXPECT_EQ(type("echo hello   world"), "hello world\n");
    EXPECT_EQ(type("echo"), "\n");
    EXPECT_EQ(type("echo -n 'a  b'"), "a  b");
}

TEST_F(ShellTest, ListsDirectories) {
    EXPECT_EQ(type("ls"), "boot/  dev/  tmp/\n");
    EXPECT_EQ(type("ls /boot"), "bin/  readme\n");
    EXPECT_EQ(type("ls -l /boot /dev/null"),
              "/boot:\nd  1  bin/\n-  8  readme\n/dev/null:\nc  0  /dev/null\n");
    EXPECT_EQ(type("ls /nope"), "ls: /nope: not found\n");
    EXPECT_EQ(type("ls /nope /dev"), "ls: /nope: not found\n/dev:\nnull  zero\n");
    EXPECT_EQ(type("ls /tmp"), "");
    type("echo 12345678901 > /tmp/long");
    type("mkdir /tmp/d");
    EXPECT_EQ(type("ls -l /tmp"), "d   0  d/\n-  12  long\n");
}

TEST_F(ShellTest, RefusesOptionsThatItDoesNotHave) {
    EXPECT_EQ(type("ls -la"), "ls: there is no option -la; usage: ls [-l] [PATH...]\n");
    EXPECT_EQ(type("rm -r -f /tmp"), "rm: there is no option -f; usage: rm [-r] PATH...\n");
    EXPECT_EQ(type("mkdir -p /tmp/a"), "mkdir: there is no option -p; usage: mkdir DIRECTORY...\n");
    EXPECT_EQ(type("mkdir /tmp/-p"), "");
    EXPECT_EQ(type("cd tmp"), "");
    EXPECT_EQ(type("ls ./-p -"), "./-p:\nls: -: not found\n");
    EXPECT_EQ(type("echo -n -x"), "-x");
    EXPECT_EQ(type("echo -x"), "-x\n");
}

TEST_F(ShellTest, ChangesDirectory) {
    EXPECT_EQ(type("pwd"), "/\n");
    EXPECT_EQ(type("cd boot/bin"), "");
    EXPECT_EQ(type("pwd"), "/boot/bin\n");
    EXPECT_EQ(type("cd ../.."), "");
    EXPECT_EQ(type("pwd"), "/\n");
    EXPECT_EQ(type("cd boot/readme"), "cd: boot/readme: not a directory\n");
    EXPECT_EQ(type("cd nope"), "cd: nope: not found\n");
    type("cd tmp");
    type("cd");
    EXPECT_EQ(type("pwd"), "/\n");
}

TEST_F(ShellTest, CatPrintsFiles) {
    EXPECT_EQ(type("cat /boot/readme /boot/readme"), "read me\nread me\n");
    EXPECT_EQ(type("cat /nope"), "cat: /nope: not found\n");
    EXPECT_EQ(type("cat /boot"), "cat: /boot: is a directory\n");
}

TEST_F(ShellTest, CatWithoutFilesTakesWhatIsTyped) {
    terminal.lines = {"one", "two", std::unexpected(shell::NoLine::EndOfInput)};
    type("cat > /tmp/typed");
    EXPECT_EQ(type("cat /tmp/typed"), "one\ntwo\n");
}

TEST_F(ShellTest, ControlCEndsAnEndlessCat) {
    terminal.interrupt_after = 5;
    EXPECT_FALSE(type("cat /dev/zero").empty());
}

TEST_F(ShellTest, Redirects) {
    EXPECT_EQ(type("echo one > /tmp/f"), "");
    EXPECT_EQ(type("echo two >> /tmp/f"), "");
    EXPECT_EQ(type("cat /tmp/f"), "one\ntwo\n");
    type("echo three > /tmp/f");
    EXPECT_EQ(type("cat /tmp/f"), "three\n");
    type("ls / > /tmp/list");
    EXPECT_EQ(type("cat /tmp/list"), "boot/\ndev/\ntmp/\n");
    EXPECT_EQ(type("echo a > /boot/x"), "/boot/x: read-only\n");
    EXPECT_EQ(type("echo a > /tmp"), "/tmp: is a directory\n");
    EXPECT_EQ(type("echo 'a"), "a ' is not closed\n");
}

TEST_F(ShellTest, MakesAndRemovesDirectories) {
    EXPECT_EQ(type("mkdir /tmp/a /tmp/a/b"), "");
    EXPECT_EQ(type("mkdir /tmp/a"), "mkdir: /tmp/a: exists already\n");
    EXPECT_EQ(type("mkdir /tmp/x/y"), "mkdir: /tmp/x/y: not found\n");
    EXPECT_EQ(type("mkdir"), "mkdir: usage: mkdir DIRECTORY...\n");
    EXPECT_EQ(type("rm /tmp/a"), "rm: /tmp/a: not empty\n");
    type("echo x > /tmp/a/b/c");
    EXPECT_EQ(type("rm -r /tmp/a"), "");
    EXPECT_EQ(type("rm /tmp/a"), "rm: /tmp/a: not found\n");
    EXPECT_EQ(type("rm /boot/readme"), "rm: /boot/readme: read-only\n");
    EXPECT_EQ(type("rm /"), "rm: /: read-only\n");
    EXPECT_EQ(type("rm -r"), "rm: there is no path behind -r\n");
}

TEST_F(ShellTest, RemovesTreesHoweverDeep) {
    type("cd /tmp");
    for (int depth = 0; depth < 100; ++depth) {
        EXPECT_EQ(type("mkdir d e"), "") << depth;
        EXPECT_EQ(type("cd d"), "");
    }
    type("cd /tmp");
    EXPECT_EQ(type("rm -r d"), "");
    EXPECT_EQ(type("ls"), "e/\n");
    EXPECT_EQ(type("rm -r /boot"), "rm: /boot: read-only\n");
    EXPECT_EQ(type("cat /boot/readme"), "read me\n");
}

TEST_F(ShellTest, Copies) {
    EXPECT_EQ(type("cp /boot/readme /tmp"), "");
    EXPECT_EQ(type("cat /tmp/readme"), "read me\n");
    EXPECT_EQ(type("cp /tmp/readme /tmp/b"), "");
    EXPECT_EQ(type("cat /tmp/b"), "read me\n");
    EXPECT_EQ(type("cp /tmp/b /tmp/./b"), "cp: /tmp/b: is the same file as /tmp/./b\n");
    EXPECT_EQ(type("cp /nope /tmp"), "cp: /nope: not found\n");
    EXPECT_EQ(type("cp /boot /tmp/c"), "cp: /boot: is a directory\n");
    EXPECT_EQ(type("cp /tmp/b /boot"), "cp: /boot: read-only\n");
    EXPECT_EQ(type("cp a"), "cp: usage: cp FROM TO\n");
}

TEST_F(ShellTest, ACopyThatDoesNotFitIsRemoved) {
    EXPECT_EQ(type("cp /dev/zero /tmp/big"), "cp: /tmp/big: no space left\n");
    EXPECT_EQ(type("ls /tmp"), "");
}

TEST_F(ShellTest, Moves) {
    type("echo text > /tmp/a");
    type("mkdir /tmp/d");
    EXPECT_EQ(type("mv /tmp/a /tmp/b"), "");
    EXPECT_EQ(type("mv /tmp/b /tmp/d"), "");
    EXPECT_EQ(type("cat /tmp/d/b"), "text\n");
    EXPECT_EQ(type("mv /tmp/nope /tmp/x"), "mv: /tmp/nope to /tmp/x: not found\n");
    EXPECT_EQ(type("mv /tmp/d /tmp/d/e"), "mv: /tmp/d to /tmp/d/e: not a path that can be used here\n");
    EXPECT_EQ(type("mv /tmp/d/b /dev/null"), "");
    EXPECT_EQ(type("ls /tmp/d"), "");
    EXPECT_EQ(type("mv /boot/readme /tmp"), "mv: /boot/readme to /tmp: read-only\n");
}

TEST_F(ShellTest, Stat) {
    type("echo hello > /tmp/f");
    EXPECT_EQ(type("stat /tmp/f"), "path      /tmp/f\nkind      file\nsize      6 bytes\n"
                                   "modified  2.500 s after the start\nwritable  yes\n");
    EXPECT_EQ(type("stat /nope"), "stat: /nope: not found\n");
    EXPECT_NE(type("stat /boot").find("modified  before the start"), std::string::npos);
}

TEST_F(ShellTest, TimeCommands) {
    EXPECT_EQ(type("uptime"), "up 1 min 1.5 s\n");
    EXPECT_EQ(type("sleep 0.5"), "");
    EXPECT_EQ(type("uptime"), "up 1 min 2.0 s\n");
    EXPECT_EQ(type("sleep soon"), "sleep: soon: not a number of seconds\n");
}

TEST_F(ShellTest, Overviews) {
    EXPECT_EQ(type("ps"), "NAME     BINARY   STATE      PRIORITY  CORE   MEMORY\n"
                          "console  console  receiving       220     0    1 MiB\n"
                          "hello    hello    failed            9     0  1.5 KiB\n");
    EXPECT_EQ(type("mem"), "NAME     STARTED WITH  ALLOCATED   QUOTA\n"
                           "console         1 MiB      4 KiB  16 MiB\n"
                           "hello         1.5 KiB          -       -\nfree: 100 MiB\n");
}

TEST_F(ShellTest, Hello) {
    EXPECT_EQ(type("hello world"), "Hello, world! (greeting number 3)\n");
    machine.hello_connected = false;
    EXPECT_EQ(type("hello"), "hello: not connected in system.yaml\n");
}

TEST_F(ShellTest, HistoryClearAndExit) {
    type("echo a");
    type("  \t ");
    EXPECT_EQ(type("history"), "1  echo a\n2  history\n");
    EXPECT_EQ(type("clear"), "\x1b[H\x1b[2J");
    EXPECT_EQ(type("exit"), "exit: not allowed\n");
    EXPECT_EQ(type("poweroff now"), "poweroff: usage: poweroff\n");
    for (int count = 0; count < 300; ++count) {
        type("echo");
    }
    EXPECT_EQ(type("history > /tmp/h"), "");
}

TEST_F(ShellTest, RandomLinesNeverStopIt) {
    std::mt19937 random{17};
    constexpr std::array words{"ls",    "cd",   "cat",  "rm",  "-r",        "cp",        "mv",
                               "mkdir", "stat", "echo", ">",   ">>",        "/tmp",      "/tmp/a",
                               "a",     "..",   ".",    "/",   "/boot/bin", "/dev/null", "'",
                               "\"",    "-l",   "|",    "help"};
    for (int count = 0; count < 20'000; ++count) {
        std::string line;
        for (auto length = random() % 5; length > 0; --length) {
            line.append(words.at(random() % words.size())).append(" ");
        }
        type(line);
    }
    EXPECT_EQ(type("echo alive"), "alive\n");
}

} // namespace
