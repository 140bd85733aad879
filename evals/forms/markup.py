"""HTML and SVG as trees of elements, so that no text can become markup: the writer of a tree escapes."""

from __future__ import annotations

from xml.etree.ElementTree import Element, tostring

from bot.show.clean import clean

Node = Element | str | None


def element(tag: str, /, *children: Node, **attributes: object) -> Element:
    """An element with cleaned texts and elements; `class_` is written as class, `stroke_width` as stroke-width."""
    made = Element(tag)
    for key, value in attributes.items():
        if value is not None and value is not False:
            text = "" if value is True else clean(str(value), lines=False)
            made.set(key.rstrip("_").replace("_", "-"), text)
    put(made, *children)
    return made


def put(into: Element, *children: Node) -> None:
    """Adds texts and elements at the end of an element; None adds nothing."""
    for child in children:
        if isinstance(child, Element):
            into.append(child)
        elif child is not None:
            text = clean(child)
            if len(into):
                into[-1].tail = (into[-1].tail or "") + text
            else:
                into.text = (into.text or "") + text


def written(tree: Element) -> str:
    """The tree as an HTML document."""
    return f"<!DOCTYPE html>\n{tostring(tree, encoding='unicode', method='html')}\n"
