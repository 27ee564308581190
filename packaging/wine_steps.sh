#!/usr/bin/env bash
# Runs the suite, builds, and uses the built program under Wine; called by check_windows.sh inside its Debian.
# /check holds source, wheels and python (for Windows); prefix and results are made here.
set -uo pipefail

export WINEPREFIX=/check/prefix WINEDEBUG=-all WINEDLLOVERRIDES="winedbg.exe=d;mscoree=d;mshtml=d"
export XDG_RUNTIME_DIR=/check/runtime
RESULTS=/check/results
DRIVE=$WINEPREFIX/drive_c
failed=0

# A plain file as output gives "Invalid handle", so everything goes through a pipe; a Chinese Windows speaks GBK.
windows() {
    wine "$@" </dev/null 2>&1 | iconv -f gbk -t utf-8 -c | tr -d '\r'
    return "${PIPESTATUS[0]}"
}
py() { windows /check/python/python.exe "$@"; }
step() {
    local name=$1 started=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if "$@"; then echo "$name: done in $((SECONDS - started)) s"; else
        failed=1
        echo "$name: FAILED after $((SECONDS - started)) s"
    fi
}

set_up() {
    mkdir -p -m 700 "$XDG_RUNTIME_DIR" && rm -rf "$RESULTS" && mkdir "$RESULTS"
    if [ ! -d "$DRIVE" ]; then
        wineboot -i </dev/null >/dev/null 2>&1 || true
        wine winecfg -v win10 </dev/null >/dev/null 2>&1 || true
    fi
    py -m pip install -q --no-index --no-warn-script-location --disable-pip-version-check --require-hashes \
        --find-links 'Z:\check\wheels' -r 'Z:\check\source\requirements-dev.txt' || return 1
    rm -rf "$DRIVE/cdo" "$DRIVE/dist" "$DRIVE/made" && cp -r /check/source "$DRIVE/cdo"
    wine --version
    py -c 'import locale, platform; print(platform.platform(), platform.python_version(), locale.getencoding())'
}

suite() {
    cd "$DRIVE/cdo" || return 1
    py -m pytest -q -rs -p no:cacheprovider -p no:xdist tests | tee "$RESULTS/suite.log"
    return "${PIPESTATUS[0]}"
}

build() {
    cd "$DRIVE/cdo" || return 1
    py -m PyInstaller --noconfirm --clean --log-level ERROR --distpath 'C:\dist' --workpath 'C:\build' build.spec
}

use() {
    cd "$DRIVE/cdo" || return 1
    py packaging/check_build.py --program 'C:\dist\cdo_desktop' --keep 'C:\made' | tee "$RESULTS/build.log"
    local status=${PIPESTATUS[0]}
    cp "$DRIVE/made/办公室 检查/窗口.png" "$RESULTS/window_offscreen.png" || status=1
    cp "$(find "$DRIVE/made" -name '0*首席数据官*.pdf' | sort | head -1)" "$RESULTS/form.pdf" || status=1
    return "$status"
}

# The program as a person starts and closes it: Qt's own platform for Windows, on a screen.
look() {
    Xvfb :7 -screen 0 1366x768x24 -nolisten tcp >/dev/null 2>&1 &
    local screen=$! colours status
    cd "$DRIVE/dist/cdo_desktop" || return 1
    DISPLAY=:7 wine cdo_desktop.exe --data 'C:\made\办公室 检查\导入' </dev/null >"$RESULTS/screen.log" 2>&1 &
    local program=$!
    sleep "${SECONDS_TO_START:-30}"
    DISPLAY=:7 import -window root "$RESULTS/window_screen.png"
    colours=$(identify -format '%k' "$RESULTS/window_screen.png")
    DISPLAY=:7 wine taskkill /IM cdo_desktop.exe </dev/null >/dev/null 2>&1
    (sleep 30 && kill "$program") 2>/dev/null &
    wait "$program"
    status=$?
    kill "$screen"
    echo "picture of the screen with $colours colours; closed, the program ended with status $status"
    [ "$status" = 0 ] && [ "${colours:-0}" -gt 50 ]
}

step "set up" set_up
step "suite" suite
step "build" build
step "use of the built program" use
step "window on a screen" look
wineserver -k
exit "$failed"
