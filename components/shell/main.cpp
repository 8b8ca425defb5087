// SPDX-License-Identifier: MIT
/// The wiring of the shell: its ports behind the interfaces that the commands use.
#include "components/shell/remote.hpp"
#include "components/shell/shell.hpp"
#include "generated/env.hpp"

namespace {

struct Main {
    explicit Main(Env& env)
        : terminal{env.console()},
          files{env.vfs()},
          clock{env.timer(), terminal},
          machine{env.board(), env.process(), env.memory(), env.hello()},
          shell{{.terminal = terminal, .files = files, .clock = clock, .machine = machine}, env.prompt()} {}

    shell::RemoteTerminal terminal;
    shell::RemoteFiles files;
    shell::RemoteClock clock;
    shell::RemoteMachine machine;
    shell::Shell shell;
};

} // namespace

void os::main(Env& env) {
    Main main{env};
    main.shell.run();
}
