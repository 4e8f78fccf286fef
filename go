#!/bin/sh
# Installs what is missing, builds Ordinal, and runs its demos, its labs, its tests or its benchmark, or makes the page that
# one plays with.
set -eu

unset CDPATH    # else cd may go elsewhere, and say so
self=$0
while [ -L "$self" ]; do    # a link to this script is this script
    target=$(readlink "$self")
    case $target in /*) self=$target ;; *) self=$(dirname "$self")/$target ;; esac
done
root=$(cd "$(dirname "$self")" && pwd -P)
build=$root/build/release

# All demos in the order of their chapters. Three more have to be told of what: explain ENCODING, real_tables FILE,
# real_bert --model FOLDER.
list_demos() {
    for source in "$root"/demos/*.cpp; do
        if ! grep -q 'run_demo(' "$source" || grep -q '\.required = true' "$source"; then continue; fi
        chapter=$(sed -n 's|.*\.chapter = "docs/\([0-9]*\)-.*|\1|p' "$source")
        echo "${chapter:-99} $(basename "$source" .cpp)"
    done | sort | cut -d ' ' -f 2
}
demos=$(list_demos)

help() {
    cat <<'END'
./go demos [NAME ...] [options]
                       build and run the demos (all, or those named); then build/gallery/index.html shows
                       what they found. Options go to each demo: --quick, --all, --threads N, --out DIR, ...
                       a demo that has no use for --seed N, --seeds N, --encodings LIST or --corpus FILE is left out
./go test [options]    build everything and run the tests
                       options go to ctest: -R NAME, --verbose, ...
./go play              build the page that one plays with in a browser: build/play/index.html, one file
./go bench [options]   time it, beside your PyTorch and what this machine can do at best
                       --quick, --workloads W1,W3,gemm, --threads 1,2, --python PROGRAM, --json FILE, --help, ...
./go results [NAME ...] [--accept]
                       run the demos with --all, all or those named, and say what is not as in docs/results, to the
                       last digit but for timings; --accept: take the new ones over, with pictures and tables
./go lab [N] [DIR] [--for NAME]
                       the labs: the path and how far you are, or lab N built and tried. start DIR: copy what is to be
                       written to a folder of your own; --help: more
./go grade SUBMISSION --lab N --for NAME [--format FORM]
                       points for a submitted lab; --rubric: the points of all tasks; see labs/INSTRUCTOR.md
./go help              this text

All commands first install what is missing (Debian, Ubuntu) or say what to type (other systems).
END
}

fail() {
    printf 'go: %s\n' "$*" >&2
    exit 1
}

# --- What is missing? Names are those of Debian's packages. ---

have() { command -v "$1" >/dev/null 2>&1; }

# Is a header here? Where CMake is told of further places, CMake itself will look.
have_header() {
    for prefix in /usr /usr/local /opt/homebrew; do
        if [ -e "$prefix/include/$1" ]; then return 0; fi
    done
    [ -n "${CMAKE_PREFIX_PATH:-}${CMAKE_TOOLCHAIN_FILE:-}" ]
}

find_missing() {
    needed=""    # nothing works without
    wanted=""    # demos do with something else, and say so
    [ -n "${CXX:-}" ] || have c++ || have g++ || have clang++ || needed="$needed g++"
    have cmake || needed="$needed cmake"
    have make || have ninja || needed="$needed make"
    have_header nlohmann/json.hpp || needed="$needed nlohmann-json3-dev"
    have_header stb/stb_truetype.h || needed="$needed libstb-dev"
    have_header CLI/CLI.hpp || needed="$needed libcli11-dev"
    have_header doctest/doctest.h || needed="$needed doctest-dev"
    have_header utf8proc.h || wanted="$wanted libutf8proc-dev"
    if have apt-get; then    # elsewhere they have other places
        have python3 || wanted="$wanted python3"
        [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || wanted="$wanted fonts-dejavu-core"
        [ -e /usr/share/games/fortunes/tang300 ] || wanted="$wanted fortunes-zh"
    fi
}

find_missing_to_play() {    # emscripten brings its own compiler; its helper acorn is a package of its own
    needed=""
    wanted=""
    have cmake || needed="$needed cmake"
    have make || have ninja || needed="$needed make"
    have emcc || needed="$needed emscripten"
    if have apt-get && [ ! -e /usr/share/nodejs/acorn ]; then needed="$needed node-acorn"; fi
}

# --- Install it, or say how. ---

install_missing() {    # $1: what finds it
    ${1:-find_missing}
    if [ -z "$needed$wanted" ]; then return; fi
    echo "Missing:$needed$wanted"
    if grep -qi microsoft /proc/version 2>/dev/null; then
        say_how    # WSL: the password is the user's to type
    elif have apt-get && [ "$(id -u)" -eq 0 ]; then
        apt_install ""
    elif have apt-get && have sudo; then
        apt_install sudo
    else
        say_how
    fi
}

# shellcheck disable=SC2086    # lists of words, and $1 is sudo or no word at all
apt_install() {
    echo "Installing them with apt-get"
    began=$(now)
    { $1 apt-get update -q && $1 env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends $needed $wanted; } ||
        fail "apt-get could not install$needed$wanted"
    echo "Installed in $(since "$began")."
}

say_how() {
    cat <<END
To install what Ordinal needs, type the line of your system (./go play: and emscripten):
  Debian, Ubuntu, WSL:  sudo apt-get install$needed$wanted
  macOS:                xcode-select --install; brew install cmake doctest cli11 nlohmann-json utf8proc; brew install --cask font-dejavu
  Fedora:               sudo dnf install gcc-c++ cmake make doctest-devel stb-devel cli11-devel json-devel utf8proc-devel dejavu-sans-fonts
  Arch:                 sudo pacman -S gcc cmake make doctest stb cli11 nlohmann-json libutf8proc ttf-dejavu
  vcpkg:                vcpkg install doctest stb cli11 nlohmann-json utf8proc
  stb, anywhere:        sudo git clone --depth 1 https://github.com/nothings/stb /usr/local/include/stb
END
    [ -z "$needed" ] || fail "cannot build without$needed"
}

# --- Build. ---

knows_presets() {    # CMake 3.25 and later
    cmake --version | awk 'NR == 1 { split($3, v, "."); exit !(v[1] > 3 || (v[1] == 3 && v[2] >= 25)) }'
}

# Two in one checkout would build and write over each other: the second waits until the first has ended. A ./go that
# another one calls does not.
one_at_a_time() {
    if [ "${ORDINAL_GO_RUNS_IN:-}" = "$root" ] || ! have flock; then return; fi
    mkdir -p "$root/build"
    exec 9>"$root/build/.go_lock"    # held for as long as this script, or a program that it runs, is there
    flock -n 9 || {
        echo "go: waiting, for another ./go runs in this checkout; Ctrl-C to give up"
        flock 9
    }
    export ORDINAL_GO_RUNS_IN="$root"
}

# Ninja is done 8 % earlier. A folder that make has begun stays with make.
choose_generator() {
    if ninja --version >/dev/null 2>&1; then export CMAKE_GENERATOR="${CMAKE_GENERATOR:-Ninja}"; fi
}

# One configuration for all commands, so that none makes another compile again.
configure() {
    one_at_a_time
    choose_generator
    if have ccache; then    # what was compiled once, here or in another clone, is not compiled again
        export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER:-ccache}"
        export CCACHE_BASEDIR="${CCACHE_BASEDIR:-$root}"
        export CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS:-pch_defines,time_macros}"
        export CCACHE_DEPEND="${CCACHE_DEPEND:-1}"    # else a precompiled header outlives a changed comment, and is refused
    fi
    began_building=$(now)
    if knows_presets; then
        (cd "$root" && cmake --preset release)
    else
        cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DORDINAL_BUILD_BENCH=ON
    fi
}

build() {    # $@: targets
    cmake --build "$build" --parallel "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)" --target "$@"
}

now() { date +%s; }
since() {    # $1: of now(), before
    seconds=$(($(now) - $1))
    if [ $seconds -lt 60 ]; then echo "$seconds s"; else echo "$((seconds / 60)) min $((seconds % 60)) s"; fi
}

# --- The commands. ---

is_demo() { grep -qs 'run_demo(' "$root/demos/$1.cpp"; }    # so it takes the options that all demos share

# Demos, and whatever else somebody has put beside them; two programs there serve the others.
is_program() {
    case $1 in */* | gallery | results) return 1 ;; esac
    [ -e "$root/demos/$1.cpp" ]
}

