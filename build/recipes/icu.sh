# A stand-in for ICU, and proof that Qt finds in it all that it asks for.
#
# Which of its libraries a function is in does not matter to Qt: each has all of them.
set -euo pipefail

mkdir -p "$PREFIX/lib"
for library in libicudata.so.73 libicui18n.so.73 libicuuc.so.73; do
    # shellcheck disable=SC2086 # several words each
    ${CC:-cc} $CFLAGS -Os -std=c11 -Wall -Wextra -Wno-unused-parameter -shared $LDFLAGS \
        -Wl,-soname,"$library" -o "$PREFIX/lib/$library" "$RECIPES/icu.c"
done
"$PYTHON" "$RECIPES/icu.py" "$PREFIX/lib"
