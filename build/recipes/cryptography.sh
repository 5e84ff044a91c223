# cryptography over our OpenSSL, instead of with a second one in it.
#
# It is written in Rust. The crates that it needs come out of Debian's packages of them, where each
# is the source as its makers released it; some are older than the ones that cryptography asks for,
# and do. Any Rust since 1.83 will do.
set -euo pipefail

bash "$RECIPES/cryptography.fetch.sh"
while read -r _ package; do
    dpkg-deb --extract "$FILES/$package" crates
done <"$RECIPES/cryptography.crates"

mkdir .cargo
cat >.cargo/config.toml <<END
[net]
offline = true
[source.crates-io]
replace-with = "debian"
[source.debian]
directory = "$SOURCE/crates/usr/share/cargo/registry"
END
rm Cargo.lock
sed -i -E \
    -e 's/^base64 = .*/base64 = "0.22"/' \
    -e 's/^cc = .*/cc = "1"/' \
    -e 's/^pem = .*/pem = { version = "3", default-features = false }/' \
    -e 's/^pyo3 = .*/pyo3 = { version = "0.28", features = ["abi3-py311"] }/' \
    -e 's/^pyo3-build-config = .*/pyo3-build-config = "0.28"/' Cargo.toml
sed -i '/^locked = true$/d' pyproject.toml
# This pyo3 cannot be asked yet for which Python it builds: it is the limited interface, any of 3.11
# and newer.
perl -0pi -e 's/^use pyo3_build_config::\{.*?\};\n//m;
    s/match config\.target_abi\(\)\.kind\(\) \{.*?\n    \}\n/build.define("Py_LIMITED_API", "0x030b00f0");\n/s' \
    src/rust/cryptography-cffi/build.rs
grep -q 0x030b00f0 src/rust/cryptography-cffi/build.rs

# Our OpenSSL has no plug-ins, of which its old ciphers are one.
export OPENSSL_DIR="$PREFIX" OPENSSL_NO_VENDOR=1 CRYPTOGRAPHY_BUILD_OPENSSL_NO_LEGACY=1
export CARGO_HOME="$TMPDIR/cargo" CARGO_BUILD_JOBS="$JOBS"
export CARGO_PROFILE_RELEASE_OPT_LEVEL=s CARGO_PROFILE_RELEASE_LTO=fat
export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 CARGO_PROFILE_RELEASE_STRIP=symbols
# What a panic would say of this machine's folders is of no use to anybody.
export RUSTFLAGS="--remap-path-prefix=$SOURCE=. -Clink-arg=-Wl,--gc-sections -Clink-arg=-Wl,--as-needed"
# The folder that all libraries lie in. Rust's own linker knows no LD_RUN_PATH.
RUSTFLAGS+=" -Clink-arg=-Wl,-rpath,\$ORIGIN/../../.."
"$PYTHON" -m pip wheel --no-deps --no-build-isolation -w "$WHEELS" .

"$PYTHON" -m pip install --no-index --no-deps --target "$TMPDIR/trial" "$WHEELS"/*.whl
LD_LIBRARY_PATH="$PREFIX/lib" PYTHONPATH="$TMPDIR/trial" "$PYTHON" -c \
    "from cryptography.hazmat.bindings._rust import openssl; print(openssl.openssl_version_text())"
