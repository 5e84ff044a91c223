# PortAudio over ALSA alone: sound servers are reached through ALSA's own plug-ins.
set -euo pipefail

CFLAGS="$CFLAGS -Os" ./configure --prefix="$PREFIX" --with-alsa --without-jack --without-oss \
    --enable-shared --disable-static --disable-cxx
make -j"$JOBS" lib/libportaudio.la
make install
