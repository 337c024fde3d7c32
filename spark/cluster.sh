#!/usr/bin/env bash
# A Spark cluster on this machine, for as long as one job takes: a master and two workers, each a process of its own.
# Everything is what spark-submit takes:
#
#   spark/cluster.sh --class org.sepconv.spark.ClassifyJob spark/target/sepconv-spark-*-all.jar MODEL PICTURES OUTPUT
#
#   SPARK_HOME   an unpacked Spark 4.2; without, one is made from Maven's jars in spark/target/spark-home
#   JAVA_HOME    a JDK 25, for Spark and all that it starts
#   CORES        of each worker (1), MEMORY of each (1g), PORT of the master (7077)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [[ -z ${SPARK_HOME:-} ]]; then
  SPARK_HOME=$root/spark/target/spark-home
  if [[ ! -e $SPARK_HOME/RELEASE ]]; then
    (cd "$root" && mvn -q -B -ntp -pl spark -am -DskipTests -Pspark-home package)
    echo 'jars of Spark, from Maven' >"$SPARK_HOME/RELEASE"
  fi
fi
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
export SPARK_HOME SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1
work=$(mktemp -d)
port=${PORT:-7077}
started=()
stop() {
  # Workers first: a worker ends the executors that it started.
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do kill "${started[i]}" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 143' TERM INT

start() {
  # Spark's launcher knows which options a class needs: it prints an empty word and a new line, then the command, with
  # a zero byte behind each word.
  local words=()
  while IFS= read -r -d '' word; do words+=("${word#$'\n'}"); done \
    < <("$java" -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main "$@")
  [[ -n ${words[0]} ]] || words=("${words[@]:1}")
  exec "${words[@]}"
}

master=spark://127.0.0.1:$port
(start org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port 0) >"$work/master" 2>&1 &
started+=($!)
for ((i = 0; i < 100; i++)); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  sleep 0.2
done
for worker in 1 2; do
  (start org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 --cores "${CORES:-1}" \
    --memory "${MEMORY:-1g}" --work-dir "$work/worker$worker" "$master") >"$work/log$worker" 2>&1 &
  started+=($!)
done

(start org.apache.spark.deploy.SparkSubmit --master "$master" "$@") &
job=$!
started+=("$job")
wait "$job"
