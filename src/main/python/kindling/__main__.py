"""``python -m kindling jars`` prints the job jar: ``spark-submit --jars $(python -m kindling jars) …``."""

from __future__ import annotations

import sys

from kindling._job_jar import jars
from kindling.errors import KindlingError


def main(words: list[str]) -> int:
    if words != ["jars"]:
        print(f"kindling: the command must be jars, but is {' '.join(words) or 'missing'}", file=sys.stderr)
        return 2
    try:
        print(jars())
    except KindlingError as error:
        print(f"kindling: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
