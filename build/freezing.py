"""What goes into the frozen program and what stays out, by name, each with the reason.

``installer.spec`` hands over what PyInstaller found, ``Entry`` by ``Entry``. Nothing here knows of
PyInstaller's own types.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

from linking import HOST, Entry
from stand_ins import STAND_INS as STAND_INS

# --- Python's modules ----------------------------------------------------------------------------

BY_NAME: Mapping[str, tuple[str, ...]] = {
    "everywhere": (
        "mss",  # twocan.media.pictures.filming.screens asks for it when a screen is shown
        "slixmpp.plugins.xep_0198",  # slixmpp imports what is registered with it
    ),
    # twocan.desk.safe loads them by their names.
    "linux": (
        "keyring.backends.SecretService",
        "keyring.backends.kwallet",
        "keyring.backends.libsecret",
    ),
    "win32": ("cv2_enumerate_cameras", "keyring.backends.Windows", "winreg"),
    "darwin": ("cv2_enumerate_cameras", "keyring.backends.macOS"),
}
"""Modules that nothing imports in words that PyInstaller can read, by ``sys.platform``."""

UNUSED: Mapping[str, str] = {
    "tools that only developers use": """
        IPython _pytest doctest hypothesis idlelib lib2to3 mypy pdb bdb cmd code codeop pip
        pip._vendor pkg_resources profile cProfile pstats pydoc pydoc_data pygments pytest ruff
        setuptools _distutils_hack test trace turtle turtledemo unittest venv ensurepip distutils
        """,
    "protocols that a phone does not speak": """
        cgi cgitb ftplib imaplib mailbox nntplib poplib smtpd smtplib telnetlib wsgiref
        xmlrpc webbrowser netrc
        """,
    "no terminal, no other window, no other database": """
        _curses curses readline tkinter _tkinter dbm _dbm _gdbm
        """,
    "processes of Python's own: aiortc only asks how many processors there are": """
        _multiprocessing _posixshmem concurrent.futures.process multiprocessing.connection
        multiprocessing.dummy multiprocessing.forkserver multiprocessing.heap
        multiprocessing.managers multiprocessing.pool multiprocessing.popen_fork
        multiprocessing.popen_forkserver multiprocessing.popen_spawn_posix
        multiprocessing.popen_spawn_win32 multiprocessing.queues multiprocessing.resource_sharer
        multiprocessing.resource_tracker multiprocessing.shared_memory multiprocessing.sharedctypes
        multiprocessing.spawn multiprocessing.synchronize multiprocessing.util
        """,
    "parts of NumPy that neither we nor aiortc and OpenCV reach": """
        numpy.f2py numpy.distutils numpy.testing numpy.conftest numpy._pyinstaller
        numpy.polynomial numpy.ma.core numpy.ma.extras numpy.ma.mrecords numpy.ctypeslib numpy.rec
        numpy.typing.mypy_plugin numpy.array_api numpy._core.tests numpy.core numpy.random
        numpy._core.defchararray numpy._core.strings numpy.char numpy.matlib numpy.strings
        """,
    "what only those import that others stand in for (stand_ins.py)": """
        _compression _decimal backports.tarfile.compat getpass gzip http.cookiejar
        importlib_metadata mimetypes more_itertools.more more_itertools.recipes urllib.error
        urllib.response zipp
        """,
    "asked for by who uses Python's modules in ways that nobody does here": """
        _bootsubprocess _py_abc _uuid ctypes._aix email._header_value_parser email.contentmanager
        email.headerregistry email.policy pprint py_compile sqlite3.dump tracemalloc
        xml.etree.ElementInclude xml.sax
        """,
    "frozen into Python's own library, from where they are loaded": """
        importlib._bootstrap importlib._bootstrap_external zipimport
        """,
    "only for recording and playing by aiortc itself, and what other loops and tools bring": """
        aiortc.contrib av.datasets av.__main__ uvloop trio anyio curio
        sniffio dns.quic dns._trio_backend dns.dnssecalgs dns.asyncquery dns.asyncresolver
        dns._asyncio_backend httpx h2 httpcore pyximport Cython cffi.setuptools_ext pycparser
        cffi.cparser cffi.recompiler cffi.verifier cffi.vengine_cpy cffi.vengine_gen PIL
        """,
    "what nobody asks a neighbour for (RFC 6762), which is all that dnspython is for here": """
        dns.rdtypes.ANY.AFSDB dns.rdtypes.ANY.AMTRELAY dns.rdtypes.ANY.AVC dns.rdtypes.ANY.CAA
        dns.rdtypes.ANY.CERT dns.rdtypes.ANY.CSYNC dns.rdtypes.ANY.DSYNC dns.rdtypes.ANY.EUI48
        dns.rdtypes.ANY.EUI64 dns.rdtypes.ANY.GPOS dns.rdtypes.ANY.HIP dns.rdtypes.ANY.ISDN
        dns.rdtypes.ANY.KEY dns.rdtypes.ANY.L32 dns.rdtypes.ANY.L64 dns.rdtypes.ANY.LOC
        dns.rdtypes.ANY.LP dns.rdtypes.ANY.NID dns.rdtypes.ANY.OPENPGPKEY dns.rdtypes.ANY.RP
        dns.rdtypes.ANY.SMIMEA dns.rdtypes.ANY.SSHFP dns.rdtypes.ANY.TKEY dns.rdtypes.ANY.TLSA
        dns.rdtypes.ANY.URI dns.rdtypes.ANY.X25 dns.rdtypes.IN.APL dns.rdtypes.IN.DHCID
        dns.rdtypes.IN.IPSECKEY dns.rdtypes.IN.KX dns.rdtypes.IN.NAPTR dns.rdtypes.IN.NSAP
        dns.rdtypes.IN.NSAP_PTR dns.rdtypes.IN.PX dns.rdtypes.IN.WKS dns.rdtypes.euibase
        dns.rdtypes.tlsabase
        """,
    "Qt's parts that the window does not use": """
        PySide6.QtNetwork PySide6.QtDBus PySide6.QtOpenGL PySide6.QtOpenGLWidgets PySide6.QtQml
        PySide6.QtQuick PySide6.QtPrintSupport PySide6.QtSql PySide6.QtTest PySide6.QtXml
        PySide6.QtDesigner PySide6.QtHelp PySide6.QtConcurrent PySide6.QtUiTools PySide6.scripts
        """,
    "what Python has in C as well, and packers that its shutil looks for": """
        _pydecimal _pyio bz2 _bz2 lzma _lzma _sysconfigdata__linux_x86_64-linux-gnu
        _sysconfigdata__x86_64-linux-gnu
        """,
    "encodings of East Asia's old systems; ours is UTF-8 throughout": """
        _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _multibytecodec
        encodings.big5 encodings.big5hkscs encodings.cp932 encodings.cp949 encodings.cp950
        encodings.euc_jis_2004 encodings.euc_jisx0213 encodings.euc_jp encodings.euc_kr
        encodings.gb18030 encodings.gb2312 encodings.gbk encodings.hz encodings.iso2022_jp
        encodings.iso2022_jp_1 encodings.iso2022_jp_2 encodings.iso2022_jp_2004
        encodings.iso2022_jp_3 encodings.iso2022_jp_ext encodings.iso2022_kr encodings.johab
        encodings.shift_jis encodings.shift_jis_2004 encodings.shift_jisx0213
        """,
    "Python's own tests, and devices of other times": """
        _ctypes_test _testbuffer _testcapi _testclinic _testimportmultiple _testinternalcapi
        _testmultiphase _xxsubinterpreters _xxtestfuzz ossaudiodev audioop nis spwd _crypt crypt
        _lsprof xxlimited xxlimited_35 aifc chunk sndhdr sunau imghdr
        """,
    "OpenCV's graphs, and its types for checkers": """
        cv2.gapi cv2.mat_wrapper cv2.misc cv2.typing cv2.utils
        """,
}
"""Modules that stay out although something imports them where it can, by the reason."""

UNUSED_ON: Mapping[str, str] = {
    "linux": """
        twocan.install.macos twocan.install.windows twocan.install.windows_programs
        asyncio.proactor_events asyncio.windows_events asyncio.windows_utils ctypes.macholib
        ctypes.wintypes ifaddr._win32 mss.darwin
        encodings.cp037 encodings.cp1026 encodings.cp1125 encodings.cp1140 encodings.cp273
        encodings.cp424 encodings.cp500 encodings.cp720 encodings.cp737 encodings.cp775
        encodings.cp852 encodings.cp855 encodings.cp856 encodings.cp857 encodings.cp858
        encodings.cp860 encodings.cp861 encodings.cp862 encodings.cp863 encodings.cp864
        encodings.cp865 encodings.cp866 encodings.cp869 encodings.cp875 encodings.hp_roman8
        encodings.mac_arabic encodings.mac_croatian encodings.mac_cyrillic encodings.mac_farsi
        encodings.mac_greek encodings.mac_iceland encodings.mac_latin2 encodings.mac_roman
        encodings.mac_romanian encodings.mac_turkish encodings.palmos
        keyring.backends.Windows keyring.backends.macOS mss.windows nturl2path
        psutil._psaix psutil._psbsd psutil._psosx psutil._pssunos psutil._pswindows
        """,
    "win32": "keyring.backends.macOS mss.darwin mss.linux",
    "darwin": "keyring.backends.Windows mss.linux mss.windows",
}
"""Modules for other systems, by ``sys.platform``."""

PLAIN = ("slixmpp.jid",)
"""Modules that there are twice, compiled and in Python: inside is the latter. The former is 0.9 MB
that saves microseconds a message."""

_OUR_PLUGINS = {"base", "xep_0198"}

HOOKS: Mapping[str, Collection[str]] = {
    # They take 30 ms of each start. PySide6 finds its plugins beside it, as in its wheel; nothing
    # asks inspect or pkgutil for files, forks, or uses OpenSSL's legacy algorithms.
    "linux": (),
    "win32": ("pyi_rth_pyside6",),  # puts the folder of OpenSSL's and Qt's libraries on the path
    "darwin": ("pyi_rth_pyside6",),  # a bundle has its libraries elsewhere than the wheel has
}
"""Of what PyInstaller would run before the program, what it does run."""


def runs(script: str, platform: str) -> bool:
    """Whether this script runs when the program starts."""
    return not script.startswith("pyi_rth_") or script in HOOKS[platform]


def named(platform: str) -> list[str]:
    """The modules that are inside although nothing imports them by name."""
    return [*BY_NAME["everywhere"], *BY_NAME[platform]]


def excluded(platform: str) -> list[str]:
    """The modules that stay out."""
    import slixmpp.plugins

    unused = [name for names in (*UNUSED.values(), UNUSED_ON[platform]) for name in names.split()]
    return unused + unused_plugins(each.name for each in iter_modules(slixmpp.plugins.__path__))


def plain() -> list[Entry]:
    """``PLAIN``, as PyInstaller notes modules."""
    found = []
    for name in PLAIN:
        package, _, module = name.rpartition(".")
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        found.append((name, str(Path(spec.origin).with_name(f"{module}.py")), "PYMODULE"))
    return found


def unused_plugins(plugins: Iterable[str]) -> list[str]:
    """Those of all of slixmpp's plugins that stay out: we register one."""
    return sorted(f"slixmpp.plugins.{each}" for each in plugins if each not in _OUR_PLUGINS)


