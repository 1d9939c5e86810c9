"""A page parsed from its HTML: its elements with their text, links, and numbers by their data-number."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Protocol

VOID = {"meta", "link", "input", "img", "br"}


class HtmlResponse(Protocol):
    """What Page needs of a response of the test client."""

    status_code: int
    content: bytes


@dataclass
class Element:
    """An element with the text inside it, descendants included."""

    tag: str
    attributes: dict[str, str]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the text with single spaces."""
        return " ".join(" ".join(self.words).split())


class Page(HTMLParser):
    """The elements of a response's page in document order."""

    def __init__(self, response: HtmlResponse) -> None:
        super().__init__()
        self.status = response.status_code
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Append the element; open it unless it is void."""
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Append the element."""
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open element of this tag and those inside it."""
        while tag in [element.tag for element in self._open]:
            if self._open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        """Add the text to all open elements."""
        for element in self._open:
            element.words.append(data)

    @property
    def text(self) -> str:
        """Return all text of the page."""
        return self.elements[0].text

    @property
    def links(self) -> list[Element]:
        """Return the links that have an address."""
        return [element for element in self.elements if element.tag == "a" and "href" in element.attributes]

    @property
    def numbers(self) -> dict[str, str]:
        """Return the text of elements by their data-number."""
        return {e.attributes["data-number"]: e.text for e in self.elements if "data-number" in e.attributes}

    def rows(self, kind: str) -> list[Element]:
        """Return the table rows that carry data-`kind`."""
        return [element for element in self.elements if f"data-{kind}" in element.attributes]
