# VP8, for speed: it codes every picture of a call. Shared, because FFmpeg and the phone use it.
#
# The assembler (nasm) is where the speed comes from; which of it runs is found out at the start.
set -euo pipefail

mkdir made
cd made
unset CFLAGS CXXFLAGS LDFLAGS  # its configure has the better ones, and takes no others
../configure --prefix=/usr --target=x86_64-linux-gcc --as=nasm \
    --enable-shared --disable-static --enable-pic --enable-runtime-cpu-detect \
    --enable-vp8 --disable-vp9-encoder --disable-vp9-decoder \
    --disable-examples --disable-tools --disable-docs --disable-unit-tests \
    --disable-webm-io --disable-libyuv --disable-debug-libs --disable-install-docs
make -j"$JOBS"
make install DESTDIR="$PREFIX/staged"
cp -a "$PREFIX"/staged/usr/. "$PREFIX"/
rm -r "$PREFIX"/staged
sed -i "s|^prefix=/usr$|prefix=$PREFIX|" "$PREFIX"/lib/pkgconfig/vpx.pc
strip --strip-unneeded "$PREFIX"/lib/libvpx.so.*.*.*
