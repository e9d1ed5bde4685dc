"""The page that shows a run: one HTML file that fetches nothing."""
