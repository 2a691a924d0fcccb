"""What the checks of the content find, said in the words of people who write: what is wrong, and what to do."""

from __future__ import annotations

import re

from portal.content.parsing import Problem
from portal.messages import N_
from portal.web.languages import gettext as _


def plain_message(problem: Problem) -> str:
    """The problem in plain words of the page's language; one that is not known is shown as the check says it."""
    for pattern, words in _PATTERNS:
        match = pattern.search(problem.message)
        if match:
            return _(words, **{name: found or "" for name, found in match.groupdict().items()})
    return problem.message


_PATTERNS = tuple(
    (re.compile(pattern, re.S), words)
    for pattern, words in (
        # Values that do not fit their field.
        (r"missing required field `(?P<what>\w+)`", N_("This has to be filled in.")),
        (r"[Ee]xpected `int.*got `str`", N_("Enter a whole number, for example 2.")),
        (r"[Ee]xpected `date.*|[Ii]nvalid RFC3339|[Ii]nvalid .*date", N_("Enter a date such as 2026-12-24.")),
        (r"is '(?P<what>.*)'; write a date such as", N_("Enter a date and time, for example 2026-12-24T12:00.")),
        (r"[Ii]nvalid enum value '(?P<what>[^']*)'", N_("Choose one of the answers.")),
        (r"[Ee]xpected `(?:array|object)", N_("This cannot be read as it is written. Compare with another page.")),
        (r"[Ee]xpected `str.*got `(?:null|array|object|int|bool)", N_("Write this as plain text.")),
        (r"object contains unknown field `(?P<what>\w+)`", N_("“%(what)s” is no field of this kind of page.")),
        (r"`ends` must come after `starts`", N_("The end has to come after the start.")),
        (r"lies more than a month after", N_("The end lies more than a month after the start. Check the dates.")),
        (r"give either `place`", N_("Choose a place from the list, or write the name of another one; not both.")),
        (r"needs its `reason`", N_("Say why it moved or was cancelled.")),
        (r"is not valid YAML: (?P<what>.*)", N_("This cannot be read: %(what)s")),
        (r"holds (?P<what>\d+) bytes", N_("This text is too long (%(what)s bytes). Split it into two pages.")),
        (r"is missing; every page has Indonesian words", N_("The Indonesian text is missing. Start with its title.")),
        # Names of things that are not there.
        (r"(?:names|embeds) '(?P<what>[^']*)', which is not in", N_("“%(what)s” is not in the list. Choose another.")),
        (r"names '(?P<what>[^']*)', which does not exist", N_("There is no page “%(what)s”. Choose another.")),
        (
            r"links to '(?P<what>[^']*)', but '(?P<page>[^']*)' has no part",
            N_("The link “%(what)s” leads to a part that the page does not have."),
        ),
        (r"links to '(?P<what>[^']*)', which does not exist", N_("The link “%(what)s” leads to no page of this site.")),
        (
            r"links to '(?P<what>[^']*)', which is still a draft",
            N_("The link “%(what)s” leads to a page that is not public yet."),
        ),
        (r"(?:offers|shows) '(?P<what>[^']*)', which does not exist", N_("There is no file “%(what)s”.")),
        # The text itself.
        (
            r"types the amount '(?P<what>[^']*)'",
            N_("The amount “%(what)s” is typed by hand. Insert it with the button “Fee”, so that it stays right."),
        ),
        (
            r"types the number '(?P<what>[^']*)'",
            N_("The number “%(what)s” is typed by hand. Insert it from the list of contacts, so that it stays right."),
        ),
        (
            r"types '(?P<what>[^']*)'; embed it with \{\{ law",
            N_("The rule “%(what)s” is typed by hand. Insert it with the button “Law”, so that it links to its entry."),
        ),
        (
            r"has a sentence of (?P<what>\d+) words; at most (?P<most>\d+): '(?P<start>.*)…'",
            N_("A sentence has %(what)s words; try at most %(most)s. It begins: “%(start)s…”"),
        ),
        (r"names (?P<what>[^,]+), which is past", N_("%(what)s is past. Say what holds now.")),
        (
            r"'(?P<what>[^']*)' is a (?P<day>[^;]*); mend the weekday",
            N_("“%(what)s” falls on a %(day)s. Correct the weekday or the date."),
        ),
        (
            r"heading '(?P<what>.*)' is h\d after",
            N_("The heading “%(what)s” skips a level. Begin with ## and go down by one."),
        ),
        (
            r"heading '(?P<what>.*)' has the id '(?P<id>.*)', which",
            N_("The heading “%(what)s” has an id that is used twice or has other signs than a-z, 0-9 and -."),
        ),
        (
            r"block ':::(?P<what>[^']*)' is not known; allowed: (?P<allowed>.*)",
            N_("There is no block “%(what)s”. Use the buttons above the text: %(allowed)s."),
        ),
        (
            r"'\{\{ (?P<what>.*) \}\}' is not known",
            N_("“%(what)s” cannot be inserted. Use the buttons above the text."),
        ),
        (r"is no whole number of rupiah", N_("An amount in the text is no whole number of rupiah.")),
        (
            r"has other parts than the Indonesian text",
            N_("The headings of both languages have to carry the same ids, such as {#cost}."),
        ),
        (r"translates an older Indonesian text", N_("The Indonesian text changed after this translation was checked.")),
        (r"was due on (?P<what>.*); read", N_("This page was to be read again by %(what)s.")),
        (r"has no topic and no page links to it", N_("Choose a topic, or nobody will find this page in the lists.")),
        (r"is not after publish_from", N_("The end of publication has to come after its start.")),
        (
            r"is 'sourced', but no cited fact has a source",
            N_("None of the chosen facts has a source to show. Choose another state."),
        ),
        (
            r"link '(?P<what>.*)' names an address; write",
            N_("The link “%(what)s” is an address. Write the page’s name, such as faq/name."),
        ),
        (
            r"picture '(?P<what>.*)' has no words",
            N_("Say what the picture “%(what)s” shows, for people who cannot see it."),
        ),
        (r"picture '(?P<what>.*)' is not in media", N_("The picture “%(what)s” is not among the uploaded files.")),
        (r"may be named with a-z", N_("The name in the address may hold a-z, 0-9 and single hyphens only.")),
    )
)
