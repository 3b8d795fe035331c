#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# Prints the results table of docs/jcstress.md from the last run of run.sh and of controls.sh.
#
#     jcstress-tests/table.sh

set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
log=${RCUBLK_JCSTRESS_FOLDER:-$here/target/jcstress}/log
controls=$here/target/controls/results.tsv
[[ -f $log && -f $controls ]] || { echo "table: run run.sh and controls.sh first" >&2; exit 1; }

echo '| no. | test | guarantee | what it forbids | samples | outcomes seen | negative control: hits of samples |'
echo '|---|---|---|---|---|---|---|'
awk -F '\t' '
    # A test stands at the end of its heading; its table follows, and the closing one counts.
    FILENAME == ARGV[1] {
        if (/^RUN RESULTS/) closing = 1
        if (!closing) next
        if (/^\.+ \[/) { test = $0; sub(/.*\[[A-Z]+\] [a-z.]+\./, "", test); next }
        if (match($0, /(Acceptable|Forbidden|Interesting) /)) {
            expect = substr($0, RSTART, RLENGTH - 1)
            n = split($0, word, " ")
            id = ""
            for (i = 1; i < n && word[i + 1] !~ /%$/; i++) id = id (i > 1 ? " " : "") word[i]
            count = word[i]; gsub(",", "", count)
            samples[test] += count
            if (count > 0)
                seen[test] = seen[test] (seen[test] == "" ? "" : "; ") "`" id "` " count (expect == "Acceptable" ? "" : " " expect)
        }
        next
    }
    FILENAME == ARGV[2] {
        if (FNR > 1)
            control[$1] = control[$1] (control[$1] == "" ? "" : "; ") "`" $2 "`" ($3 == "true" ? ", steps held" : "") ": " $4 " of " $5
        next
    }
    /^#/ { next }
    {
        printf "| %s | `%s` | %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, ($2 in samples) ? samples[$2] : "-",
            ($2 in samples) ? seen[$2] : "skipped: more actors than cores", ($2 in control) ? control[$2] : "-"
    }' "$log" "$controls" "$here/catalogue.tsv"
