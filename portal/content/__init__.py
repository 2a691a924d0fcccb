"""Files become typed documents here; this package knows neither Flask nor any room."""
