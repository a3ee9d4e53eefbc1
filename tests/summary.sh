#!/bin/sh
# tests/summary.sh DIR... - the last line of every check: "N passed, N failed", counted over the test cases in the logs
# that automake's harness left below each directory. A case is a TAP line ("ok", "not ok"). A test that ends badly without
# saying which case failed, or that planned more cases than it ran, has failed cases too; one that counts no cases is a
# case itself.
# Names each test that failed. Exit status 1 when anything failed or nothing ran.
set -eu

find "$@" -name '*.trs' | LC_ALL=C sort | {
    passed=0 failed=0
    while IFS= read -r trs; do
        result=$(sed -n 's/^:global-test-result: *//p' "$trs")
        counts=$(awk '
            /^ok( |$)/ { good++ }
            /^not ok( |$)/ { bad++ }
            /^1\.\.[0-9]+$/ { plan += substr($0, 4) }
            END { printf "%d %d %d", good, bad, plan }' "${trs%.trs}.log")
        good=${counts%% *} plan=${counts##* } bad=${counts#* } bad=${bad%% *}
        lost=$((plan - good - bad))
        [ "$lost" -le 0 ] || bad=$((bad + lost))
        case $result in
        PASS) [ $((good + bad)) -gt 0 ] || good=1 ;;
        *) [ "$bad" -gt 0 ] || bad=1 ;;
        esac
        [ "$bad" -eq 0 ] || echo "failed: ${trs%.trs}.log ($bad)"
        passed=$((passed + good)) failed=$((failed + bad))
    done
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
