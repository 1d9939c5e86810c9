"""Say in words what pip-audit found, from its JSON on standard input. make audit.

pip-audit says "No known vulnerabilities found" also when it could look nothing up.
"""

import json
import sys
from typing import Any


def verdict(dependencies: list[dict[str, Any]]) -> tuple[str, int]:
    """Return what to print, and the exit code: 1 only when an advisory was found."""
    found = [
        f"{one['name']} {one['version']}: {', '.join(vulnerability['id'] for vulnerability in one['vulns'])}"
        for one in dependencies
        if one.get("vulns")
    ]
    skipped = sum("skip_reason" in one for one in dependencies)
    looked_up = len(dependencies) - skipped
    lines = [*found, f"{looked_up} of {len(dependencies)} packages looked up, {len(found)} with known vulnerabilities."]
    if skipped or not dependencies:
        lines.append(f"NOT CHECKED: {skipped} packages. No source of advisories answered for them; this says nothing")
        lines.append("about their safety. Run make audit where such a source can be reached.")
    return "\n".join(lines), int(bool(found))


if __name__ == "__main__":
    text = sys.stdin.read()
    if not text.strip():
        sys.stdout.write("NOT CHECKED: pip-audit gave no answer. This says nothing about safety.\n")
        raise SystemExit(0)
    words, code = verdict(json.loads(text)["dependencies"])
    sys.stdout.write(f"{words}\n")
    raise SystemExit(code)
