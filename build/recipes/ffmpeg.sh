# FFmpeg with the files that we play and record, and nothing that a patent pool wants money for.
#
# Played: WAV, FLAC, MP3, Ogg, Opus, WebM, Matroska, AVI, Y4M and the MP4 family, with sound in PCM,
# FLAC, MP3, Vorbis and Opus, and pictures in VP8, VP9, Motion JPEG or none. Recorded: WebM with VP8
# and Opus. Cameras give Motion JPEG. PyAV resamples sound through a graph of filters.
set -euo pipefail

list() { local IFS=,; echo "$*"; }

decoders=(
    vp8 vp9 mjpeg rawvideo wrapped_avframe libopus vorbis flac mp3float
    pcm_u8 pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_f32le pcm_f64le pcm_alaw pcm_mulaw
)
encoders=(libopus libvpx_vp8 mjpeg rawvideo wrapped_avframe pcm_s16le)
demuxers=(wav flac mp3 ogg matroska avi yuv4mpegpipe mov)
muxers=(webm matroska ogg opus wav avi yuv4mpegpipe)
parsers=(vp8 vp9 mjpeg opus vorbis flac mpegaudio)
filters=(buffer buffersink abuffer abuffersink aformat format aresample scale anull null)

unset CFLAGS CXXFLAGS LDFLAGS  # its command line becomes a part of the library
./configure --prefix=/usr \
    --disable-everything --disable-autodetect --disable-programs --disable-doc --disable-debug \
    --disable-network --disable-static --enable-shared --enable-pic --enable-libopus --enable-libvpx \
    --enable-decoder="$(list "${decoders[@]}")" --enable-encoder="$(list "${encoders[@]}")" \
    --enable-demuxer="$(list "${demuxers[@]}")" --enable-muxer="$(list "${muxers[@]}")" \
    --enable-parser="$(list "${parsers[@]}")" --enable-filter="$(list "${filters[@]}")" \
    --enable-bsf=vp9_superframe,vp9_superframe_split,opus_metadata,mjpeg2jpeg \
    --enable-protocol=file,pipe --optflags=-O2 \
    --extra-cflags='-ffunction-sections -fdata-sections' \
    --extra-ldflags='-Wl,--gc-sections -Wl,-O1 -Wl,--as-needed'
make -j"$JOBS"
make install DESTDIR="$PREFIX/staged"
cp -a "$PREFIX"/staged/usr/. "$PREFIX"/
rm -r "$PREFIX"/staged
sed -i "s|^prefix=/usr$|prefix=$PREFIX|; s|=/usr/|=$PREFIX/|" "$PREFIX"/lib/pkgconfig/lib{av,sw}*.pc
strip --strip-unneeded "$PREFIX"/lib/lib{av,sw}*.so.*.*.*
