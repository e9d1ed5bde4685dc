"""Helpers of the two DAG files; no DAG is defined here."""