# --- Files ---------------------------------------------------------------------------------------

_LANGUAGES = "ar|de|es|zh_CN"

MOVED = {"cv2/cv2.abi3.so": "cv2.abi3.so"}
"""Where files are inside that would be elsewhere: OpenCV's library is imported without its loader,
which looks for it in a folder, on all of the path."""

OUT: Mapping[str, tuple[tuple[str, str], ...]] = {
    "everywhere": (
        (rf"PySide6/(Qt/)?translations/(?!qtbase_({_LANGUAGES})\.qm)", "not a language of ours"),
        (r"PySide6/((Qt/)?qml|Qt/libexec|support|typesystems|glue|include)/", "for who builds Qt"),
        (r"numpy/_core/_(\w+_tests|simd)\.", "NumPy's own tests"),
        (r"slixmpp/jid\.", "its module in Python does the same"),
        (r"(?!(keyring|slixmpp)-).*\.dist-info/", "only keyring and slixmpp ask for it"),
        (r".*\.dist-info/(?!METADATA|entry_points\.txt)", "how it was installed"),
        (r".*\.(pyi|pxd|pyx|c|h|cpp|hpp|md|rst)$|.*py\.typed$", "for compilers and type checkers"),
    ),
    "linux": (
        (
            r"PySide6/Qt/plugins/(?!platforms/libqxcb\.so|iconengines/libqsvgicon\.so"
            r"|platforminputcontexts/lib(compose|ibus)platforminputcontextplugin\.so)",
            "plugins of Qt's for what the window does not do",
        ),
        (r"cv2/(?!cv2\.abi3\.so)", "OpenCV's loader: its library is a module by itself"),
    ),
    "win32": (
        (
            r"PySide6/plugins/(?!platforms/qwindows\.dll|iconengines/qsvgicon\.dll|styles/)",
            "plugins of Qt's for what the window does not do",
        ),
        (r"(PySide6/)?opengl32sw\.dll", "Qt's own OpenGL: the window paints without"),
        (r"cv2/opencv_videoio_ffmpeg\w*\.dll", "OpenCV's own FFmpeg: files are PyAV's business"),
    ),
    "darwin": (
        (
            r"PySide6/Qt/plugins/(?!platforms/libqcocoa\.|iconengines/libqsvgicon\.|styles/)",
            "plugins of Qt's for what the window does not do",
        ),
    ),
}
"""Files that stay out, by ``sys.platform``: patterns of their names, each with the reason."""


