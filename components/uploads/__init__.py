"""Runs that uploads start: events of pipelines' buckets, and the hub's bus, queue and function."""