takes_arguments() {    # a demo whose source names one, in capitals
    [ -n "$1" ] && { ! is_demo "$1" || grep -q '{\(\.name = \)\{0,1\}"[A-Z]' "$root/demos/$1.cpp"; }
}

check_program() {
    is_program "$1" || fail "there is no demo '$1'; there are:" $(
        for source in "$root"/demos/*.cpp; do
            name=$(basename "$source" .cpp)
            if is_program "$name"; then echo "$name"; fi
        done
    )
}

# shellcheck disable=SC2086    # lists of words
run_demos() {
    chosen=""
    while [ $# -gt 0 ]; do
        case $1 in -*) break ;; esac
        if ! is_program "$1" && takes_arguments "${chosen##* }"; then break; fi    # as in explain rope
        check_program "$1"
        chosen="$chosen $1"
        shift
    done
    out=$root/build/gallery
    for option in "$@"; do
        if [ -z "$chosen" ] && is_program "$option"; then fail "first what is to run, then the options: ./go demos $option ..."; fi
        case $option in
            --out | --out=*) out="" ;;
            -h | --help)
                out=""
                if [ -z "$chosen" ]; then
                    help
                    echo "The options of a demo: ./go demos NAME --help. The demos:" $demos explain real_tables real_bert
                    return
                fi
                ;;
        esac
    done

    install_missing
    configure
    names=${chosen:-$demos}
    first=${names# }
    first=${first%%[[:space:]]*}
    build "$first"    # so that there is something to look at early
    run_each "$first" "$@"
    rest=${names#*"$first"}
    if [ -n "$rest" ]; then
        build $rest gallery
        run_each "$rest" "$@"
    fi
    report_refused
    if [ -n "$out" ] && [ -n "$left_results" ]; then
        build gallery
        "$build/bin/gallery" "$out" $demos real_tables real_bert || failed="$failed gallery"
    fi
    printf '\nreal %s, building included\n' "$(since "$began_building")"
    [ -z "$failed" ] || fail "these demos failed:$failed"
}

out=""    # where demos leave what they find, if the user has not said so
failed=""
refused=""    # status 2: they have no use for these options
ran=""
left_results=""

run_each() {    # $1: the demos, further arguments: their options
    names_to_run=$1
    shift
    for demo in $names_to_run; do
        printf '\n=== %s\n' "$demo"
        status=0
        if ! is_demo "$demo"; then
            "$build/bin/$demo" "$@" || status=$?
        else
            "$build/bin/$demo" ${out:+--out "$out"} "$@" || status=$?
            if [ -e "$out/$demo.json" ]; then left_results=yes; fi
        fi
        case $status in
            0) ran=yes ;;
            2) refused="$refused $demo" ;;
            130) fail "interrupted; what the demos before have left is in its place" ;;
            *) failed="$failed $demo" ;;
        esac
    done
}

report_refused() {
    if [ -n "$ran" ] && [ -n "$refused" ]; then printf '\nNot run with these options:%s\n' "$refused"; fi
    if [ -z "$ran" ]; then failed="$failed$refused"; fi
}

# Every demo in full, with the numbers and pictures of the book. What is compared is what was run this time.
# shellcheck disable=SC2086    # lists of words
run_results() {
    accept=""
    chosen=""
    for argument in "$@"; do
        case $argument in
            --accept) accept=--accept ;;
            -*) fail "results: unknown option $argument; there is --accept" ;;
            *) is_demo "$argument" || fail "there is no demo '$argument'; there are:" $demos
               chosen="$chosen $argument" ;;
        esac
    done
    install_missing
    configure
    build ${chosen:-$demos} results
    out=$root/build/results
    rm -rf "$out"
    run_each "${chosen:-$demos}" --all
    [ -z "$failed" ] || fail "these demos failed:$failed"
    printf '\n'
    "$build/bin/results" "$root" "$out" $accept
}

run_tests() {
    case "$*" in -h | --help) help; return ;; esac
    install_missing
    configure
    build all
    built=$(since "$began_building")
    status=0
    ctest --test-dir "$build" --output-on-failure --no-tests=error --parallel 2 \
        --label-exclude slow "$@" || status=$?
    printf '\nreal %s, of which building %s\n' "$(since "$began_building")" "$built"
    return $status
}

run_play() {
    if [ $# -gt 0 ]; then help && return; fi
    install_missing find_missing_to_play
    one_at_a_time
    choose_generator
    began_building=$(now)
    build=$root/build/play
    emcmake cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release
    build page
    printf '\nThe page, which opens in any browser: %s\nreal %s\n' "$build/index.html" "$(since "$began_building")"
}

run_bench() {
    have python3 || install_missing
    have python3 || fail "bench needs python3"
    for option in "$@"; do
        case $option in -h | --help) exec python3 "$root/bench/bench.py" --help ;; esac
    done
    # What is mistyped shall not wait for a compiler.
    python3 -c 'import sys; sys.path[0] = sys.argv.pop(1); import bench; bench.parse(sys.argv[1:])' "$root/bench" "$@"
    install_missing
    configure
    build ordinal_side
    python3 "$root/bench/bench.py" --build "$build" "$@"
}

# A lab needs a compiler and Python; from lab 3 on it asks this script for the library.
run_labs() {
    command=$1
    shift
    have python3 && { [ -n "${CXX:-}" ] || have g++ || have c++ || have clang++; } || install_missing
    have python3 || fail "the labs need python3"
    python3 "$root/labs/kit" "$command" "$@"
}

build_library() {
    install_missing
    configure
    build ordinal_pretrained
}

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
    demos) run_demos "$@" ;;
    test) run_tests "$@" ;;
    play) run_play "$@" ;;
    bench) run_bench "$@" ;;
    results) run_results "$@" ;;
    lab) if [ "${1:-}" = library ]; then build_library; else run_labs lab "$@"; fi ;;
    grade) run_labs grade "$@" ;;
    help | -h | --help) help ;;
    *) help >&2 && fail "there is no command '$command'" ;;
esac
