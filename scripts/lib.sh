# Shared by the scripts: words on the screen, and installing what is missing.
# shellcheck shell=bash

HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
# A shell that is no login shell (continuous integration, sudo) misses what rustup added.
PATH=$HOME/.cargo/bin:${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/sbin:/sbin
# A network that stalls must not stall us for ever.
export HOME PATH CARGO_NET_RETRY=4 CARGO_HTTP_TIMEOUT=60

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." >/dev/null || exit

doing="starting"
step() {
    doing=$*
    printf '\n== %s\n' "$*"
}

# Whatever goes wrong, the last line says so. A script may define `cleanup`.
at_exit() {
    local code=$?
    if declare -F cleanup >/dev/null; then cleanup; fi
    if [ "$code" != 0 ]; then
        printf '\nFAILED in "%s"%s\n' "$doing" "${reason:+: $reason}" >&2
    fi
    exit "$code"
}
trap at_exit EXIT

fail() {
    reason=$*
    exit 1
}

# Runs a command as root: as we are, or by sudo when that needs no password.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() {
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# apt SECONDS ARGUMENT...: apt-get without questions; shows what is set up, and on failure its words.
apt() {
    local limit=$1 log status=0
    shift
    log=$(mktemp)
    as_root timeout "$limit" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
        apt-get -y -q -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 "$@" </dev/null 2>&1 |
        tee "$log" | sed -un 's/^Setting up \([^ ]*\).*/   \1/p' || status=$?
    if [ "$status" != 0 ]; then tail -n 5 "$log" >&2; fi
    rm -f "$log"
    return "$status"
}

# install PACKAGE...: installs Debian packages, or says in one line what to install.
install() {
    [ $# -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        fail "please install what Debian calls: $* (this script can do it on Debian and Ubuntu only)"
    elif ! can_be_root; then
        fail "please run: sudo apt-get install --no-install-recommends $*"
    fi
    echo "installing $*"
    local try
    for try in 1 2; do
        # The lists of a fresh machine are old or absent. One source that does not answer is
        # no reason to stop: the packages may well come from another.
        if [ "$try" = 2 ] || [ -z "${apt_updated:-}" ]; then
            apt 300 update || true
            apt_updated=yes
        fi
        if apt 900 install --no-install-recommends "$@"; then return 0; fi
        [ "$try" = 2 ] || sleep 3
    done
    fail "these packages could not be installed: $*"
}

# The folder of the newest usable PostgreSQL server programs (15 or later); fails when there is none.
postgres_bin() {
    local folder major best="" best_major=14
    for folder in ${WIJZER_PG_BIN:+"$WIJZER_PG_BIN"} /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
        "$(pg_config --bindir 2>/dev/null)" "$(dirname "$(command -v postgres)" 2>/dev/null)"; do
        if ! [ -x "$folder/initdb" ]; then continue; fi
        major=$("$folder/postgres" --version 2>/dev/null | sed 's/^[^)]*) \([0-9]*\).*/\1/')
        if [ "${major:-0}" -gt "$best_major" ] 2>/dev/null; then
            best=$folder
            best_major=$major
            if [ "$folder" = "${WIJZER_PG_BIN:-}" ]; then break; fi
        fi
    done
    [ -n "$best" ] && echo "$best"
}

# The portal runs a server of its own. Debian would make and start one beside it: not now, and
# its settings file is left as it was.
install_postgres() {
    local settings=/etc/postgresql-common/createcluster.conf
    if [ -e "$settings" ] || ! command -v apt-get >/dev/null || ! can_be_root; then
        install postgresql
    else
        install postgresql-common
        as_root cp -p "$settings" "$settings.wijzer"
        echo "create_main_cluster = false" | as_root tee -a "$settings" >/dev/null
        (install postgresql) || reason="PostgreSQL could not be installed"
        as_root mv "$settings.wijzer" "$settings"
    fi
    postgres_bin >/dev/null ||
        fail "${reason:-this system has no PostgreSQL 15 or later: install one from the PostgreSQL project, or set DATABASE_URL to a server you have}"
}

need_rust() {
    command -v cargo >/dev/null || fail "Rust is missing: install it as https://rustup.rs says (1.94 or later)"
    local version
    version=$(cargo --version | cut -d' ' -f2)
    [ "$(printf '1.94\n%s\n' "$version" | sort -V | head -n 1)" = 1.94 ] ||
        fail "Rust $version is too old: run 'rustup update' (1.94 or later is needed)"
}

compiles_c() {
    printf '#include <stdio.h>\nint main(void) { return 0; }\n' | cc -x c -o /dev/null - 2>/dev/null
}

# What building and running needs: Rust, a C compiler, certificates, PostgreSQL's server programs.
need_basics() {
    need_rust
    local missing=()
    compiles_c || missing+=(gcc libc6-dev)
    [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ] || [ -n "${SSL_CERT_FILE:-}" ] ||
        missing+=(ca-certificates)
    install ${missing[@]+"${missing[@]}"}
    if [ -z "${DATABASE_URL:-}" ] && ! postgres_bin >/dev/null; then install_postgres; fi
}

# The Dutch spelling dictionary, from which search learns inflections and compounds. Search works
# without it, only less well; fails when it is not there and cannot come.
need_dictionary() {
    [ -e "${WIJZER_DICTIONARY:-/usr/share/hunspell}/nl.dic" ] && return 0
    if command -v apt-get >/dev/null && can_be_root; then
        (install hunspell-nl) && return 0
    fi
    echo "no Dutch dictionary (Debian's package hunspell-nl): search knows fewer inflections and compounds"
    return 1
}

# Downloads the crates: apart from the build, so that it can be tried again.
fetch_crates() {
    local try
    for try in 1 2; do
        if timeout 900 cargo fetch --locked; then return 0; fi
        echo "that was try $try of 2"
    done
    fail "the crates could not be downloaded"
}
