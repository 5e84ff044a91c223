# pylibsrtp with libsrtp in it, over our OpenSSL.
set -euo pipefail

export CFLAGS="$CFLAGS -Os -I$PREFIX/include" LDFLAGS="$LDFLAGS -L$PREFIX/lib"
export LDSHARED="cc -shared"  # Python's own may name a folder of this machine
export LD_RUN_PATH="\$ORIGIN/.."  # the folder that all libraries lie in
"$PYTHON" -m pip wheel --no-deps --no-build-isolation -w "$WHEELS" .
