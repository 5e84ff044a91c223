# Fetches what cryptography.crates lists into $FILES: binary packages of Debian, from the servers that
# this machine's apt asks, in other suites than the machine runs. Trusted for the checksums alone.
set -euo pipefail

cd "$FILES"
if sha256sum --check --status --ignore-missing "$RECIPES/cryptography.crates" &&
    awk '{ print $2 }' "$RECIPES/cryptography.crates" | xargs ls >/dev/null 2>&1; then
    exit
fi
apt="$TMPDIR/apt"
mkdir -p "$apt/lists"
: >"$apt/status"
mapfile -t servers < <(
    apt-get indextargets --format '$(REPO_URI)' "Created-By: Packages" "Label: Debian" | sort -u
)
for server in "${servers[@]}"; do
    printf '%s\n' "Types: deb" "URIs: $server" "Suites: sid forky trixie" "Components: main" \
        "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg" ""
done >"$apt/debian.sources"
private=(
    --quiet=2 "-oDir::Etc::sourcelist=$apt/debian.sources" -oDir::Etc::sourceparts=/dev/null
    "-oDir::State::lists=$apt/lists" "-oDir::State::status=$apt/status" "-oDir::Cache=$apt"
    -oAcquire::Languages=none -oAPT::Sandbox::User=root
)
apt-get "${private[@]}" update
# librust-asn1-dev_0.24.1-1_amd64.deb is librust-asn1-dev=0.24.1-1
mapfile -t wanted < <(sed -E 's/^[0-9a-f]+  ([^_]+)_([^_]+)_.*/\1=\2/' "$RECIPES/cryptography.crates")
apt-get "${private[@]}" download "${wanted[@]}"
sha256sum --check --quiet "$RECIPES/cryptography.crates"
