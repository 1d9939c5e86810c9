"""Templates are readable: no line is longer than a screen is wide, except for a sentence translated as a whole."""

import re

from tests.support.paths import ROOT

LONGEST = 300
SENTENCE = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}|{% translate .*?%}", re.DOTALL)


def test_lines_are_short_but_for_translated_sentences() -> None:
    long = []
    files = sorted((ROOT / "templates").rglob("*.html"))
    assert len(files) > 100
    for path in files:
        for line in path.read_text().splitlines():
            longest = max(len(part) for part in SENTENCE.findall(line)) if SENTENCE.search(line) else 0
            if len(line) > max(LONGEST, longest + 30):
                long.append((path.name, len(line)))
    assert not long
