# libsrtp over our OpenSSL, to be linked into pylibsrtp.
set -euo pipefail

CFLAGS="$CFLAGS -O2" ./configure --prefix="$PREFIX" --enable-openssl --with-openssl-dir="$PREFIX" \
    --disable-shared
make -j"$JOBS" libsrtp2.a
make install
