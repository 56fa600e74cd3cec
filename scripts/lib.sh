# Shared by the scripts: words on the screen, and installing what is missing.
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/.."

step() { printf '\n== %s\n' "$*"; }

fail() {
    printf '\nFAILED: %s\n' "$*" >&2
    exit 1
}

# Runs a command as root: as we are, or by sudo when that needs no password.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() {
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# install PACKAGE...: installs Debian packages, or says in one line what to install.
install() {
    command -v apt-get >/dev/null && can_be_root ||
        fail "please install these first (Debian, Ubuntu: apt-get install $*), then run this again"
    echo "installing: $*"
    local try
    for try in 1 2; do
        if [ "$try" = 2 ] || [ -z "${APT_UPDATED:-}" ]; then
            as_root apt-get update -qq </dev/null || true
            APT_UPDATED=1
        fi
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
            </dev/null >/dev/null && return
    done
    fail "these packages could not be installed: $*"
}

postgres_found() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
        { command -v pg_config >/dev/null && [ -x "$(pg_config --bindir)/initdb" ]; }
}

# What building and running needs: Rust, a C compiler, PostgreSQL's server programs.
need_basics() {
    command -v cargo >/dev/null || fail "Rust is missing: install it from https://rustup.rs (1.94 or newer)"
    local version
    version=$(cargo --version | cut -d' ' -f2)
    [ "$(printf '1.94\n%s\n' "$version" | sort -V | head -1)" = 1.94 ] ||
        fail "Rust $version is too old: run 'rustup update' (1.94 or newer is needed)"
    command -v cc >/dev/null || install gcc libc6-dev
    if [ -z "${DATABASE_URL:-}${WIJZER_PG_BIN:-}" ] && ! postgres_found; then
        install postgresql-common
        # The portal runs a server of its own; Debian need not make and start one beside it.
        as_root sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' \
            /etc/postgresql-common/createcluster.conf
        install postgresql
    fi
}

# Where cargo puts its results.
target_directory() {
    cargo metadata --format-version 1 --no-deps --locked |
        sed 's/.*"target_directory":"\([^"]*\)".*/\1/'
}
