"""Pages of the office itself: front page, alerts, fees, laws, contacts, glossary."""
