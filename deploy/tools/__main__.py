"""`python -m deploy.tools NAME [ARGUMENTS…]`: runs a tool, fetching it first when it is not there."""

import os
import sys

from deploy.tools.fetch import TOOLS, ToolMissing, tool

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in TOOLS:
        sys.exit(f"usage: python -m deploy.tools {{{','.join(TOOLS)}}} [ARGUMENTS…]")
    try:
        program = tool(sys.argv[1])
    except ToolMissing as missing:
        sys.exit(str(missing))
    os.execv(program, [str(program), *sys.argv[2:]])
