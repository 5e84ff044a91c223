"""What a person can put right: each error is one line that says what is wrong and what to do."""


class SupernodeError(Exception):
    """Shown as it is, without a traceback; the command ends with exit code 1."""


class UsageError(SupernodeError):
    """The command was called wrongly; it ends with exit code 2."""
