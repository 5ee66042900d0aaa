# What the scripts that run other versions of Spark share. They source it from the project's folder.

jdk=${JAVA_HOME:+$JAVA_HOME/bin/} # where java, javac and jar are

# What Spark needs of a modular JVM, and the Vector API, as the tests have it.
opens=$(sed -n 's|.*<test.modules>--|--|; /^--/,/test.modules>/p' pom.xml | sed 's|</test.modules>||' | tr -s ' \n' ' ')

# The coordinates' name for a version of Spark and Scala, 3.5.9_2.12.
artifact() {
  echo "kindling-spark${1%%.*}_${1#*_}"
}

# The job jar of an artifact; empty if its line is not built.
job_jar() {
  { find target target/spark-4.1 target/spark-3.5_2.13 -maxdepth 1 -name "$1-*-job.jar" 2>/dev/null || true; } | head -n 1
}

# A whole Spark with its scripts, fetched from PyPI once, 320 MB or 460 MB; sets spark, its folder.
whole_spark() { # VERSION
  spark=${XDG_CACHE_HOME:-$HOME/.cache}/kindling-spark/$1
  submit/spark "$1" "$spark"
}

# Daemons of Spark, on loopback and free ports, with the JVM's first compiler alone, as they do little. They end with the script.
running=()
end_daemons() {
  ((${#running[@]} == 0)) || kill "${running[@]}" 2>/dev/null || true
  running=()
}
trap end_daemons EXIT

# Starts a daemon of the Spark in a folder, by Spark's script where there is one.
daemon() { # HOME SCALA LOG CLASS ARGUMENTS…
  local home=$1 scala=$2 log=$3
  shift 3
  local command=("$home/bin/spark-class")
  # shellcheck disable=SC2206 # words
  [[ -x ${command[0]} ]] || command=("${jdk}java" $opens -XX:TieredStopAtLevel=1 -cp "${SPARK_DAEMON_CLASSPATH:+$SPARK_DAEMON_CLASSPATH:}$home/jars/*" ${SPARK_HISTORY_OPTS-})
  SPARK_HOME=$home SPARK_SCALA_VERSION=$scala SPARK_LOCAL_IP=127.0.0.1 SPARK_DAEMON_MEMORY=512m \
    SPARK_DAEMON_JAVA_OPTS=-XX:TieredStopAtLevel=1 \
    "${command[@]}" "$@" >"$log" 2>&1 &
  running+=($!)
}

# Waits for a line in a log and prints what the pattern's parentheses hold.
said() { # LOG PATTERN
  local found
  for _ in $(seq 1800); do
    found=$(sed -nE "s|.*$2.*|\1|p" "$1" 2>/dev/null | head -n 1) || true # not yet written
    if [[ -n $found ]]; then
      echo "$found"
      return
    fi
    sleep 0.1
  done
  echo "waited three minutes in vain for '$2' in $1" >&2
  tail -n 20 "$1" >&2
  return 1
}

# A standalone cluster of one worker; sets master.
start_cluster() { # HOME SCALA FOLDER
  mkdir -p "$3"
  daemon "$1" "$2" "$3/master.log" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 0 --webui-port 0
  master=$(said "$3/master.log" 'Starting Spark master at (spark://[^ ]+)')
  daemon "$1" "$2" "$3/worker.log" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 --cores 2 --memory 1g \
    --work-dir "$3/work" "$master"
  said "$3/worker.log" '(Successfully registered with master)' >/dev/null
}

# A history server over a folder of event logs; sets history, its address. SPARK_DAEMON_CLASSPATH may add our jar.
start_history() { # HOME SCALA EVENTS LOG
  SPARK_HISTORY_OPTS="-Dspark.history.fs.logDirectory=file://$3 -Dspark.history.fs.update.interval=1s -Dspark.history.ui.port=0" \
    daemon "$1" "$2" "$4" org.apache.spark.deploy.history.HistoryServer
  history=$(said "$4" 'HistoryServer.* started at (http://[^ ]+)')
}
