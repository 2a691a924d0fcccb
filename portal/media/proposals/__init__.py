"""Uploads and changes of words that wait for a second reader before readers get them."""
