"""The command ``twocan-supernode``: a node, its site API, and what prepares them."""

import argparse
import sys
from collections.abc import Sequence

from twocan_supernode.commands import audit, mint, run, signing_key, site, site_key
from twocan_supernode.errors import SupernodeError, UsageError
from twocan_supernode.site import settings_command

_COMMANDS = {
    "run": run,
    "mint": mint,
    "site": site,
    "site-key": site_key,
    "site-settings": settings_command,
    "signing-key": signing_key,
    "audit": audit,
}

_FAILED, _WRONG_USAGE, _INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 done, 1 it could not be done, 2 wrong usage, 130 Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except UsageError as error:
        return _complain(str(error), _WRONG_USAGE)
    except SupernodeError as error:
        return _complain(str(error), _FAILED)
    except OSError as error:
        return _complain(f"{error.filename or 'system'}: {error.strerror}", _FAILED)
    except KeyboardInterrupt:  # before there was anything to stop
        return _INTERRUPTED
    return 0


def _complain(what: str, code: int) -> int:
    print(f"twocan-supernode: {what}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="twocan-supernode", description="The server side of Twocan.", allow_abbrev=False
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in _COMMANDS.items():
        one = commands.add_parser(
            name, help=module.HELP, description=module.DESCRIPTION, allow_abbrev=False
        )
        module.add_options(one)
    return parser


if __name__ == "__main__":
    sys.exit(main())
