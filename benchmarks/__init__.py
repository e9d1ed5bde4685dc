"""Measurements, which `make bench` prints; nothing is asserted."""
