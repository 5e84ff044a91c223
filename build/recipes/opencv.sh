# OpenCV with what build/recipes/opencv.functions lists: cameras through V4L2, JPEG, colours, sizes.
#
# The patch makes the generator of its Python interface leave out all other functions; the linker
# then drops what none of the listed ones needs. Most of the compiling would be for that, so the
# sources of it are not even compiled: a function that one of them has and that is needed after all
# is missed by the import at the end.
#
# Small where speed does not matter. What works on pictures is compiled for AVX2 as well, which is
# chosen when the program runs, and for speed; so is resize.cpp, which has its inner loops in itself.
set -euo pipefail

patch -p1 <"$RECIPES/opencv.patch"

cd opencv/modules
find geometry/src flann/src -name '*.cpp' ! -name main.cpp ! -name flann.cpp -delete
find imgproc/src -name '*.cpp' ! -name 'color*' ! -name 'demosaicing*' ! -name 'resize*' \
    ! -name main.cpp ! -name tables.cpp ! -name utils.cpp -delete
rm imgproc/src/colormap.cpp
sed -i '/^ocv_add_dispatched_file(/{/(color_/!d}' imgproc/CMakeLists.txt
# It would say with which flags it was made, and in which folder.
sed -i 's/^#include "version_string.inc"/""/' core/src/system.cpp
cd "$SOURCE"

options=(
    -G Ninja -DCMAKE_BUILD_TYPE=Release
    -DBUILD_LIST=core,imgproc,imgcodecs,videoio,geometry,flann,python3
    -DCPU_BASELINE=SSE3 -DCPU_DISPATCH=AVX2 "-DCPU_AVX2_FLAGS_ON=-mavx2 -O3" -DCMAKE_SKIP_RPATH=ON
    -DCMAKE_C_FLAGS_RELEASE=-Os -DCMAKE_CXX_FLAGS_RELEASE=-Os
    "-DCMAKE_MODULE_LINKER_FLAGS=$LDFLAGS -Wl,--exclude-libs,ALL"
    -DENABLE_PRECOMPILED_HEADERS=OFF -DENABLE_CCACHE=OFF -DOPENCV_GENERATE_SETUPVARS=OFF
    -DWITH_V4L=ON -DBUILD_JPEG=ON -DBUILD_ZLIB=ON -DWITH_PTHREADS_PF=ON
)
for feature in 1394 ADE AVIF EIGEN FFMPEG FLATBUFFERS FREETYPE GDAL GDCM GPHOTO2 GSTREAMER \
    IMGCODEC_GIF IMGCODEC_HDR IMGCODEC_PFM IMGCODEC_PXM IMGCODEC_SUNRASTER IPP ITT JASPER JPEGXL \
    LAPACK MLAS OBSENSOR ONNXRUNTIME OPENCL OPENEXR OPENJPEG OPENMP PNG PROTOBUF QUIRC SPNG TBB TIFF \
    UEYE UNIFONT VA VA_INTEL VULKAN WEBP ZLIB_NG; do
    options+=("-DWITH_$feature=OFF")
done
for feature in BUILD_OPENEXR BUILD_PROTOBUF CV_TRACE VIDEOIO_ENABLE_PLUGINS; do
    options+=("-D$feature=OFF")
done

CFLAGS="${CFLAGS//-O2/} -Os" CXXFLAGS="${CXXFLAGS//-O2/} -Os"
CMAKE_ARGS="$(printf '%q ' "${options[@]}")"
export CFLAGS CXXFLAGS CMAKE_ARGS
export CMAKE_BUILD_PARALLEL_LEVEL="$JOBS" ENABLE_HEADLESS=1 OPENCV_FUNCTIONS="$RECIPES/opencv.functions"
"$PYTHON" -m pip wheel --no-deps --no-build-isolation -w "$WHEELS" .

"$PYTHON" -m pip install --no-index --no-deps --target "$TMPDIR/trial" "$WHEELS"/*.whl
PYTHONPATH="$TMPDIR/trial" "$PYTHON" -c "import cv2"
