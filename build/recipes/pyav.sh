# PyAV over our FFmpeg. It asks FFmpeg for the work: small counts here, not speed.
set -euo pipefail

# Signatures and descriptions are for people at a prompt.
sed -i 's/"embedsignature": True/"embedsignature": False/' setup.py
sed -i '1i from Cython.Compiler import Options; Options.docstrings = False' setup.py
printf '[build_ext]\nparallel = %s\n' "$JOBS" >>setup.cfg

export CFLAGS="$CFLAGS -Os -Wno-error" LDFLAGS="$LDFLAGS -L$PREFIX/lib"
export LDSHARED="cc -shared"  # Python's own may name a folder of this machine
export LD_RUN_PATH="\$ORIGIN/..:\$ORIGIN/../.."  # the folder that all libraries lie in
"$PYTHON" -m pip wheel --no-deps --no-build-isolation -w "$WHEELS" .
