"""The words of the forms: what each field is called, what it is for, and what its answers mean."""

from __future__ import annotations

from portal.messages import N_
from portal.web.languages import gettext as _

# Key, or kind.key where a kind means something of its own -> label and hint.
_FIELDS: dict[str, tuple[str, str]] = {
    "title": (N_("Title"), N_("Short and in the reader’s words: what would they type into the search?")),
    "summary": (N_("Summary"), N_("One sentence that gives the answer. It stands in lists and search results.")),
    "faq.summary": (
        N_("The answer in one sentence"),
        N_("Begin with the answer itself. Details come in the text below."),
    ),
    "keywords": (
        N_("Other words people search for"),
        N_("One a line, also misspelt or in local speech. Nobody sees them."),
    ),
    "changes": (
        N_("What changed, for readers"),
        N_("One line for each change that matters. Leave it out for typing errors."),
    ),
    "on": (N_("Day"), ""),
    "note": (N_("What changed"), ""),
    "body": (
        N_("Text"),
        N_("Amounts, rules and phone numbers come from lists: use the buttons. Headings begin with ##."),
    ),
    "box": (N_("Summary box"), N_("Short answers at the top of the page. Leave out what does not apply.")),
    "who": (N_("Who"), ""),
    "cost": (N_("Cost"), N_("Insert the fee with {{ fee:… }}, so that it stays right.")),
    "time": (N_("How long it takes"), ""),
    "how": (N_("How"), ""),
    "where": (N_("Where"), ""),
    "bring": (N_("What to bring"), ""),
    "booking": (N_("Booking"), ""),
    "types": (N_("What can be had"), ""),
    "handing_out": (N_("Handing out"), ""),
    "documents": (N_("Documents"), N_("One a line.")),
    "schedules.documents": (N_("Documents"), ""),
    "unconfirmed": (N_("What the office has still to confirm"), N_("One a line. Readers see it.")),
    "share_bring": (N_("What to bring, for messages"), N_("One thing a line, in plain words without signs.")),
    "report": (N_("Report"), N_("Afterwards: how it went, in plain sentences.")),
    "may": (N_("What one may do with it"), N_("One a line.")),
    "may_not": (N_("What one may not do"), N_("One a line.")),
    "publish_from": (N_("Public from"), N_("Leave blank to publish at once.")),
    "publish_until": (N_("Public until"), N_("Leave blank for pages that stay.")),
    "topics": (N_("Topics"), N_("The first one decides in which list the page stands.")),
    "audience": (N_("For whom"), ""),
    "legal_basis": (N_("Rules on which it rests"), N_("Type a part of its number and choose from the list.")),
    "review_by": (N_("Read again by"), N_("On this day the desk asks for the page to be read again.")),
    "checked_on": (
        N_("Checked by the office on"),
        N_("Only when somebody at the office confirmed what the page says."),
    ),
    "owner": (N_("Who looks after it"), N_("A role or a team, not the name of a person.")),
    "certainty": (N_("How sure this is"), ""),
    "facts": (N_("Facts of the register"), N_("The entries from which the page takes its figures and dates.")),
    "sources": (N_("Further sources"), N_("Only sources that the register does not have.")),
    "url": (N_("Address"), ""),
    "date": (N_("Date as the source gives it"), ""),
    "kind": (N_("Kind"), ""),
    "related": (N_("Related pages"), N_("Type a word of the title and choose from the list.")),
    "sample": (N_("A sample only"), N_("Marks the page as an example that is not real.")),
    "fees": (N_("Fees that the page names"), N_("Choose from the list; amounts and dates follow by themselves.")),
    "form": (N_("Kind of news"), ""),
    "permits.form": (N_("Kind of permit"), ""),
    "published_on": (N_("Day of publication"), ""),
    "place": (N_("Place"), ""),
    "number": (N_("Number"), N_("The number of the press release, if it has one.")),
    "corrects": (N_("Corrects this news item"), ""),
    "severity": (N_("How grave"), ""),
    "starts": (N_("Starts"), N_("Time of the office.")),
    "ends": (N_("Ends"), N_("Time of the office.")),
    "alerts.on": (N_("On which pages"), N_("The word site for all pages, or page names such as faq/name, one a line.")),
    "hours_known": (N_("The hours are known"), ""),
    "state": (N_("State"), ""),
    "was": (N_("Before it moved"), N_("The page of the event’s registrations fills this in by itself.")),
    "cancelled": (N_("It does not take place"), ""),
    "reason": (N_("Reason"), ""),
    "venue": (N_("A place that is not in the list"), ""),
    "name": (N_("Name"), ""),
    "address": (N_("Address"), ""),
    "coordinates": (N_("Coordinates"), N_("Degrees north and east in square brackets, with a comma.")),
    "district": (N_("Regency or city"), ""),
    "partner": (N_("Host"), ""),
    "spoken": (N_("Languages spoken there"), ""),
    "access": (N_("Access without steps"), ""),
    "contacts": (N_("Contacts"), ""),
    "materials": (N_("Files handed out"), ""),
    "file": (N_("File below media/"), ""),
    "label": (N_("Name of the file"), ""),
    "registration": (N_("Registration"), N_("On which terms one may register.")),
    "capacity": (N_("Seats"), N_("Counted in heads. Leave blank when seats are not limited.")),
    "walk_in": (N_("Seats for people without registration"), ""),
    "opens": (N_("Registration opens"), ""),
    "closes": (N_("Registration closes"), ""),
    "party_limit": (N_("Largest party"), ""),
    "asks": (N_("What the form asks"), ""),
    "hold_hours": (N_("Hours for which an offered seat is held"), ""),
    "retention_days": (N_("Days until personal data are deleted"), ""),
    "afterwards": (N_("When it is over"), ""),
    "attendance": (N_("How many came"), ""),
    "photos": (N_("Photos"), ""),
    "alt": (N_("What the photo shows"), ""),
    "consent": (N_("Everyone in it agreed"), ""),
    "credit": (N_("Taken by"), ""),
    "questions": (N_("Questions that came up"), ""),
    "group": (N_("Group of services"), ""),
    "follows": (N_("Has the hours of"), ""),
    "order": (N_("Place in the list"), N_("Small numbers come first.")),
    "on_home": (N_("On the home page"), ""),
    "hours": (N_("Hours"), N_("As the schedule writes them. The page of schedules changes single days more easily.")),
    "sessions": (
        N_("Sessions"),
        N_("As the schedule writes them. The page of schedules changes single days more easily."),
    ),
    "border": (N_("The other side of the border"), ""),
    "zone": (N_("Time zone"), N_("As the international list names it.")),
    "since": (N_("Since"), ""),
    "since_words": (N_("Since when, in words"), ""),
    "checked": (N_("How it was checked"), ""),
    "code": (N_("Code"), N_("As on the visa, such as C1.")),
    "entries": (N_("Entries"), ""),
    "stay": (N_("Stay"), ""),
    "first_days": (N_("Days of the first stay"), N_("Several numbers with commas.")),
    "maximum_days": (N_("Days in all"), ""),
    "years": (N_("Years of the permit"), N_("Several numbers with commas.")),
    "no_limit": (N_("No limit"), ""),
    "extension": (N_("Extension"), ""),
    "possible": (N_("Can it be extended?"), ""),
    "days": (N_("Days each time"), ""),
    "times": (N_("How often"), ""),
    "maximum_years": (N_("Years in all"), N_("Several numbers with commas.")),
    "procedure": (N_("Procedure"), ""),
    "convertible": (N_("Can it become another permit?"), ""),
    "guarantor": (N_("Is a guarantor needed?"), ""),
    "purposes": (N_("Purposes in the finder"), N_("One a line, as the finder writes them.")),
    "open_to": (N_("Lists of nationalities"), N_("One a line.")),
    "variant_of": (N_("Variant of"), ""),
    "articles": (N_("Articles of the rules"), N_("The id of a rule, a colon, the article; one a line.")),
    "official_page": (N_("Official page"), ""),
    "old_codes": (N_("Old codes"), N_("One a line.")),
    "next": (N_("What comes next"), ""),
    "window": (N_("When to apply"), ""),
    "earliest_days": (N_("At the earliest, days before"), ""),
    "earliest_months": (N_("At the earliest, months before"), ""),
    "latest_days": (N_("At the latest, days before"), ""),
    "latest_is_advice": (N_("The latest day is advice"), ""),
    "overstay": (N_("Staying too long"), ""),
    "fee": (N_("Fee"), ""),
    "limit_days": (N_("Days that money settles"), ""),
}
_CHOICES: dict[str, str] = {
    "sourced": N_("Has a source"),
    "check": N_("To be confirmed by the office"),
    "ask-office": N_("Ask the office"),
    "press-release": N_("Press release"),
    "announcement": N_("Announcement"),
    "story": N_("Story"),
    "correction": N_("Correction"),
    "emergency": N_("Emergency"),
    "major": N_("Important"),
    "notice": N_("Notice"),
    "planned": N_("Planned"),
    "confirmed": N_("Confirmed"),
    "full": N_("Full"),
    "yes": N_("Yes"),
    "no": N_("No"),
    "unknown": N_("Not known"),
    "single": N_("One entry"),
    "multiple": N_("Several entries"),
    "none": N_("None"),
    "visa-free": N_("Without a visa"),
    "on-arrival": N_("Visa on arrival"),
    "visit-single": N_("Visit, one entry"),
    "visit-multiple": N_("Visit, several entries"),
    "limited-stay": N_("Limited stay"),
    "procedure": N_("Procedure"),
    "village": N_("Village"),
    "ward": N_("Ward"),
    "school": N_("School"),
    "campus": N_("Campus"),
    "parish": N_("Parish"),
    "church": N_("Church"),
    "mosque": N_("Mosque"),
    "municipal-police": N_("Municipal police"),
    "supervision-team": N_("Supervision team"),
    "city-office": N_("City office"),
    "company": N_("Company"),
    "other": N_("Other"),
    "district": N_("Regency or city"),
    "contact": N_("Contact"),
}
_KINDS: dict[str, tuple[str, str]] = {
    "faq": (N_("Questions and answers"), N_("Question")),
    "guidance": (N_("Guides"), N_("Guide")),
    "news": (N_("News"), N_("News item")),
    "pages": (N_("Pages of the office"), N_("Page of the office")),
    "alerts": (N_("Alerts"), N_("Alert")),
    "events": (N_("Events"), N_("Event")),
    "schedules": (N_("Services"), N_("Service")),
    "permits": (N_("Permits"), N_("Permit")),
}


def label(kind: str, key: str) -> str:
    """What the field is called."""
    return _(_entry(kind, key)[0])


def hint(kind: str, key: str) -> str:
    """What the field is for, or nothing where its name says it."""
    words = _entry(kind, key)[1]
    return _(words) if words else ""


def choice(value: str) -> str:
    """What an answer is called."""
    return _(_CHOICES[value]) if value in _CHOICES else value


def kinds(kind: str) -> str:
    """What pages of that kind are called in the plural."""
    return _(_KINDS[kind][0]) if kind in _KINDS else kind


def one_of(kind: str) -> str:
    """What one page of that kind is called."""
    return _(_KINDS[kind][1]) if kind in _KINDS else kind


def _entry(kind: str, key: str) -> tuple[str, str]:
    return _FIELDS.get(f"{kind}.{key}") or _FIELDS.get(key) or (key.replace("_", " "), "")


def known_kinds() -> tuple[str, ...]:
    """The kinds that have a name, in the order of the desk."""
    return tuple(_KINDS)
