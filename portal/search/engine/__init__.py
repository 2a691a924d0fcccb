"""The search engine: analysis, index and query; pure, it imports neither Flask nor the catalogue, and asks no clock."""
