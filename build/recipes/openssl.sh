# One OpenSSL for all: Python's ssl and hashlib, cryptography, libsrtp.
#
# Small where speed does not matter: what codes and hashes in bulk is assembler. Left out is what
# neither TLS 1.2 and 1.3, DTLS, nor our own code needs; what Python's modules of any Linux are linked
# to stays (compression's functions, the methods of old protocols). `no-module`: it loads no plug-in of
# the system, which might be built for another OpenSSL.
#
# Debian's patches mend what was found since the release. One stays out: it has OpenSSL find its own
# functions by their names, bigger and slower, in case that a program brings others of these names.
#
# Nothing is thrown through it, so no tables are needed that tell how: they are a tenth of it.
#
# Certificates: /usr/lib/ssl is Debian's and its descendants' folder.
set -euo pipefail

tar -xf "$FILES/openssl_$VERSION.debian.tar.xz"
while read -r each; do
    [ "$each" = no-symbolic.patch ] || patch --quiet -p1 <debian/patches/"$each"
done <debian/patches/series

unset CFLAGS CXXFLAGS LDFLAGS  # the compiler's command line becomes a part of the library
./Configure linux-x86_64 --prefix=/usr --libdir=lib --openssldir=/usr/lib/ssl shared \
    no-docs no-tests no-apps no-module no-zlib no-quic no-cmp no-cms no-ts no-ct no-ssl3 \
    no-ssl3-method no-weak-ssl-ciphers no-ml-kem no-ml-dsa no-slh-dsa no-aria no-camellia no-cast \
    no-seed no-idea no-bf no-rc2 no-rc4 no-rc5 no-sm2 no-sm3 no-sm4 no-mdc2 no-whirlpool no-gost \
    no-srp no-afalgeng no-capieng no-padlockeng no-dynamic-engine no-siphash no-http no-rfc3779 \
    no-ec2m no-sctp no-argon2 no-legacy \
    -g0 -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections \
    -Wl,--gc-sections -Wl,-O1 -Wl,-s
sed -i 's/ -O3 / -Os /' Makefile
make -j"$JOBS" build_libs
make install_dev DESTDIR="$PREFIX/staged"
cp -a "$PREFIX"/staged/usr/. "$PREFIX"/
rm -r "$PREFIX"/staged "$PREFIX"/lib/*.a
sed -i "s|^prefix=/usr$|prefix=$PREFIX|" "$PREFIX"/lib/pkgconfig/*.pc
