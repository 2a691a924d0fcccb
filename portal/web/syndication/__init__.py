"""What machines read of the site: Atom feeds and the sitemap."""
