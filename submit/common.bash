# What the launchers share. They source this file.

# With --help as the first argument: prints the comment that the launcher begins with.
help_if_asked() {
  case ${1-} in
    -h | --help)
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
      exit
      ;;
  esac
}

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 2
}

# Sets java to the JVM that Spark will use.
find_java() {
  if [[ -n ${JAVA_HOME-} && -x $JAVA_HOME/bin/java ]]; then
    java=$JAVA_HOME/bin/java
  else
    java=$(command -v java) || fail "Java 17 or later must be installed, or JAVA_HOME set, but neither is"
  fi
}

java_major() {
  local version
  version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$(dirname "$(readlink -f "$java")")/../release" 2>/dev/null) ||
    version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  version=${version#1.} # Java 8 calls itself 1.8
  echo "${version%%[!0-9]*}"
}

# Where SPARK_HOME is not set or empty, the Spark that submit/spark fetched into a release serves.
take_fetched_spark() {
  [[ -n ${SPARK_HOME-} || ! -d $1/spark ]] || export SPARK_HOME=$1/spark
}

# Refuses a Spark without a part of it: a clone's from Maven has neither.
require_spark_with() { # YARN | Kubernetes
  [[ -n ${SPARK_HOME-} ]] || fail "SPARK_HOME must name a folder with a Spark with $1, but is not set"
  [[ -n $(find "$SPARK_HOME/jars/" -iname "spark-$1_*.jar" 2>/dev/null) ]] ||
    fail "SPARK_HOME must name a folder with a Spark with $1, as submit/spark fetches it, but $SPARK_HOME/jars has no jar of it"
}

# The version of the Spark whose jars are in a folder; empty if there is none.
spark_version() {
  local core
  core=$(find "$1/" -maxdepth 1 -name 'spark-core_*.jar' 2>/dev/null | head -n 1)
  core=${core##*/spark-core_}
  core=${core#*-} # without Scala's; EMR's has words: 3.5.6-amzn-2
  echo "${core%.jar}"
}

# The part of a job jar's name that says for which Spark: spark3_2.12 of a folder with Spark 3.5's jars; empty if there are none.
spark_line() {
  local core
  core=$(find "$1/" -maxdepth 1 -name 'spark-core_*.jar' 2>/dev/null | head -n 1)
  [[ -z $core ]] || sed 's|.*/spark-core_\([0-9.]*\)-\([0-9]*\)\..*|spark\2_\1|' <<<"$core"
}

# The version of the Spark that Maven resolves for the project in a folder.
maven_spark_version() {
  sed -n 's|.*<spark.version>\(.*\)</spark.version>.*|\1|p' "$1/pom.xml" | head -n 1
}

# Refuses a JVM on which that version of Spark ends with a stack trace. Java 24 dropped what Hadoop's logins use up to Spark 4.0.
require_java_for() {
  local major
  major=$(java_major)
  [[ -n $major ]] || return 0
  ((major >= 17)) || fail "Kindling runs on Java 17 or later, but $java is Java $major; set JAVA_HOME to a JDK 17"
  case $1 in
    3.* | 4.0.*)
      ((major < 24)) ||
        fail "Spark $1 runs on Java 17 to 23, but $java is Java $major; set JAVA_HOME to a JDK 17 or 21, or use Spark 4.1"
      ;;
  esac
}
