"""What is inside the frozen program in the place of some of Python's modules, as source.

Each is imported by something that is inside, and then asked for nothing, or for no more than what
stands here. What would have been asked of the real one fails here, rather than going another way.
What only the real ones import is left out by ``freezing.UNUSED``.
"""

from collections.abc import Mapping

_DEPRECATED = """
def deprecated(*_words, **_options):
    return lambda thing: thing
"""

_DECIMAL = """
class Decimal:
    def __new__(cls, *_arguments):
        raise NotImplementedError("there are no decimal numbers inside")
"""

STAND_INS: Mapping[str, str] = {
    # They document others, which nobody reads inside a program.
    "numpy._core._add_newdocs": "",
    "numpy._core._add_newdocs_scalars": "",
    # Nobody masks arrays here; unique and median ask whether one is. And the real one loads only
    # where others have their docstrings.
    "numpy.ma": "def isMaskedArray(array): return False\nis_masked = isMaskedArray\n",
    # keyring stands on packages that can fetch and unpack archives, and iterate in 150 ways: it
    # wants a decorator of each. The second of these is for Python 3.11, the first for newer ones.
    "tarfile": "data_filter = None\n",
    "backports.tarfile": "data_filter = None\n",
    "urllib.request": "",
    "more_itertools": "",
    # Since Python 3.10 its own can do what keyring asks of the package, which it is the model for.
    "keyring.compat.py312": "import importlib.metadata as metadata\n",
    # pyOpenSSL marks some functions with it, and would warn who writes programs.
    "typing_extensions": _DEPRECATED,
    # slixmpp offers it to a plugin that stays out.
    "slixmpp.thirdparty.gnupg": "GPG = None\n",
    # html.escape, which is all that is asked of html, needs none of the 2,231 names.
    "html.entities": "html5 = {}\n",
    # fractions and statistics ask of a number whether it is one; none is.
    "decimal": _DECIMAL,
}
"""By the name of the module."""
