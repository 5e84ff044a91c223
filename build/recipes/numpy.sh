# NumPy without BLAS and LAPACK, of which 20 MB of OpenBLAS come with its own wheels. We multiply no
# matrices: sound is added, multiplied and Fourier transformed, which is NumPy's own code.
#
# Of the ways that a processor may have, two are kept: what every one has since 2009 (X86_V2, the
# least that NumPy knows) and since 2013 (X86_V3, with AVX2). Intel's SVML (sine, exponential … for
# AVX-512) and the sorting for AVX-512 are 2 MB that go unused.
set -euo pipefail

# Nor do we need linear algebra and NumPy's own random numbers, which are 4 MB. Parts of NumPy that are
# always loaded import the former.
cat >numpy/linalg/__init__.py <<END
"""There is no linear algebra in this NumPy."""

__all__ = []


def _absent(*_arguments, **_options):
    raise NotImplementedError("there is no linear algebra in this NumPy")


eigvals = inv = lstsq = matrix_power = pinv = _absent
END
echo "py.install_sources('__init__.py', subdir: 'numpy/linalg')" >numpy/linalg/meson.build
sed -i "/^subdir('random')$/d" numpy/meson.build

export CFLAGS="$CFLAGS -O2" CXXFLAGS="$CXXFLAGS -O2"
"$PYTHON" -m pip wheel --no-deps --no-build-isolation -w "$WHEELS" . \
    -Csetup-args=-Dblas=none -Csetup-args=-Dlapack=none -Csetup-args=-Dallow-noblas=true \
    -Csetup-args=-Dcpu-baseline=X86_V2 -Csetup-args=-Dcpu-dispatch=X86_V3 \
    -Csetup-args=-Ddisable-svml=true -Csetup-args=-Ddisable-intel-sort=true \
    -Csetup-args=-Dbuildtype=release -Csetup-args=-Doptimization=2 \
    -Ccompile-args=-j"$JOBS"

"$PYTHON" -m pip install --no-index --no-deps --target "$TMPDIR/trial" "$WHEELS"/*.whl
cd "$TMPDIR"
PYTHONPATH="$TMPDIR/trial" "$PYTHON" -c "import numpy, numpy.fft; numpy.fft.rfft(numpy.arange(8.0))"
