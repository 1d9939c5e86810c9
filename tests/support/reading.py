"""What a page says, read from its HTML: links with their words, and numbers by their data-number."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "link", "input", "img", "br"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


class Page(HTMLParser):
    """Every element of the page in order, with all the text inside it."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.status = response.status_code
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while tag in [element.tag for element in self._open]:
            if self._open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words.append(data)

    @property
    def text(self) -> str:
        return self.elements[0].text

    @property
    def links(self) -> list[Element]:
        return [element for element in self.elements if element.tag == "a" and "href" in element.attributes]

    @property
    def numbers(self) -> dict[str, str]:
        return {e.attributes["data-number"]: e.text for e in self.elements if "data-number" in e.attributes}

    def rows(self, kind: str) -> list[Element]:
        """The rows of tables that carry data-`kind`."""
        return [element for element in self.elements if f"data-{kind}" in element.attributes]
