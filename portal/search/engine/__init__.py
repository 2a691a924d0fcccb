"""LAW: words, postings and ranks; knows neither the web, nor the catalogue, nor the clock."""
