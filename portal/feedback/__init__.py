"""Feedback of readers: ratings of pages with reasons, and questions to the office; no person stays in either."""