def reason(name: str, platform: str) -> str | None:
    """Why this file stays out; None: it does not. ``name``: inside, with slashes."""
    if platform == "linux" and HOST.fullmatch(name):
        return "every desktop has it"
    rules = (*OUT["everywhere"], *OUT[platform])
    return next((why for pattern, why in rules if re.match(pattern, name)), None)


def chosen(files: Iterable[Entry], platform: str) -> list[Entry]:
    """Those that do not stay out, under the names that they have inside."""
    kept = (entry for entry in files if not reason(entry[0].replace("\\", "/"), platform))
    return [(MOVED.get(name, name), source, kind) for name, source, kind in kept]


def assets(root: Path, key: Path | None) -> list[tuple[str, str]]:
    """The repository's files that the program reads, with the folders that they are in inside.

    ``key``: the public half of the key that releases are signed with, where there is one.
    """
    folder = root / "assets"
    signs = [*folder.glob("*.svg"), folder / "twocan.desktop"]
    found = [(str(each), "assets") for each in sorted(signs)]
    for kind, suffix in (("icons", "svg"), ("translations", "qm")):
        files = sorted((folder / kind).glob(f"*.{suffix}"))
        found += [(str(each), f"assets/{kind}") for each in files]
    return found + ([(str(key), "assets")] if key else [])


def of_others(inside: Iterable[Entry], ours: Collection[Path]) -> list[Path]:
    """Where everything inside is from that is in none of our own folders."""
    found = (Path(source) for _, source, kind in inside if kind != "SYMLINK")
    return [each for each in found if not set(ours) & set(each.parents) and each.is_file()]
