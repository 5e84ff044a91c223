# NumPy without BLAS and LAPACK, of which 20 MB of OpenBLAS come with its own wheels. We multiply no
# matrices: sound is added, multiplied and Fourier transformed, which is NumPy's own code.
#
# Of the ways that a processor may have, two are kept: what every one has since 2009 (X86_V2, the
# least that NumPy knows) and since 2013 (X86_V3, with AVX2). Intel's SVML (sine, exponential … for
# AVX-512) and the sorting for AVX-512 are 2 MB that go unused.
set -euo pipefail

export CFLAGS="$CFLAGS -O2" CXXFLAGS="$CXXFLAGS -O2"
"$PYTHON" -m pip wheel --no-deps --no-build-isolation -w "$WHEELS" . \
    -Csetup-args=-Dblas=none -Csetup-args=-Dlapack=none -Csetup-args=-Dallow-noblas=true \
    -Csetup-args=-Dcpu-baseline=X86_V2 -Csetup-args=-Dcpu-dispatch=X86_V3 \
    -Csetup-args=-Ddisable-svml=true -Csetup-args=-Ddisable-intel-sort=true \
    -Csetup-args=-Dbuildtype=release -Csetup-args=-Doptimization=2 \
    -Ccompile-args=-j"$JOBS"
