"""The `meta` elements of a page: the names under which sites give each fact, and what is another story's."""

import re

from store.formats.facts import FIELDS
from store.formats.page.parse import Page, line

_OWN = """
published articlepublished parselypubdate sailthrudate dcdateissued dctermsissued dctermsdate dctermscreated btpubdate
published ptime pdate originalpublicationdate firstpublished cxensepublishtime ogpublishedtime ogarticlepublishedtime
updated ogupdatedtime articleupdated dctermsmodified dcdatemodified utime ogarticlemodifiedtime
author articleauthorname parselyauthor sailthruauthor byl dctermscreator bylineauthor
outlet ogsitename publisher dcpublisher dctermspublisher copyrightholder applicationname
title ogtitle twittertitle dctitle headline parselytitle sailthrutitle
"""
_META = {fact: set(FIELDS[fact]) if fact in ("published", "updated", "author") else set() for fact in FIELDS}
for _row in _OWN.split("\n"):
    for _name in _row.split()[1:]:
        _META[_row.split()[0]].add(_name)


def metas(page: Page, fact: str) -> list[str]:
    """The contents of the `meta` elements that name a fact, as lines."""
    found = [(re.sub(r"[\W_]", "", name.lower()), content) for name, content in page.metadata if content]
    return [line(content) for name, content in found if name in _META[fact]]


def foreign(page: Page, region: int) -> bool:
    """Whether a region lies in a comment, a list of other stories or another part of the site."""
    return any(
        region.tag in ("aside", "nav") or re.search(r"comment|related|sidebar|widget-area|recirc", region.names, re.I)
        for region in page.above(region)
        if region.tag not in ("body", "html", "main")
    )
