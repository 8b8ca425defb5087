# SPDX-License-Identifier: MIT
"""Entry of `./tarn`: picks the command, and turns every ending into an exit code without a traceback."""

from __future__ import annotations

import os
import sys

from tarn import command_line
from tarn.failure import ExitCode, Failure


def main(words: list[str]) -> int:
    try:
        options = command_line.parse(words)
        return int(options.handler(options))
    except Failure as failure:
        if str(failure):
            print(f"error: {failure}", file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone; keep Python from complaining about it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"error: {where}{error.strerror or error}", file=sys.stderr)
        return ExitCode.FAILED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
