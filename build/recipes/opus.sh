# Opus, for speed: it codes 50 times a second. Shared, because FFmpeg and the phone itself use it.
#
# The parts that need neural networks are off, as they are in PyAV's wheels.
set -euo pipefail

CFLAGS="$CFLAGS -O3" ./configure --prefix="$PREFIX" --enable-shared --disable-static \
    --disable-extra-programs --disable-doc --enable-rtcd \
    --disable-deep-plc --disable-dred --disable-osce
make -j"$JOBS"
make install
