"""Tests of the library of pictures and documents."""
