#!/usr/bin/env bash
# How long the command takes to start, beside that of another checkout, in turns.
#
#   bench/start.sh CHECKOUT [RUNS]
#
# Prints, for each command, the medians of RUNS (15) runs of either, and the median of the ratios of two runs
# that followed each other. Needs bash 5, and taskset for the rows with one processor.
set -euo pipefail

other=${1:?the folder of another checkout}/sepconv
ours=$(dirname "$0")/../sepconv
runs=${2:-15}

# Microseconds that a command takes.
took() {
  local begin=${EPOCHREALTIME/[.,]/}
  "$@" >/dev/null 2>&1
  echo $((${EPOCHREALTIME/[.,]/} - begin))
}

median() {
  sort -n | awk '{ value[NR] = $1 } END { print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2 }'
}

row() {
  local what=$1 before=() after=() ratios=() i
  shift
  "${on[@]}" "$other" "$@" >/dev/null 2>&1 # builds, and fills the system's file cache
  "${on[@]}" "$ours" "$@" >/dev/null 2>&1
  for ((i = 0; i < runs; i++)); do
    before[i]=$(took "${on[@]}" "$other" "$@")
    after[i]=$(took "${on[@]}" "$ours" "$@")
    ratios[i]=$((1000 * after[i] / before[i]))
  done
  printf '| `%s` | %s | %s | %s | %s |\n' "$*" "$what" \
    "$(printf '%s\n' "${before[@]}" | median | awk '{ printf "%.2f s", $1 / 1e6 }')" \
    "$(printf '%s\n' "${after[@]}" | median | awk '{ printf "%.2f s", $1 / 1e6 }')" \
    "$(printf '%s\n' "${ratios[@]}" | median | awk '{ printf "%.0f %%", $1 / 10 }')"
}

printf '| command | processors | before | after | after / before |\n|---|---|---|---|---|\n'
for command in --version cost devices; do
  on=(env)
  row "$(nproc 2>/dev/null || echo all)" "$command"
  if command -v taskset >/dev/null; then
    on=(taskset -c 0)
    row 1 "$command"
  fi
done
