"""Starting anew: the program ends as it always does, and then becomes the one that is current."""

import atexit

from PySide6.QtCore import QCoreApplication

from twocan.install.programs import Programs, start


def restart(programs: Programs | None = None) -> None:
    """End the program, and begin again with the version that waits. From Qt's thread.

    The very last thing that happens in this process is that it becomes another: by then all is
    put away, nobody is signed in, and no thread runs any more.
    """
    stable = (programs or Programs.of_this_person()).stable
    atexit.register(start, stable, [])
    QCoreApplication.exit()
