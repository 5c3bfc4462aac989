#!/usr/bin/env bash
# Everything that must hold before a change is taken in, on a machine that has a Rust toolchain and nothing else of ours.
#
# One cold build in the release profile: formatting, lints (which also checks that everything compiles), documentation,
# then all tests with the doctests, with the assertions of our own code and its checks for overflow on. A step that fails
# does not hide what the later ones find; the exit code is 0 only if all of them passed. The last line is the sum over all
# test programs: `N passed, N failed, N skipped`.
#
#   bash tests/run.sh                         everything
#   PROPTEST_CASES=500 bash tests/run.sh      with more random scenarios in the property tests
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export INSTA_UPDATE=no                            # a snapshot that differs fails; none is written
export PROPTEST_CASES="${PROPTEST_CASES:-32}"
export CARGO_TERM_COLOR=never CARGO_NET_RETRY=5
unset UPDATE_DOCS

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=()

# step NAME COMMAND…: says what is done, does it, and remembers what failed.
step() {
    local name=$1 began=$SECONDS
    shift
    printf '\n== %s: %s\n' "$name" "$*"
    if "$@" 2>&1 | tee -a "$log"; then
        printf '== %s: done in %d s\n' "$name" $((SECONDS - began))
    else
        printf '== %s: FAILED after %d s\n' "$name" $((SECONDS - began))
        failed+=("$name")
    fi
}

needs() {
    printf 'tests/run.sh: %s\n' "$1" >&2
    printf '0 passed, 0 failed, 0 skipped\n'
    exit 1
}

command -v cargo >/dev/null || needs 'cargo is missing: install Rust from rustup.rs'
command -v cc >/dev/null || needs 'a C compiler is missing: some crates build C code, and Rust links with it'
cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt || needs 'rustfmt is missing'
cargo clippy --version >/dev/null 2>&1 || rustup component add clippy || needs 'clippy is missing'
printf '%s, %s processors\n' "$(rustc --version)" "$(getconf _NPROCESSORS_ONLN)"

step 'crates' cargo fetch --locked
step 'formatting' cargo fmt --all --check -- --color never
step 'lints' cargo clippy --locked --release --workspace --all-targets -- -D warnings
step 'documentation' env RUSTDOCFLAGS='-D warnings' cargo doc --locked --release --workspace --no-deps
ours=profile.release.package.escalade
checked=(--config "$ours.debug-assertions=true" --config "$ours.overflow-checks=true")
step 'tests' cargo test "${checked[@]}" --locked --release --workspace --no-fail-fast

printf '\n'
grep -F 'test result:' "$log"
for name in "${failed[@]+"${failed[@]}"}"; do
    printf 'FAILED: %s\n' "$name"
done
printf 'in %d min %d s\n' $((SECONDS / 60)) $((SECONDS % 60))
awk '/^test result:/ {
    for (i = 2; i <= NF; i++) {
        if ($i == "passed;") passed += $(i - 1)
        if ($i == "failed;") failed += $(i - 1)
        if ($i == "ignored;") skipped += $(i - 1)
    }
}
END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }' "$log"
[ ${#failed[@]} -eq 0 ]
