# For run and full, which are read by bash: counts passed and failed tests over several commands.
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 1

SECONDS=0    # bash counts them up
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
counts=$work/counts    # a line for each command: how many passed, how many failed, its seconds, its words
log=$work/log
report=$work/junit.xml    # what ctest prints for people changes its words from version to version; this does not

if ninja --version >/dev/null 2>&1; then export CMAKE_GENERATOR=Ninja; fi    # as ./go
export ORDINAL_AS_SHIPPED=1    # a test of the limits on lines asks for it

# The real model, where it lies beside this tree; its tests say that they were not tried where it is nowhere.
if [ -z "${ORDINAL_MINILM:-}" ] && [ -e ../shared/real_bert/model.safetensors ]; then
    ORDINAL_MINILM=$(cd ../shared/real_bert && pwd)
    export ORDINAL_MINILM
fi

# Runs a command and adds the counts of the ctest in it, which writes its JUnit report to $report. A test of ctest is a
# whole file of test cases; doctest says at its end how many there were, and those are counted. Ending badly without a
# failed test, as a build does that stops at an error, counts as one failure; so does a warning of a compiler, and so does
# a report without tests.
count() {
    printf '\n=== %s\n' "$*"
    local status=0 bad=0 good=0 began=$SECONDS
    rm -f "$report"
    "$@" 2>&1 | tee "$log" || status=1
    if [ -e "$report" ]; then
        bad=$(attribute failures)
        good=$(($(attribute tests) - bad - $(attribute skipped) - $(attribute disabled)))
        if [ "$good" -eq 0 ]; then status=1; fi
        good=$((good + $(further_cases)))
    fi
    if grep -q ': warning: ' "$log"; then status=1; fi
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    echo "$good $bad $((SECONDS - began)) $*" >>"$counts"
}

# Runs two functions at a time. What the second one prints stands behind all that the first one prints.
side_by_side() {
    (
        log=$work/second.log
        report=$work/second.xml
        "$2"
    ) >"$work/second" 2>&1 &
    "$1"
    wait
    cat "$work/second"
}

# The first number that the report gives under this name, that of the whole run; 0 if it gives none.
attribute() {
    local number
    number=$(sed -n "s/^\(.*[[:space:]]\)\{0,1\}$1=\"\([0-9][0-9]*\)\".*/\2/p" "$report" | head -n 1)
    echo "${number:-0}"
}

# Of each file of test cases the first is counted above; these are the others that passed.
further_cases() {
    sed -n 's/.*\[doctest\] test cases: *[0-9]* *| *\([0-9][0-9]*\) passed.*/\1/p' "$report" |
        awk '{ sum += $1 - 1 } END { print sum + 0 }'
}

finish() {
    local good bad seconds words passed=0 failed=0
    echo
    while read -r good bad seconds words; do
        printf '%6s s  %s\n' "$seconds" "$words"
        passed=$((passed + good))
        failed=$((failed + bad))
    done <"$counts"
    printf '\nin %s min %s s\n%s passed, %s failed\n' $((SECONDS / 60)) $((SECONDS % 60)) "$passed" "$failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
